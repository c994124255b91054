"""Specs in tests, from text to settled rule groups."""

from textwrap import dedent, indent
from typing import TypeVar

from dashgen.compile.settle.settle_alerts import settle_alerts
from dashgen.core.diagnostics import Diagnostic
from dashgen.model.alert_rules import AlertRules
from dashgen.model.base import Spec
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.document import SpecDocument
from dashgen.model.parse import parse_document
from dashgen.model.settled_alerts import AlertContext, SettledAlert, SettledGroup
from dashgen.source.load import load_text
from dashgen.source.provenance import Reporter, Resolved

S = TypeVar("S", bound=Spec)
FILE = "specs/test.yaml"
CONTEXT = AlertContext(
    datasources={name: DataSourceRef(name, f"{name}-uid") for name in ("prometheus", "loki", "tempo")},
    panel_ids={"mission-control": {"query-rate": 7}},
    contact_points=["ops"],
    mute_timings=["weekends"],
    grafana_url="https://grafana.example.com/",
)


def documents(model: type[S], text: str) -> list[SpecDocument[S]]:
    """The documents of a spec file's text, all of one kind and right."""
    problems: list[Diagnostic] = []
    loaded = load_text(FILE, dedent(text))
    found = []
    for document in loaded.documents:
        resolved = Resolved(document, document.data)
        parsed = parse_document(model, Reporter(resolved, diagnostics=problems))
        if parsed is not None:
            found.append(SpecDocument(parsed, resolved))
    assert not loaded.diagnostics, loaded.diagnostics
    assert not problems, problems
    return found


def settled(text: str, context: AlertContext = CONTEXT) -> tuple[list[SettledGroup], list[Diagnostic]]:
    """The groups of `AlertRules` documents, and what is wrong with them."""
    return settle_alerts(documents(AlertRules, text), context)


def group_with(rules: str, head: str = "") -> str:
    """An `AlertRules` document with these rules."""
    return (
        f"kind: AlertRules\ngroup: test\nfolder: Tests\n{dedent(head)}rules:\n{indent(dedent(rules), '  ')}"
    )


def one_alert(rule: str, context: AlertContext = CONTEXT) -> SettledAlert:
    """The one alert of these lines, which has nothing wrong."""
    groups, problems = settled(
        group_with("- alert: Test\n" + indent(dedent(rule).strip("\n"), "  ") + "\n"), context
    )
    assert not problems, problems
    return groups[0].alerts[0]


def said(problems: list[Diagnostic]) -> list[str]:
    """Findings as ``rule message | hint``."""
    return [f"{problem.rule} {problem.message} | {problem.hint}" for problem in problems]


def pointed_at(text: str, problem: Diagnostic) -> str:
    """The text that a finding points at; ``text`` is the spec as it was given."""
    assert problem.location is not None
    span = problem.location.span
    assert span is not None
    return dedent(text).split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]
