"""Everything that is wrong with a project is said in one round, at its line, and nothing is written."""

from pathlib import Path

import pytest

from tests.project.project import Project

PROJECT = {
    "dashgen.yaml": "specs: [specs]\nvars: {limit: 1}\nenvironments: {prod: {vars: {limit: 2}}}\n",
    "specs/sources.yaml": """\
kind: DataSources
datasources:
  prometheus: {url: "http://prometheus:9090", default: true}
  loki: {url: "http://loki:3100"}
  tempo: {url: "http://tempo:3200"}
  spare: {type: prometheus}
""",
    "specs/metrics.yaml": """\
kind: Metrics
metrics:
  orders_total: {type: counter, help: Orders., labels: {shop: [a, b]}}
  stock: {type: gauge, help: Stock.}
log_labels: {app: [a, b]}
""",
    "specs/rules.yaml": """\
kind: AlertRules
group: g
folder: F
rules:
  - {alert: Open, query: "sum(stock", when: above 1}
  - {alert: Misspelt, query: stok, when: above 1}
  - {alert: Logs, datasource: loki, query: '{app="a"} |= "x"', when: above 0}
  - {alert: Broken, query: "${{ nope }}", when: above 1, summry: s}
  - {record: "shop:orders:rate5m", query: rate(orders_total)}
  - {alert: Recorded, query: "shop:orders:rate5m", when: above 1}
""",
    "specs/notices.yaml": """\
kind: Notifications
contact_points: {ops: {email: nobody}}
policies:
  contact_point: ops
  group_by: [..., alertname]
  group_interval: 0s
""",
    "specs/board.yaml": """\
kind: Dashboard
uid: board
title: Board
tme: 1h
overlays: {prod: {refrsh: 1m}}
variables:
  - {name: shop, query: "label_value(orders_total, shop)"}
  - {name: size, type: custom, values: [s, m], default: xl}
annotations:
  - {name: a, query: "sum(stock"}
panels:
  - {title: A, query: "sum(stock", unit: "${{ nope }}", colour: red}
  - {title: B, type: stta, query: stok}
  - {title: C, query: stock, datasource: lokki}
  - {title: D, query: 'rate(orders_total{shop="$shp"}[5m])', overrides: [{name: x, color: grean}, {nme: y}]}
  - {title: E, query: stock, repeat: nope}
  - {title: F, query: stock, raw: {optons: {}}}
  - {title: G, query: stock, decimals: many, thresholds: {redd: 1, grean: 2}}
""",
}  # fmt: skip
FOUND = """\
board.yaml:4 spec/unknown-key
board.yaml:5 spec/unknown-key
board.yaml:7 query/syntax
board.yaml:8 variable/default
board.yaml:10 query/syntax
board.yaml:12 query/syntax
board.yaml:12 expression/error
board.yaml:12 spec/unknown-key
board.yaml:13 panel/type
board.yaml:13 query/metric
board.yaml:14 datasource/unknown
board.yaml:15 query/variable
board.yaml:15 panel/color
board.yaml:15 spec/unknown-key
board.yaml:16 variable/unknown
board.yaml:17 dashboard/unknown-key
board.yaml:18 spec/type
board.yaml:18 panel/color
board.yaml:18 panel/color
notices.yaml:2 contact/address
notices.yaml:5 policy/group-by
notices.yaml:6 policy/interval
rules.yaml:5 query/syntax
rules.yaml:6 query/metric
rules.yaml:7 query/result
rules.yaml:8 expression/error
rules.yaml:8 spec/unknown-key
rules.yaml:9 query/syntax
sources.yaml:6 datasource/url
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    for name, text in PROJECT.items():
        project.write(name, text)
    return project


def test_everything_is_found_in_one_round_at_its_line(project: Project) -> None:
    report = project.build()
    lines = []
    for one in report.diagnostics:
        assert one.location is not None
        assert one.location.span is not None
        lines.append(f"{one.location.file.removeprefix('specs/')}:{one.location.span.line} {one.rule}")
    assert lines == FOUND.splitlines()
    assert project.files() == {}


@pytest.mark.parametrize(
    "words",
    [
        ("build",),
        ("build", "--check"),
        ("build", "--env", "prod"),
        ("validate",),
        ("validate", "--strict"),
        ("diff",),
    ],
)
def test_every_command_finds_all_of_it(project: Project, words: tuple[str, ...]) -> None:
    done = project.run(*words)
    assert done.code > 0
    for line in FOUND.splitlines():
        place, rule = line.split()
        assert f"specs/{place}:" in done.out + done.err, words
        assert f"[{rule}]" in done.out + done.err, words
    assert project.files() == {}


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        ("kind: Dashboard\nuid: d\ntitle: D\npanels: [{title: A, quer: up}]\n", ["spec/unknown-key"]),
        ("kind: Dashboard\nuid: d\ntitle: D\npanels: [{title: A, query: '${{ nope }}'}]\n", ["expression/error"]),
        ("kind: Dashboard\nuid: d\ntitle: D\nvariables: [{name: '${{ nope }}', type: textbox}]\npanels: [{title: A, query: 'up{a=\"$b\"}'}]\n", ["expression/error"]),
        ("kind: Dashboard\nuid: d\ntitle: '${{ nope }}'\npanels: [{title: A, query: up}]\n", ["expression/error"]),
        ("kind: Dashboard\nuid: d\ntitle: '${{ nope }}'\npanels: [{title: A, query: 'sum('}]\n", ["expression/error", "query/syntax"]),
        ("kind: Dashboard\nuid: d\npanels: [{title: A, query: 'sum('}]\n---\nkind: Dashboard\npanels: [{title: B, query: up}]\n", ["spec/missing-key", "query/syntax", "spec/missing-key"]),
        ("kind: AlertRules\nfolder: F\nrules: [{alert: A, query: 'sum(', when: above 1}]\n---\nkind: AlertRules\nfolder: F\nrules: []\n", ["spec/missing-key", "query/syntax", "spec/missing-key"]),
        ("kind: Folder\nparent: x\n", ["spec/missing-key"]),
        ("kind: Dashboard\nuid: d\ntitle: {x: y}\npanels: [{title: A, query: up}]\n", ["spec/type"]),
        ("kind: AlertRules\ngroup: '${{ nope }}'\nfolder: F\nrules: [{alert: A, query: up, when: above 1}]\n", ["expression/error"]),
        ("kind: Dashboard\nuid: d\ntitle: D\npanels: [{use: nope}, {title: A, query: 'sum('}]\n", ["component/unknown", "query/syntax"]),
        ("kind: AlertRules\ngroup: g\nfolder: F\nrules: [{alert: A, qery: up, when: above 1}]\n", ["spec/unknown-key"]),
        ("kind: DataSources\ndatasources: {prometheus: {url: '${{ nope }}', dfault: true}}\n", ["expression/error", "spec/unknown-key"]),
    ],
)  # fmt: skip
def test_what_only_follows_from_a_mistake_is_not_said(tmp_path: Path, spec: str, found: list[str]) -> None:
    project = Project(tmp_path)
    project.write("dashgen.yaml", "specs: [specs]\n")
    if "DataSources" not in spec:
        project.write(
            "specs/a.yaml", PROJECT["specs/sources.yaml"].replace("  spare: {type: prometheus}\n", "")
        )
    project.write("specs/b.yaml", spec)
    assert [one.rule for one in project.build().diagnostics] == found


MISTAKES = {
    "specs/notices.yaml": "kind: Notifications\ncontact_points: {ops: {emial: a@b.c}}\nmute_timings: {w: {dyas: [1]}}\n",
    "specs/sources.yaml": "kind: DataSources\ndatasources: {prometheus: {url: 'http://p:9090', default: true}, loki: {rul: x}}\n",
    "specs/metrics.yaml": "kind: Metrics\nmetrics: {stock: {type: gague, help: S.}, orders: {type: gauge, help: O.}}\n",
    "specs/board.yaml": "kind: Dashboard\nuid: board\ntitle: Board\nrefrsh: 1m\npanels: [{title: A, query: orders}]\n",
    "specs/folder.yaml": "kind: Folder\ntitle: F\nparnet: x\n",
}


@pytest.mark.parametrize(
    ("rule", "hidden"),
    [
        ("{alert: A, query: orders, when: above 1, contact_point: nobody}", False),
        ("{alert: A, query: orders, when: above 1, contact_point: ops}", True),
        ("{alert: A, query: orders, when: above 1, contact_point: ops, mute_timings: [never]}", False),
        ("{alert: A, query: orders, when: above 1, contact_point: ops, mute_timings: [w]}", True),
        ("{alert: A, query: orders, when: above 1, datasource: lokki}", False),
        ("{alert: A, query: 'sum(rate({app=\"a\"}[5m]))', when: above 1, datasource: loki}", True),
        ("{alert: A, query: ordrs, when: above 1}", False),
        ("{alert: A, query: stock, when: above 1}", True),
        ("{alert: A, query: orders, when: above 1, panel: bord/a}", False),
        ("{alert: A, query: orders, when: above 1, panel: board/b}", True),
    ],
)
def test_a_mistake_hides_only_what_depends_on_it(tmp_path: Path, rule: str, hidden: bool) -> None:
    project = Project(tmp_path)
    project.write("dashgen.yaml", "specs: [specs]\n")
    for name, text in MISTAKES.items():
        project.write(name, text)
    project.write("specs/rules.yaml", f"kind: AlertRules\ngroup: g\nfolder: F\nrules:\n  - {rule}\n")
    of_rules = [one.rule for one in project.build().diagnostics if one.location.file == "specs/rules.yaml"]
    assert (of_rules == []) is hidden, of_rules


@pytest.mark.parametrize(
    ("part", "line"),
    [
        ("links: [{title: L, dashboard: nowhere}]\n", "dashboard/link"),
        ("folder: Nowhere\n", "folder/unknown"),
        ("variables: [{name: v, type: custom, vlaues: [a]}]\npanels: [{title: A, query: 'orders{a=\"$w\"}'}]\n", "query/variable"),
        ("variables: [{name: v, type: custom, vlaues: [a]}]\npanels: [{title: A, datasource: lokki, query: x}]\n", "datasource/unknown"),
    ],
)  # fmt: skip
def test_a_dashboard_with_a_mistake_is_checked_against_the_others(
    tmp_path: Path, part: str, line: str
) -> None:
    project = Project(tmp_path)
    project.write("dashgen.yaml", "specs: [specs]\n")
    project.write(
        "specs/sources.yaml",
        "kind: DataSources\ndatasources: {prometheus: {url: 'http://p:9090', default: true}}\n",
    )
    project.write("specs/folder.yaml", "kind: Folder\ntitle: F\n")
    project.write("specs/board.yaml", f"kind: Dashboard\nuid: board\ntitle: Board\nrefrsh: 1m\n{part}")
    assert line in [one.rule for one in project.build().diagnostics]


ITEMS = {
    "rules": ("kind: AlertRules\ngroup: g\nfolder: F\nrules:\n  - {bad}\n  - {{alert: B, query: 'sum(', when: above 1}}\n", 6, "query/syntax"),
    "panels": ("kind: Dashboard\nuid: d\ntitle: D\npanels:\n  - {bad}\n  - {{title: B, query: 'sum('}}\n", 6, "query/syntax"),
    "variables": ("kind: Dashboard\nuid: d\ntitle: D\nvariables:\n  - {bad}\n  - {{name: b, type: interval, values: [1m], default: 7m}}\n", 6, "variable/default"),
}  # fmt: skip


@pytest.mark.parametrize("bad", ["5", "{type: constant}", "{nmae: x}", "{name: 'a b', type: textbox}"])
@pytest.mark.parametrize("part", ITEMS)
def test_a_wrong_item_hides_no_other_and_moves_none(tmp_path: Path, part: str, bad: str) -> None:
    spec, line, rule = ITEMS[part]
    project = Project(tmp_path)
    project.write("dashgen.yaml", "specs: [specs]\n")
    project.write("specs/sources.yaml", MISTAKES["specs/sources.yaml"].replace(", loki: {rul: x}", ""))
    project.write("specs/a.yaml", spec.format(bad=bad))
    findings = [(one.location.span.line, one.rule) for one in project.build().diagnostics]
    assert (line, rule) in findings
    assert {number for number, _ in findings} == {line - 1, line}


def test_groups_that_are_really_called_untitled_are_two_of_one_name(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("dashgen.yaml", "specs: [specs]\n")
    project.write("specs/sources.yaml", MISTAKES["specs/sources.yaml"].replace(", loki: {rul: x}", ""))
    for name in ("a", "b"):
        rule = f"{{alert: {name.upper()}, query: up, when: above 1}}"
        project.write(
            f"specs/{name}.yaml", f"kind: AlertRules\ngroup: untitled\nfolder: F\nrules: [{rule}]\n"
        )
    assert [one.rule for one in project.build().diagnostics] == ["alert/duplicate-group"]
