from xml.etree import ElementTree as ET

from dashgen.core.diagnostics import Diagnostic, Location, Severity, Span
from dashgen.core.reporters import reporter
from dashgen.core.reporters.junit_report import Case, junit
from dashgen.core.reporters.report_context import ReportContext


def _parsed(diagnostics: list[Diagnostic]) -> ET.Element:
    return ET.fromstring(reporter("junit")(diagnostics, ReportContext()))  # noqa: S314  # our own text


def test_an_error_is_a_failed_test_and_a_note_a_passed_one() -> None:
    place = Location("specs/a.yaml", Span(3, 1, 3, 2))
    suite = _parsed(
        [
            Diagnostic("a/b", 'the "tag" <x> & y', place, "remove it"),
            Diagnostic("a/c", "look", severity=Severity.INFO),
        ]
    )[0]
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("2", "1")
    assert [(case.attrib["classname"], case.attrib["name"]) for case in suite.iter("testcase")] == [
        ("a/b", 'specs/a.yaml:3:1: the "tag" <x> & y'),
        ("a/c", "look"),
    ]
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert (failure.attrib, failure.text) == (
        {"type": "a/b", "message": 'the "tag" <x> & y'},
        "remove it",
    )
    assert suite.findtext("system-out") == "look: info\n"


def test_nothing_found_is_a_test_that_passed() -> None:
    suite = _parsed([])[0]
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("1", "0")


def test_any_text_makes_a_document() -> None:
    case = Case("\x00\ud800", "\x1b[2J", "\ufffe", "]]>\x08\nb", seconds=0.25)
    found = ET.fromstring(junit("s", [case])).find("testsuite/testcase")  # noqa: S314  # our own text
    assert found is not None
    assert found.attrib["time"] == "0.250"
