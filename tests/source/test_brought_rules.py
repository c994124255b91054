"""A use of a component brings the groups of rules that the component has."""

from typing import Any

import pytest

from dashgen.source.provenance import Resolved
from tests.source.helpers import resolved, resolved_all, told, under

SLO = """\
kind: Components
components:
  record:
    params: {name: string}
    rule_groups:
      - group: more
        rules: [{record: "more:${{ name }}", query: up}]
  slo:
    params: {name: string, windows: {type: list, default: [5m, 1h]}}
    row: {title: "${{ name }}", panels: []}
    rule_groups:
      - group: "slo-${{ name }}"
        interval: 30s
        labels: {slo: "${{ name }}"}
        annotations: {team: shop}
        rules:
          - {for_each: {window: "${{ windows }}"}, record: "slo:${{ name }}_${{ window }}", query: up}
          - {alert: "Burn${{ name }}", query: up, labels: {slo: own}}
      - {for_each: {extra: [a]}, group: "slo-${{ extra }}", rules: [{use: record, with: {name: "${{ name }}"}}]}
---
"""


def brought(text: str, **variables: Any) -> list[dict[str, Any]]:
    return [group.data for group in resolved(SLO + text, variables).rule_groups]


API = [
    {
        "kind": "AlertRules",
        "group": "slo-api",
        "interval": "30s",
        "labels": {"slo": "api"},
        "annotations": {"team": "shop"},
        "rules": [
            {"record": "slo:api_5m", "query": "up"},
            {"record": "slo:api_1h", "query": "up"},
            {"alert": "Burnapi", "query": "up", "labels": {"slo": "own"}},
        ],
    },
    {"kind": "AlertRules", "group": "slo-a", "rules": [{"record": "more:api", "query": "up"}]},
]


def test_the_groups_follow_a_use_and_the_body_stands_where_it_is() -> None:
    one = resolved(SLO + "kind: Dashboard\nrows: [{use: slo, with: {name: api}, title: Mine}]\n")
    assert one.data["rows"] == [{"title": "Mine", "panels": []}]
    assert [group.data for group in one.rule_groups] == API


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("rows: [{for_each: {n: [a, b]}, use: slo, with: {name: '${{ n }}'}}]", ["slo-a", "slo-a", "slo-b", "slo-a"]),
        ("rows: [{use: slo, with: {name: a}, when_env: prod}]", []),
        ("panels: [{use: record, with: {name: a}}]", ["more"]),
        ("rows: [{title: R, panels: [{use: record, with: {name: a}}]}]", ["more"]),
        ("overlays: {prod: {rows: []}}\nrows: [{use: slo, with: {name: a}}]", ["slo-a", "slo-a"]),
    ],
)  # fmt: skip
def test_loops_and_environments_around_a_use_count(text: str, names: list[str]) -> None:
    assert [group["group"] for group in brought(f"kind: Dashboard\n{text}\n")] == names


def test_what_an_overlay_replaces_brings_no_rules() -> None:
    text = "kind: Dashboard\noverlays: {prod: {rows: [{use: record, with: {name: b}}]}}\nrows: [{use: slo, with: {name: a}}]\n"
    one = resolved(SLO + text, environment="prod")
    assert [group.data["group"] for group in one.rule_groups] == ["more"]


def test_a_component_of_rules_alone_places_nothing() -> None:
    text = "kind: Dashboard\npanels: [{title: A}, {use: record, with: {name: a}}, {title: B}]\n"
    assert resolved(SLO + text).data["panels"] == [{"title": "A"}, {"title": "B"}]


def test_each_document_of_a_loop_brings_its_own_rules() -> None:
    text = "kind: Dashboard\nfor_each: {n: [a, b]}\nrows: [{use: slo, with: {name: '${{ n }}'}}]\n"
    documents, problems = resolved_all(SLO + text)
    assert told(problems) == []
    assert [[g.data["group"] for g in one.rule_groups] for one in documents] == [
        ["slo-a", "slo-a"],
        ["slo-b", "slo-a"],
    ]


