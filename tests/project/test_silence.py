"""Findings are ignored with a reason, or weighed otherwise, and nothing that is not built goes unsaid."""

from pathlib import Path

import pytest

from tests.project.project import Project, new_project

CONTRACT = (
    "kind: Metrics\nmetrics: {up: {type: gauge, help: Up.}, http_requests_total: {type: counter, help: R.}}\n"
)
HEAD = "kind: Dashboard\nuid: d\ntitle: D\npanels:\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = new_project(tmp_path)
    project.write("specs/metrics.yaml", CONTRACT)
    return project


def found(project: Project) -> list[str]:
    return [
        f"{str(one.location).removeprefix('specs/').rpartition(':')[0]} {one.severity} {one.rule}"
        for one in project.build().diagnostics
    ]


@pytest.mark.parametrize(
    "panels",
    [
        "  - {title: A, query: nosuch}  # dashgen: ignore query/metric: another team's\n",
        "  # dashgen: ignore query/metric: another team's\n  - {title: A, query: nosuch}\n",
        "  - title: A\n    # dashgen: ignore query/metric: another team's\n    # it comes from a box\n    query: nosuch\n",
        "  - title: A\n    # dashgen: ignore query/metric: a block\n    query: >-\n      sum(\n        nosuch)\n    unit: s\n",
        "  - title: A\n    # dashgen: ignore query/metric, query/syntax: two\n    query: sum(nosuch\n",
        "  - title: A\n    # dashgen: ignore query/*: all of them\n    query: sum(nosuch{a='$b'}\n",
    ],
)
def test_a_comment_with_a_reason_silences_its_line_or_the_next_one(project: Project, panels: str) -> None:
    project.write("specs/d.yaml", HEAD + panels)
    assert [line for line in found(project) if "ignore/unused" not in line] == []
    assert "dashboards/d.json" in project.files()


@pytest.mark.parametrize(
    ("panels", "lines"),
    [
        ("  - {title: A, query: nosuch}  # dashgen: ignore query/metric\n", ["d.yaml:5 warning query/metric", "d.yaml:5 error ignore/reason"]),
        ("  - {title: A, query: nosuch}  # dashgen: ignore query/metric:\n", ["d.yaml:5 warning query/metric", "d.yaml:5 error ignore/reason"]),
        ("  - {title: A, query: nosuch}  # dashgen: ignore\n", ["d.yaml:5 warning query/metric", "d.yaml:5 error ignore/form"]),
        ("  - {title: A, query: up}  # dashgen: ignore query/metrik: why\n", ["d.yaml:5 error ignore/rule"]),
        ("  - {title: A, query: up}  # dashgen: ignore query/metric: why\n", ["d.yaml:5 warning ignore/unused"]),
        ("  # dashgen: ignore query/metric: why\n\n  - {title: A, query: up}\n  - {title: B, query: nosuch}\n", ["d.yaml:5 warning ignore/unused", "d.yaml:8 warning query/metric"]),
        ("  - {title: A, quer: up}  # dashgen: ignore spec/unknown-key: why\n", ["d.yaml:5 error spec/unknown-key", "d.yaml:5 error ignore/error"]),
    ],
)  # fmt: skip
def test_a_comment_that_is_wrong_or_of_no_use_is_a_finding(
    project: Project, panels: str, lines: list[str]
) -> None:
    project.write("specs/d.yaml", HEAD + panels)
    assert found(project) == lines


def test_severities_are_the_projects(project: Project) -> None:
    project.write("specs/d.yaml", HEAD + "  - {title: A, query: nosuch}\n")
    for word, code in (("error", 1), ("warning", 0), ("info", 0), ("off", 0)):
        project.write("dashgen.yaml", f"specs: [specs]\nseverities: {{query/metric: {word}}}\n")
        done = project.run("validate")
        assert (done.code, f"{word}[query/metric]" in done.out) == (code, word != "off"), done
        assert project.run("validate", "--strict").code == int(word in {"error", "warning"})
        assert project.run("build").code == code
    project.write("dashgen.yaml", "specs: [specs]\nseverities: {query/*: error}\n")
    assert project.run("build").code == 1


def test_a_severity_of_a_rule_that_is_none_is_an_error(project: Project) -> None:
    project.write("dashgen.yaml", "specs: [specs]\nseverities: {query/metrik: 'off', query/metric: loud}\n")
    assert [f"{one.location} {one.rule}" for one in project.build().diagnostics] == [
        "dashgen.yaml:2:14 project/severity",
        "dashgen.yaml:2:49 spec/value",
    ]
    project.write("dashgen.yaml", "specs: [specs]\nseverities: {query/metrik: 'off'}\n")
    [only] = project.build().diagnostics
    assert (str(only.location), only.rule, only.hint) == (
        "dashgen.yaml:2:14",
        "project/severity",
        "did you mean `query/metric`?",
    )


def test_an_error_that_keeps_something_from_being_built_stays_one(project: Project) -> None:
    project.write("dashgen.yaml", "specs: [specs]\nseverities: {spec/*: 'off', datasource/unknown: info}\n")
    project.write(
        "specs/d.yaml", HEAD + "  - {title: A, query: up, datasource: nope}\n  - {titel: B, query: up}\n"
    )
    assert found(project) == ["d.yaml:5 error datasource/unknown", "d.yaml:6 error spec/unknown-key"]


def test_what_is_ignored_stays_so_when_nothing_changed(project: Project) -> None:
    project.write(
        "specs/d.yaml", HEAD + "  - {title: A, query: nosuch}  # dashgen: ignore query/metric: why\n"
    )
    assert found(project) == []
    assert found(project) == []
    project.write("specs/d.yaml", HEAD + "  - {title: A, query: nosuch}\n")
    assert found(project) == ["d.yaml:5 warning query/metric"]
