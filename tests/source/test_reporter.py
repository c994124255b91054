"""Stages report what is wrong with a document at paths below the part that they look at."""

from dashgen.core.diagnostics import Severity
from dashgen.query.language import Fault
from dashgen.source.provenance import Reporter
from tests.source.helpers import resolved_all

TEXT = """\
kind: Dashboard
panels:
  - title: A
    query: up + sum((
"""


def test_reporters_for_all_parts_share_their_findings() -> None:
    [document], _ = resolved_all(TEXT)
    report = Reporter(document)
    panel = report.at(("panels", 0))
    panel.error("a/b", "wrong", ("title",), "correct it")
    panel.warn("a/b", "odd", ("title",), key=True)
    panel.at(()).note("a/b", "new", ("kind",))
    assert [(str(one.location), one.severity) for one in report.diagnostics] == [
        ("spec.yaml:3:12", Severity.ERROR),
        ("spec.yaml:3:5", Severity.WARNING),
        ("spec.yaml:1:7", Severity.INFO),
    ]
    assert Reporter(document).diagnostics == []


def test_a_fault_is_reported_at_its_character_or_at_the_whole_text() -> None:
    [document], _ = resolved_all(TEXT)
    report = Reporter(document, ("panels", 0))
    for offset in (5, -1):
        report.fault("query/syntax", Fault("not closed", "close it", offset), ("query",), "up + sum((")
    assert [str(one.location) for one in report.diagnostics] == ["spec.yaml:4:17", "spec.yaml:4:12"]
