"""Defaults stand where a spec says nothing, and are found where they were written."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.project.project import SOURCES, Project

PROJECT = """\
specs: [specs]
vars: {zone: Asia/Dubai}
environments: {prod: {vars: {zone: UTC}}}
defaults:
  dashboard: {refresh: 30s, timezone: "${{ zone }}", tags: [shared]}
  panel: {decimals: 1, unit: s}
  panels: {stat: {decimals: 3}, timeseries: {fill: 30}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.write("dashgen.yaml", PROJECT)
    project.write("specs/s.yaml", SOURCES)
    return project


def built(project: Project, body: str, **options: Any) -> dict[str, Any]:
    project.write("specs/a.yaml", "kind: Dashboard\nuid: d\ntitle: T\n" + body)
    report = project.build(**options)
    assert report.diagnostics == []
    data: dict[str, Any] = json.loads(project.files()["dashboards/d.json"])
    return data


def test_a_dashboard_and_its_panels_get_what_they_do_not_say(project: Project) -> None:
    found = built(
        project,
        "panels: [{title: A, query: up}, {title: B, type: stat, query: up}, {title: C, query: up, decimals: 0}]\n",
    )
    assert (found["refresh"], found["timezone"], found["tags"]) == (
        "30s",
        "Asia/Dubai",
        ["shared", "dashgen"],
    )
    decimals = [one["fieldConfig"]["defaults"]["decimals"] for one in found["panels"]]
    assert decimals == [1, 3, 0]


def test_what_a_dashboard_says_replaces_its_default(project: Project) -> None:
    found = built(
        project, "refresh: 1m\ntags: [own]\nrows: [{panels: [{title: A, query: up, unit: bytes}]}]\n"
    )
    assert (found["refresh"], found["tags"]) == ("1m", ["own", "dashgen"])
    assert found["panels"][0]["fieldConfig"]["defaults"]["unit"] == "bytes"


def test_a_dashboard_has_defaults_of_its_own_before_those_of_the_project(project: Project) -> None:
    found = built(
        project,
        "defaults: {panel: {unit: bytes}, panels: {stat: {decimals: 2}}}\n"
        "rows: [{panels: [{title: A, type: stat, query: up}, {title: B, query: up}, {title: C, query: up, unit: m}]}]\n",
    )
    options = [one["fieldConfig"]["defaults"] for one in found["panels"]]
    assert [(one["unit"], one["decimals"]) for one in options] == [("bytes", 2), ("bytes", 1), ("m", 1)]


def test_raw_values_of_a_panel_and_of_its_defaults_stand_beside_each_other(project: Project) -> None:
    found = built(
        project,
        "defaults: {panel: {raw: {options: {a: 1, b: {c: 2}}}}}\n"
        "panels: [{title: A, type: acme-flow-panel, query: up, raw: {options: {a: 3, b: {d: 4}}}}]\n",
    )["panels"][0]["options"]
    assert (found["a"], found["b"]) == (3, {"c": 2, "d": 4})


@pytest.mark.parametrize(
    ("defaults", "finding"),
    [
        ("panel: {decimals: many}", "specs/a.yaml:4:30 spec/type"),
        ("panels: {timeseries: {fil: 3}}", "specs/a.yaml:4:34 spec/unknown-key"),
        ("panels: [x]", "specs/a.yaml:4:20 spec/type"),
        ("panels: {stat: x}", "specs/a.yaml:4:27 spec/type"),
        ("dashboard: {refresh: 1m}", "specs/a.yaml:4:12 spec/unknown-key"),
    ],
)
def test_a_wrong_default_is_told_in_the_dashboard(project: Project, defaults: str, finding: str) -> None:
    body = f"defaults: {{{defaults}}}\npanels: [{{title: A, query: up}}]\n"
    project.write("specs/a.yaml", "kind: Dashboard\nuid: d\ntitle: T\n" + body)
    assert finding in [f"{one.location} {one.rule}" for one in project.build().diagnostics]


def test_defaults_follow_the_environment(project: Project) -> None:
    assert built(project, "panels: []\n", environment="prod")["timezone"] == "UTC"


@pytest.mark.parametrize(
    ("defaults", "finding"),
    [
        ("dashboard: {refresh: often}", "dashgen.yaml:2:33 spec/value"),
        ("dashboard: {refesh: 1m}", "dashgen.yaml:2:24 spec/unknown-key"),
        ("panel: {decimals: many}", "dashgen.yaml:2:30 spec/type"),
        ("panels: {timeseries: {fil: 3}}", "dashgen.yaml:2:34 spec/unknown-key"),
        ("panels: [x]", "dashgen.yaml:2:20 spec/type"),
        ("dashboard: {title: '${{ nope }}'}", "dashgen.yaml:2:31 expression/error"),
    ],
)
def test_a_wrong_default_is_told_in_the_project_file(project: Project, defaults: str, finding: str) -> None:
    project.write("dashgen.yaml", f"specs: [specs]\ndefaults: {{{defaults}}}\n")
    project.write("specs/a.yaml", "kind: Dashboard\nuid: d\ntitle: T\npanels: [{title: A, query: up}]\n")
    assert finding in [f"{one.location} {one.rule}" for one in project.build().diagnostics]


def test_data_source_aliases_follow_the_environment(project: Project) -> None:
    project.write(
        "dashgen.yaml",
        "specs: [specs]\ndatasources: {metrics: prometheus}\nenvironments:\n  prod: {datasources: {metrics: prom-prod, prometheus: prom-prod}}\n  dev: {datasources: {metrics: $ds}}\n",
    )
    body = "variables: [{name: ds, type: datasource, plugin: prometheus}]\n"
    body += "panels: [{title: A, query: up, datasource: metrics}]\n"
    uids = {}
    for environment in (None, "prod", "dev"):
        uids[environment] = built(project, body, environment=environment)["panels"][0]["targets"][0][
            "datasource"
        ]["uid"]
    assert uids == {None: "prom", "prod": "prom-prod", "dev": "${ds}"}


def test_an_alias_whose_type_nobody_knows_is_told(project: Project) -> None:
    project.write("dashgen.yaml", "specs: [specs]\ndatasources: {thing: abc}\n")
    assert [f"{one.location} {one.rule}" for one in project.build().diagnostics] == [
        "dashgen.yaml:2:22 datasource/type"
    ]
