"""What an editor shows of a project: completions, help, definitions, renames."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from dashgen.core.diagnostics import TextEdit
from dashgen.editor.completions import component_suggestions, suggestions
from dashgen.editor.component_names import component_at, definition_at, rename_edits
from dashgen.editor.hovers import hover
from dashgen.editor.open_project import OpenProject
from dashgen.editor.query_cursor import QueryCursor
from tests.lint.example_project import example_project

SPEC = """\
kind: Components
components:
  requests:
    params: {code: integer}
    panel:
      title: Requests ${{ code }}
      query: sum(rate(http_requests_total{code="${{ code }}"}[5m]))
---
kind: Dashboard
title: Example
panels:
  - use: requests
    with: {code: 200}
  - title: Latency
    query: histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))
"""
NAME = "specs/example.yaml"
LINES = SPEC.split("\n")


@pytest.fixture
def project(tmp_path: Path) -> OpenProject:
    return OpenProject(example_project(tmp_path, SPEC))


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("sum(rate(http_req", ["http_requests_total", "http_request_duration_seconds_bucket"]),
        ("sum(duration_sec", ["http_request_duration_seconds_bucket"]),
        ("histogram_q", ["histogram_quantile"]),
        ("http_requests_total{", ["code", "handler", "method"]),
        ("http_requests_total{co", ["code"]),
        ('http_requests_total{code="', ["200", "404", "500"]),
        ('http_requests_total{code=~"200|4', ["404"]),
        ('http_requests_total{method="GET", co', ["code"]),
        ("sum by (qu", ["queue"]),
        ("sum by (code, meth", ["method"]),
    ],
)
def test_words_of_the_contract_complete_a_query(
    before: str, expected: Sequence[str], project: OpenProject
) -> None:
    labels = [one.label for one in suggestions(project, QueryCursor(before))]
    assert set(expected) <= set(labels)
    assert "queue_length" not in labels or before.endswith("(")


def test_a_metric_is_explained_by_the_contract(project: OpenProject) -> None:
    text = hover(project, NAME, LINES, 6, 28)
    assert "Requests that were answered." in text
    assert "`code` (200, 404, 500)" in text


def test_a_component_is_explained_where_it_is_used(project: OpenProject) -> None:
    assert "parameters: `code`" in hover(project, NAME, LINES, 11, 12)


def used(name: str) -> list[str]:
    return ["kind: Dashboard", "title: Example", "rows:", f"  - use: {name}"]


def test_a_shipped_component_is_explained_and_leads_to_its_file(project: OpenProject) -> None:
    text = hover(project, NAME, used("std/slo"), 3, 12)
    assert text.startswith("**std/slo**: a row with rules\n\nA service level objective")
    assert "`objective`" in text
    definition = definition_at(project, used("std/slo"), 3, 12)
    assert definition is not None
    assert Path(definition.file).is_file()
    assert definition.file.endswith("std/slo.yaml")


@pytest.mark.parametrize(
    ("part", "names"), [("", ["requests", "std/red", "std/slo"]), ("std/sl", ["std/slo"]), ("x", [])]
)
def test_components_complete_a_use(part: str, names: list[str], project: OpenProject) -> None:
    found = [one.label for one in component_suggestions(project, used(part), 3, len(used(part)[3]))]
    assert [name for name in found if name in {"requests", "std/red", "std/slo"}] == names
    assert component_suggestions(project, used(part), 1, 5) == []


def test_a_shipped_component_keeps_its_name(project: OpenProject) -> None:
    with pytest.raises(ValueError, match="copy it"):
        rename_edits(project, "std/slo", "slo")


def test_a_panel_is_explained_by_what_it_becomes(project: OpenProject) -> None:
    text = hover(project, NAME, LINES, 13, 6)
    assert "becomes a `timeseries` panel" in text
    assert "unit `s`" in text


def test_nothing_is_explained_elsewhere(project: OpenProject) -> None:
    assert hover(project, NAME, LINES, 9, 2) == ""
    assert hover(project, NAME, LINES, 99, 2) == ""


def test_components_and_metrics_lead_to_their_definitions(project: OpenProject) -> None:
    component = definition_at(project, LINES, 11, 12)
    assert component is not None
    assert str(component).startswith(f"{NAME}:")
    metric = definition_at(project, LINES, 6, 28)
    assert metric is not None
    assert str(metric).startswith("specs/shared.yaml:")
    assert definition_at(project, LINES, 9, 2) is None


@pytest.mark.parametrize(("line", "column"), [(2, 4), (11, 12)])
def test_a_component_gets_another_name_where_it_is_defined_and_used(
    line: int, column: int, project: OpenProject
) -> None:
    named = component_at(project, NAME, line, column)
    assert named is not None
    assert named[0] == "requests"
    edits = rename_edits(project, "requests", "answers")
    assert [(one.span.line, one.span.column, one.text) for one in edits] == [
        (3, 3, "answers"),
        (12, 10, "answers"),
    ]
    assert all(isinstance(one, TextEdit) and one.span.end_column - one.span.column == 8 for one in edits)


@pytest.mark.parametrize("name", ["requests", "no name", "", "${{ x }}"])
def test_a_name_that_is_taken_or_none_is_refused(name: str, project: OpenProject) -> None:
    with pytest.raises(ValueError, match=r"already|is not a name"):
        rename_edits(project, "requests", name)


def test_the_text_of_the_editor_counts_before_it_is_saved(project: OpenProject) -> None:
    project.texts[NAME] = SPEC.replace("http_request_duration_seconds_bucket", "http_request_secnds_bucket(")
    assert [one.rule for one in project.findings(NAME) if one.severity == "error"] == ["query/syntax"]
    project.texts[NAME] = SPEC
    assert [one for one in project.findings(NAME) if one.severity == "error"] == []


@pytest.mark.parametrize(
    "text", ["", "kind: [", "{", "kind: Dashboard\ntitle: 5\npanels: {}", "\t", "a: &a [*a]"]
)
def test_no_text_that_is_being_typed_is_too_much(text: str, project: OpenProject) -> None:
    project.texts[NAME] = text
    lines = text.split("\n")
    project.findings(NAME)
    assert isinstance(hover(project, NAME, lines, 0, 0), str)
    definition_at(project, lines, 0, 0)
    component_at(project, NAME, 0, 0)
