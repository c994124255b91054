from xml.etree import ElementTree as ET

from dashgen.core.diagnostics import Diagnostic, Location, Severity, Span
from dashgen.core.reporters import REPORTERS
from dashgen.core.reporters.junit_report import Case, junit


def _parsed(diagnostics: list[Diagnostic]) -> ET.Element:
    return ET.fromstring(REPORTERS["junit"](diagnostics, lambda _: None, False))  # noqa: S314  # our own text


def test_an_error_is_a_failed_test_and_a_note_a_passed_one() -> None:
    place = Location("specs/a.yaml", Span(3, 1, 3, 2))
    suite = _parsed(
        [
            Diagnostic("a/b", 'the "tag" <x> & y', place, "remove it"),
            Diagnostic("a/c", "look", severity=Severity.INFO),
        ]
    )[0]
    assert suite.attrib == {"name": "dashgen", "tests": "2", "failures": "1"}
    assert suite[0].attrib == {"classname": "a/b", "name": 'specs/a.yaml:3:1: the "tag" <x> & y'}
    assert (suite[0][0].tag, suite[0][0].text) == ("failure", "remove it")
    assert suite[1][0].text == "info: look"


def test_nothing_found_is_a_test_that_passed() -> None:
    suite = _parsed([])[0]
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("1", "0")


def test_any_text_makes_a_document() -> None:
    case = Case("\x00\ud800", "\x1b[2J", "\ufffe", "]]>\x08\nb", seconds=0.25)
    found = ET.fromstring(junit("s", [case]))[0][0]  # noqa: S314  # our own text
    assert found.attrib["time"] == "0.250"