def test_among_rules_a_use_places_the_rules_with_what_their_group_says_of_them() -> None:
    one = resolved(
        SLO
        + "kind: AlertRules\nrules: [{record: x, query: up}, {use: slo, with: {name: api}, datasource: p}]\n"
    )
    assert one.rule_groups == []
    assert one.data["rules"] == [
        {"record": "x", "query": "up"},
        {"record": "slo:api_5m", "query": "up", "labels": {"slo": "api"}, "datasource": "p"},
        {"record": "slo:api_1h", "query": "up", "labels": {"slo": "api"}, "datasource": "p"},
        {"alert": "Burnapi", "query": "up", "labels": {"slo": "own"}, "annotations": {"team": "shop"}, "datasource": "p"},
        {"record": "more:api", "query": "up", "datasource": "p"},
    ]  # fmt: skip


def located(document: Resolved, path: tuple[str | int, ...], text: str) -> tuple[str, list[str]]:
    origin = document.origin(path)
    return under(text, origin.location()), [under(text, one.location) for one in origin.related()]


def test_every_value_of_a_rule_has_its_line_and_that_of_the_use() -> None:
    text = SLO + "kind: Dashboard\nrows: [{use: slo, with: {name: api}}]\n"
    group, more = resolved(text).rule_groups
    use = "use: slo, with: {name: api}"
    assert located(group, ("interval",), text) == ("30s", [f"{{{use}}}"])
    assert located(group, ("rules", 1, "record"), text) == ('"slo:${{ name }}_${{ window }}"', [f"{{{use}}}"])
    assert located(group, ("rules", 2, "alert"), text) == ('"Burn${{ name }}"', [f"{{{use}}}"])
    inner = '{use: record, with: {name: "${{ name }}"}}'
    assert located(more, ("rules", 0, "record"), text) == ('"more:${{ name }}"', [inner, f"{{{use}}}"])


def test_rules_among_others_keep_their_lines() -> None:
    text = SLO + "kind: AlertRules\nrules: [{record: x, query: up}, {use: slo, with: {name: api}}]\n"
    rules = resolved(text)
    use = "{use: slo, with: {name: api}}"
    assert located(rules, ("rules", 3, "labels", "slo"), text) == ("own", [use])
    assert located(rules, ("rules", 3, "annotations"), text)[1] == [use]
    assert located(rules, ("rules", 2, "query"), text) == ("up", [use])


@pytest.mark.parametrize(
    ("component", "findings"),
    [
        ("a: {}", ["component/body: the component `a` needs exactly one body"]),
        ("a: {panel: {}, row: {}, rule_groups: []}", ["component/body: the component `a` needs exactly one body"]),
        ("a: {rule_groups: {group: a}}", ["spec/type: `rule_groups` has to be a list of groups"]),
        ("a: {rule_groups: [a]}", ["spec/type: `rule_groups` has to be a list of groups"]),
        ("a: {rules_groups: [], panel: {}}", ["spec/unknown-key: unknown key `rules_groups` in a component"]),
        ("std/a: {panel: {}}", ["component/reserved: `std/a`: names with `std/` are those of dashgen's own components"]),
        ("a: {rule_groups: []}", []),
    ],
)  # fmt: skip
def test_a_definition_that_is_wrong_is_told(component: str, findings: list[str]) -> None:
    _, problems = resolved_all(f"kind: Components\ncomponents: {{{component}}}\n")
    assert [one.partition(" ")[2] for one in told(problems)] == findings


@pytest.mark.parametrize(
    ("components", "rule"),
    [
        ("a: {rule_groups: [{group: g, rules: [{use: a}]}]}", "component/cycle"),
        ("a: {row: {panels: [{use: b}]}}, b: {rule_groups: [{use: a}]}", "component/cycle"),
        ("a: {panel: {}, rule_groups: []}", "component/kind"),
        ("b: {row: {}}", "component/unknown"),
    ],
)
def test_a_use_that_cannot_be_is_told(components: str, rule: str) -> None:
    text = f"kind: Components\ncomponents: {{{components}}}\n---\nkind: Dashboard\nrows: [{{use: a}}]\n"
    _, problems = resolved_all(text)
    assert [one.rule for one in problems] == [rule]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("red", "did you mean `std/red`?"),
        ("std/rad", "did you mean `std/red`?"),
        ("nothing-like-it", "define it in a `kind: Components` document"),
    ],
)
def test_a_shipped_component_with_another_name_is_suggested(name: str, hint: str) -> None:
    _, problems = resolved_all(f"kind: Dashboard\nrows: [{{use: {name}}}]\n")
    assert [(one.rule, one.hint) for one in problems] == [("component/unknown", hint)]
