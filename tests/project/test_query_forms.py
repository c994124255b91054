"""A query's text goes to the field that its plugin reads, or is refused with the fields that it has."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.project.project import Project

SPEC = """\
kind: DataSources
datasources: {{x: {{type: {kind}, url: "http://x", default: true}}}}
---
kind: Dashboard
uid: d
title: D
panels: [{{title: A, type: {panel}, query: SELECT 1}}]
"""
SQL = {"rawSql": "SELECT 1", "rawQuery": True, "editorMode": "code"}


def built(tmp_path: Path, kind: str, panel: str) -> tuple[Project, list[Any]]:
    project = Project(tmp_path)
    project.write("specs/x.yaml", SPEC.format(kind=kind, panel=panel))
    return project, project.build().diagnostics


@pytest.mark.parametrize(
    ("kind", "panel", "fields"),
    [
        ("mysql", "timeseries", {**SQL, "format": "time_series"}),
        ("mssql", "table", {**SQL, "format": "table"}),
        ("grafana-postgresql-datasource", "bargauge", {**SQL, "format": "table"}),
        ("postgres", "timeseries", {**SQL, "format": "time_series"}),
        ("influxdb", "timeseries", {"query": "SELECT 1", "rawQuery": True, "resultFormat": "time_series"}),
        ("graphite", "timeseries", {"target": "SELECT 1"}),
        ("some-plugin-datasource", "timeseries", {"query": "SELECT 1"}),
    ],
)
def test_a_text_goes_where_its_plugin_reads_it(
    tmp_path: Path, kind: str, panel: str, fields: dict[str, Any]
) -> None:
    project, problems = built(tmp_path, kind, panel)
    assert [one for one in problems if one.severity == "error"] == []
    target = json.loads((project.output / "dashboards/d.json").read_text())["panels"][0]["targets"][0]
    assert {key: value for key, value in target.items() if key not in ("refId", "datasource")} == fields


@pytest.mark.parametrize("kind", ["cloudwatch", "elasticsearch", "stackdriver", "opentsdb"])
def test_a_text_that_nobody_reads_is_refused(tmp_path: Path, kind: str) -> None:
    _, problems = built(tmp_path, kind, "timeseries")
    errors = [one for one in problems if one.severity == "error"]
    assert [one.rule for one in errors] == ["query/fields"]
    assert "query: {" in errors[0].hint


MATH = """\
kind: DataSources
datasources: {prometheus: {url: "http://x", default: true}}
---
kind: Dashboard
uid: d
title: D
variables: [{type: custom, name: op, values: [+, '-']}]
panels: [{title: A, queries: [{query: up, ref: a}, {math: "$a +"}, {math: "$a $op 2"}, {math: "abs($a) * 2"}]}]
---
kind: AlertRules
group: g
folder: F
rules: [{alert: A, when: above 1, queries: {a: up, b: {math: "($a"}}}]
"""


def test_arithmetic_that_grafana_cannot_read_is_found_at_its_character(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("specs/x.yaml", MATH)
    found = [one for one in project.build().diagnostics if one.severity == "error"]
    places = [(one.rule, one.location.span.line) for one in found if one.location and one.location.span]
    assert places == [("query/syntax", 8), ("query/syntax", 13)]
