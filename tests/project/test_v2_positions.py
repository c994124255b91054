"""What is wrong with a dashboard in schema v2 is said at the line of the spec."""

from pathlib import Path

import pytest

from tests.project.project import SOURCES, Project

SPEC = """\
kind: Dashboard
uid: raw
title: Raw
variables: [{name: tier, type: custom, values: [a]}]
panels: [{title: Loose, query: up}]
rows:
  - title: R
    layout: auto
    variables: [{name: own, type: custom, values: [a]}]
    panels:
      - {title: P, query: up}
  - title: S
    rows:
      - title: T
        panels: [{title: Q, query: up}]
annotations: [{name: Launches, tags: [launch]}]
"""
WRONG = "{kind: variable, variable: nope, operator: equals, value: x}"


def found(tmp_path: Path, old: str, new: str) -> list[tuple[int, str]]:
    """The line and rule of each finding of a build, with something else in the spec."""
    project = Project(tmp_path)
    project.write("dashgen.yaml", "format: v2\ngrafana: '13.3'\n")
    project.write("specs/sources.yaml", SOURCES)
    assert old in SPEC
    project.write("specs/raw.yaml", SPEC.replace(old, new))
    report = project.build()
    places = [(one.location.span, one.rule) for one in report.diagnostics if one.location is not None]
    return [(span.line, rule) for span, rule in places if span is not None]


@pytest.mark.parametrize(
    ("old", "new", "line", "rule"),
    [
        ("title: P, query: up", "title: P, query: up, raw: {dynamic: {showWhen: {items: [%]}}}", 11, "resource/condition"),
        ("title: R\n", "title: R\n    raw: {dynamic: {showWhen: {items: [%]}}}\n", 7, "resource/condition"),
        ("title: T\n", "title: T\n        raw: {dynamic: {showWhen: {items: [%]}}}\n", 14, "resource/condition"),
        ("uid: raw\n", "uid: raw\nraw: {dynamic: {preferences: {layuot: 1}}}\n", 1, "dashboard/unknown-key"),
    ],
)  # fmt: skip
def test_what_only_schema_v2_refuses_is_reported_at_its_part_of_the_spec(
    tmp_path: Path, old: str, new: str, line: int, rule: str
) -> None:
    assert found(tmp_path, old, new.replace("%", WRONG)) == [(line, rule)]


def test_what_both_forms_refuse_is_said_once(tmp_path: Path) -> None:
    raw = "title: P, query: up, raw: {fieldConfig: {defaults: {custom: {lineWidht: 3}}}}"
    assert found(tmp_path, "title: P, query: up", raw) == [(11, "dashboard/unknown-key")]


def test_a_dashboard_without_mistakes_has_no_findings(tmp_path: Path) -> None:
    assert found(tmp_path, "Raw", "Raw") == []
