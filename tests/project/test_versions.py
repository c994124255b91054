"""The servers that a project targets decide what its queries may need."""

from pathlib import Path

import pytest

from tests.project.project import Project, new_project

LIMITK = "  - title: Some\n    query: limitk(5, rate(x_total[5m * 2]))\n"
RULES = """\
kind: AlertRules
group: g
folder: F
rules:
  - {alert: Down, query: "limitk(5, up)", when: below 1, summary: s, outputs: [prometheus]}
"""


def project_with(folder: Path, versions: str) -> Project:
    project = new_project(folder)
    project.write("dashgen.yaml", f"specs: [specs]\n{versions}")
    project.dashboard("one", more=LIMITK)
    project.write("specs/rules.yaml", RULES)
    return project


def warnings(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("warning[query/")]


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ("", {"query/feature": 2}),
        ("versions: {features: [promql-experimental-functions]}\n", {}),
        ('versions: {prometheus: "3.5"}\n', {"query/feature": 3}),
        (
            'versions: {prometheus: "3.5.1", features: [promql-experimental-functions]}\n',
            {"query/feature": 1},
        ),
        ('versions: {prometheus: "2"}\n', {"query/version": 3}),
    ],
)
def test_dashboards_and_rules_are_measured_by_the_versions_of_the_project(tmp_path, versions, expected):
    project = project_with(tmp_path, versions)
    found = [line.partition("]")[0].removeprefix("warning[") for line in warnings(project.run("build").err)]
    assert {rule: found.count(rule) for rule in found} == expected


def test_files_alone_are_measured_too_and_specs_with_their_files_once(tmp_path):
    project = project_with(tmp_path, "")
    project.run("build")
    assert len(warnings(project.run("validate", "generated").out)) == 2
    assert len(warnings(project.run("validate").out)) == 2
    project.write("dashgen.yaml", "specs: [specs]\nversions: {features: [promql-experimental-functions]}\n")
    assert warnings(project.run("validate", "generated").out) == []


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ("versions: {features: [promql-experimental-function]}", "promql-experimental-functions"),
        ("versions: {prometheus: latest}", "a version"),
        ("versions: {promethius: '3.5'}", "prometheus"),
    ],
)
def test_a_wrong_version_or_flag_is_reported_at_its_place(tmp_path, versions, expected):
    project = project_with(tmp_path, versions + "\n")
    done = project.run("build")
    assert done.code == 1
    assert "dashgen.yaml:2:" in done.err
    assert expected in done.err
