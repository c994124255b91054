"""What Grafana, Prometheus or Loki would refuse of a built file is an error at the spec's line, before it is written."""

from pathlib import Path

import pytest

from dashgen.core.diagnostics import Severity
from tests.project.project import Project, new_project

PANEL = "kind: Dashboard\nuid: d\ntitle: D\npanels:\n"
NOTICES = "kind: Notifications\n"
POINTS = "contact_points: {ops: {email: a@b.example}}\n"
RULES = "kind: AlertRules\ngroup: g\nfolder: F\nrules:\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return new_project(tmp_path)


CASES = [
    (
        NOTICES + POINTS + "policies:\n  contact_point: ops\n  group_by: [..., alertname]\n  group_interval: 0s\n",
        ["5:13 policy/group-by", "6:19 policy/interval"],
    ),
    (
        NOTICES + POINTS + "policies:\n  contact_point: ops\n  routes:\n    - group_by: [a, a]\n    - match: {severity: '~('}\n",
        ["6:7 policy/catch-all", "6:21 policy/group-by", "7:25 policy/matcher"],
    ),
    (NOTICES + "contact_points:\n  ops:\n    email: not-an-address\n", ["4:12 contact/address"]),
    (RULES + "  - {alert: A, query: up, when: above 1, summary: '{{ $value '}\n", ["5:52 alert/template"]),
    (
        RULES + "  - {alert: A, query: up, when: above 1, outputs: [grafana], raw: {noDataState: Never}}\n",
        ["5:81 provisioning/unknown-value"],
    ),
    ("kind: DataSources\ndatasources:\n  loki: {}\n", ["3:9 datasource/url"]),
    (PANEL + "  - {title: A, query: up, repeat: nope}\n", ["5:35 variable/unknown"]),
    (PANEL + "  - {title: A, query: up, type: grafana-piechart-panel}\n", ["5:33 panel/type"]),
    (PANEL + "  - title: A\n    query: up\n    raw:\n      optons: {}\n", ["8:7 dashboard/unknown-key"]),
    (
        PANEL + "  - title: A\n    query: up\n    raw: {options: {legend: {showLegnd: true}}}\n",
        ["7:30 dashboard/unknown-key"],
    ),
    (PANEL.replace("panels", "raw: {refesh: 5s}\npanels") + "  - {title: A, query: up}\n", ["4:7 dashboard/unknown-key"]),
    (
        "kind: Dashboard\nuid: d\ntitle: D\nrows:\n  - {title: R, repeat: nope, panels: [{title: A, query: up}]}\n",
        ["5:24 variable/unknown"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "found"), CASES)
def test_what_a_server_refuses_is_at_its_line_and_nothing_is_written(
    project: Project, spec: str, found: list[str]
) -> None:
    project.write("specs/wrong.yaml", spec)
    report = project.build()
    assert [
        f"{str(one.location).removeprefix('specs/wrong.yaml:')} {one.rule}" for one in report.diagnostics
    ] == found
    assert report.failed
    assert project.files() == {}


def test_what_is_odd_in_raw_is_a_warning(project: Project) -> None:
    project.write(
        "specs/odd.yaml",
        PANEL
        + "  - {title: A, query: up, raw: {options: {newerThanWeKnow: 1}}}\n"
        + "  - {title: B, queries: [{raw: {expr: 'sum('}}]}\n",
    )
    report = project.build()
    assert [(one.rule, one.severity) for one in report.diagnostics] == [
        ("dashboard/unknown-key", Severity.WARNING),
        ("query/syntax", Severity.WARNING),
    ]
    assert not report.failed


def test_every_command_that_compiles_is_as_strict(project: Project) -> None:
    project.write("specs/wrong.yaml", CASES[0][0])
    for words in (("build",), ("build", "--check"), ("validate",), ("validate", "--strict"), ("diff",)):
        done = project.run(*words)
        assert done.code > 0, words
        assert "specs/wrong.yaml:5:13" in done.out + done.err, words


def test_a_component_says_which_line_used_it(project: Project) -> None:
    project.write(
        "specs/parts.yaml",
        "kind: Components\ncomponents:\n  odd:\n    panel: {title: T, query: up, raw: {optons: {}}}\n",
    )
    project.write("specs/wrong.yaml", PANEL + "  - use: odd\n")
    [found] = project.build().diagnostics
    assert str(found.location) == "specs/parts.yaml:4:40"
    assert [f"{note.message} {note.location}" for note in found.related] == ["used here specs/wrong.yaml:5:5"]


def test_nothing_is_said_twice_of_one_place(project: Project) -> None:
    project.write(
        "specs/wrong.yaml",
        RULES + "  - {alert: A, query: 'sum(up', when: above 1}\n" + "---\n" + NOTICES + "policies: {contact_point: nobody}\n",
    )  # fmt: skip
    assert [one.rule for one in project.build().diagnostics] == ["query/syntax", "notification/unknown"]


def test_a_finding_of_the_dashboard_does_not_hide_those_of_its_file(project: Project) -> None:
    project.write(
        "specs/wrong.yaml",
        PANEL + "  - {title: A, query: 'sum('}\n  - {title: B, query: up, raw: {optons: {}}}\n",
    )
    assert [one.rule for one in project.build().diagnostics] == ["query/syntax", "dashboard/unknown-key"]


def test_what_stands_elsewhere_may_be_named(project: Project) -> None:
    project.write(
        "specs/right.yaml",
        RULES
        + "  - {alert: A, query: up, when: above 1, datasource: prometheus/abc, contact_point: pagers}\n"
        + "---\n"
        + NOTICES
        + "external_contact_points: [pagers]\nexternal_mute_timings: [nights]\n"
        + "policies: {contact_point: pagers, routes: [{match: {a: b}, mute: nights}]}\n"
        + "---\n"
        + PANEL
        + "  - {title: A, datasource: prometheus/abc, query: up}\n",
    )
    assert [one for one in project.build().diagnostics if one.severity is Severity.ERROR] == []


def test_findings_are_remembered_with_their_dashboard(project: Project) -> None:
    project.write("specs/wrong.yaml", PANEL + "  - {title: A, query: up, raw: {optons: {}}}\n")
    first = project.build().diagnostics
    assert [one.rule for one in first] == ["dashboard/unknown-key"]
    assert project.build().diagnostics == first
