"""Findings as text, JSON and annotations of GitHub."""

import json

import pytest

from dashgen.core.diagnostics import Diagnostic, Location, Related, Severity, Span
from dashgen.core.reporters import reporter
from dashgen.core.reporters.report_context import ReportContext

FOUND = [
    Diagnostic("spec/key", "unknown key `a`", Location("s/a.yaml", Span(2, 3, 2, 5)), "remove it", related=(Related("used here", Location("s/b.yaml", Span(1, 1, 1, 2))),)),
    Diagnostic("query/metric", "no `x`", Location("s/a.yaml"), severity=Severity.WARNING),
    Diagnostic("alert/only", "100% of it: a,b\nc", severity=Severity.INFO),
]  # fmt: skip


def rendered(form: str, found: list[Diagnostic]) -> str:
    return reporter(form)(found, ReportContext(lambda _: "one\n  ab: c\n"))


def test_text_has_a_frame_for_each_and_counts_them() -> None:
    assert rendered("text", FOUND).split("\n\n") == [
        "error[spec/key]: unknown key `a`\n  --> s/a.yaml:2:3\n  |\n2 |   ab: c\n  |   ^^\n  = used here: s/b.yaml:1:1\n  = hint: remove it",
        "warning[query/metric]: no `x`\n  --> s/a.yaml",
        "info[alert/only]: 100% of it: a,b c",
        "1 error, 1 warning, 1 note\n",
    ]


def test_thousands_of_findings_are_cut_in_text_and_counted_whole() -> None:
    many = [Diagnostic("a/b", f"number {n}") for n in range(1000)]
    found = rendered("text", many)
    assert "… and 800 more, which `--format json` lists" in found
    assert found.endswith("1000 errors\n")
    assert len(json.loads(rendered("json", many))["diagnostics"]) == 1000


def test_json_is_versioned_and_complete() -> None:
    document = json.loads(rendered("json", FOUND))
    assert document["version"] == 1
    assert document["diagnostics"][0] == {
        "rule": "spec/key", "severity": "error", "message": "unknown key `a`", "hint": "remove it",
        "location": {"file": "s/a.yaml", "line": 2, "column": 3, "end_line": 2, "end_column": 5},
        "related": [{"message": "used here", "location": {"file": "s/b.yaml", "line": 1, "column": 1, "end_line": 1, "end_column": 2}}],
    }  # fmt: skip
    assert [one["location"] for one in document["diagnostics"][1:]] == [{"file": "s/a.yaml"}, None]


def test_github_gets_one_command_a_finding_with_everything_escaped() -> None:
    assert rendered("github", FOUND).split("\n") == [
        "::error title=spec/key,file=s/a.yaml,line=2,col=3,endLine=2,endColumn=5::unknown key `a`%0Aremove it",
        "::warning title=query/metric,file=s/a.yaml::no `x`",
        "::notice title=alert/only::100%25 of it: a,b%0Ac",
        "",
    ]


def test_github_properties_escape_what_would_end_them() -> None:
    found = rendered("github", [Diagnostic("a/b", "x", Location("a,b:c%.yaml"))])
    assert found == "::error title=a/b,file=a%2Cb%3Ac%25.yaml::x\n"


@pytest.mark.parametrize(
    ("form", "text"), [("text", ""), ("github", ""), ("json", '{\n  "version": 1,\n  "diagnostics": []\n}\n')]
)
def test_nothing_found_is_nothing_said(form: str, text: str) -> None:
    assert rendered(form, []) == text
