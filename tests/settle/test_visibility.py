"""When panels, rows and tabs are shown: conditions as they are settled, and what is wrong with them."""

import pytest

from dashgen.compile.lower.lower_dynamic import visibility_json
from tests.settle.settling import settled, texts
from tests.source.helpers import under

VARIABLES = """\
variables:
  - {name: tier, type: custom, values: [free, pro], include_all: true}
  - {name: debug, type: switch}
  - {name: host, query: "label_values(up, host)"}
"""
TAB = VARIABLES + "tabs:\n  - title: A\n    panels: [{title: P, query: up}]\n    @\n"
PANEL = VARIABLES + "layout: auto\npanels:\n  - {title: P, query: up, @}\n"


def tier(operator: str, value: str) -> dict[str, str]:
    return {"kind": "variable", "variable": "tier", "operator": operator, "value": value}


@pytest.mark.parametrize(
    ("written", "visibility", "join", "items"),
    [
        ("show_when: {variable: tier, equals: pro}", "show", "and", [tier("equals", "pro")]),
        ("show_when: {variable: $tier, equals: pro}", "show", "and", [tier("equals", "pro")]),
        ("hide_when: {variable: tier, not_equals: pro}", "hide", "and", [tier("notEquals", "pro")]),
        ('hide_when: {variable: tier, matches: "(?i)^pr"}', "hide", "and", [tier("matches", "(?i)^pr")]),
        ("show_when: [{variable: tier, not_matches: f.*}, {time_range: 1.5d}]", "show", "and", [tier("notMatches", "f.*"), {"kind": "timeRange", "value": "1.5d"}]),
        ("show_when: {any: [{time_range: 6h}, {variable: tier, equals: all}]}", "show", "or", [{"kind": "timeRange", "value": "6h"}, tier("equals", "all")]),
        ("show_when: {variable: debug, equals: 'true'}", "show", "and", [{"kind": "variable", "variable": "debug", "operator": "equals", "value": "true"}]),
        ("show_when: {variable: host, equals: 7}", "show", "and", [{"kind": "variable", "variable": "host", "operator": "equals", "value": "7"}]),
    ],
)  # fmt: skip
def test_conditions_become_grafanas(written: str, visibility: str, join: str, items: list[object]) -> None:
    dashboard, problems = settled(TAB.replace("@", written))
    assert texts(problems) == []
    settled_visibility = dashboard.rows[0].visibility
    assert settled_visibility is not None
    assert visibility_json(settled_visibility) == {"visibility": visibility, "join": join, "items": items}


def test_a_panel_that_is_arranged_can_be_shown_by_its_data() -> None:
    dashboard, problems = settled(PANEL.replace("@", "hide_when: {has_data: false}"))
    assert texts(problems) == []
    [panel] = dashboard.rows[0].panels
    assert panel.visibility is not None
    assert visibility_json(panel.visibility) == {
        "visibility": "hide", "join": "and", "items": [{"kind": "data", "value": False}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "problem", "place", "hint"),
    [
        ("show_when: {variable: teir, equals: pro}", "variable/unknown: there is no variable `teir` here", "teir", "did you mean `tier`?"),
        ("show_when: {variable: tier}", "layout/condition: the variable is compared by one of `equals`, `not_equals`, `matches`, `not_matches`, here by nothing", "{variable: tier}", "write `equals: pro`"),
        ("show_when: {variable: tier, equals: pro, matches: p}", "layout/condition: the variable is compared by one of `equals`, `not_equals`, `matches`, `not_matches`, here by `equals` and `matches`", "{variable: tier, equals: pro, matches: p}", "list of conditions"),
        ("show_when: {variable: tier, equals: prp}", "variable/value: `tier` never is `prp`", "prp", "did you mean `pro`?"),
        ("show_when: {variable: debug, not_equals: 'on'}", "variable/value: `debug` never is `on`", "'on'", "use one of: `false`, `true`"),
        ("show_when: {variable: tier, matches: '(pro'}", "layout/condition: `(pro` is no regular expression: missing ), unterminated subpattern", "'(pro'", "correct it"),
        ("hide_when: [{time_range: 7 days}]", "time/interval: `7 days` is no length of a time range", "7 days", "`7d`"),
        ("hide_when: {time_range: 1h30m}", "time/interval: `1h30m` is no length of a time range", "1h30m", "`7d`"),
        ("show_when: {equals: pro}", "layout/condition: `equals` needs a variable to compare", "{equals: pro}", "`variable:`"),
        ("show_when: {}", "layout/condition: the condition is about nothing", "{}", "time_range"),
        ("show_when: []", "layout/condition: there is no condition here", "[]", "time_range"),
        ("show_when: {any: []}", "layout/condition: there is no condition here", "[]", "time_range"),
        ("show_when: {time_range: 7d, variable: tier, equals: pro}", "layout/condition: one condition is about `variable` and `time_range`", "{time_range: 7d, variable: tier, equals: pro}", "list of them"),
        ("show_when: [{time_range: 7d}, {any: [{time_range: 1d}]}]", "layout/condition: `any` is inside a list, and Grafana joins all conditions of one thing alike", "any", "one `any:`"),
        ("show_when: {any: [{any: [{time_range: 1d}]}]}", "layout/condition: `any` is inside a list, and Grafana joins all conditions of one thing alike", "any", "one `any:`"),
        ("show_when: {time_range: 7d, equals: pro}", "layout/condition: `equals` compares a variable, and this is about `time_range`", "equals", "`[{time_range: …}, {variable: tier, equals: pro}]`"),
        ("show_when: {any: [{time_range: 7d}], variable: tier, equals: pro}", "layout/condition: `variable` is beside `any`, and one condition of the list is enough", "variable", "into the list"),
        ("show_when: {any: [{time_range: 7d}], has_data: true}", "layout/condition: `has_data` is beside `any`, and one condition of the list is enough", "has_data", "into the list"),
        ("show_when: {has_data: true}", "layout/condition: a tab has no data of its own, so Grafana ignores this condition", "true", "panels"),
    ],
)  # fmt: skip
def test_conditions_that_grafana_would_pass_over_are_reported_at_their_place(
    written: str, problem: str, place: str, hint: str
) -> None:
    body = TAB.replace("@", written)
    _, problems = settled(body)
    assert texts(problems) == [problem]
    assert under(f"kind: Dashboard\nuid: d\ntitle: T\n{body}", problems[0].location) == place
    assert hint in problems[0].hint


@pytest.mark.parametrize(
    ("written", "problem", "place"),
    [
        ("show_when: {variable: tier, equals: [pro]}", "spec/type: expected text, got a list", "[pro]"),
        ("hide_when: {variable: tier, not_equals: [pro]}", "spec/type: expected text, got a list", "[pro]"),
        ("show_when: [{variable: tier, matches: {a: 1}}, {time_range: 7d}]", "spec/type: expected text, got a mapping", "{a: 1}"),
        ("show_when: {any: [{variable: tier, not_matches: [p]}, {time_range: 7d}]}", "spec/type: expected text, got a list", "[p]"),
        ("show_when: {variable: [tier], equals: pro}", "spec/type: expected text, got a list", "[tier]"),
        ("show_when: {variable: tier, equal: pro}", "spec/unknown-key: unknown key `equal`", "equal"),
        ("show_when: {varable: tier, equals: pro}", "spec/unknown-key: unknown key `varable`", "varable"),
        ("show_when: {time_range: [7d]}", "spec/type: expected text, got a list", "[7d]"),
        ("show_when: {has_data: 7}", "spec/type: expected true or false, got `7`", "7"),
        ("show_when: {any: {time_range: 7d}}", "spec/type: expected a list, got a mapping", "{time_range: 7d}"),
        ("show_when: yes please", "spec/type: expected a list or a mapping, got `yes please`", "yes please"),
    ],
)  # fmt: skip
def test_a_condition_that_cannot_be_read_has_one_finding(written: str, problem: str, place: str) -> None:
    body = TAB.replace("@", written)
    _, problems = settled(body)
    assert texts(problems) == [problem]
    assert under(f"kind: Dashboard\nuid: d\ntitle: T\n{body}", problems[0].location) == place


def test_a_comparison_of_a_wrong_type_still_counts_beside_another() -> None:
    _, problems = settled(TAB.replace("@", "show_when: {variable: tier, equals: [pro], not_equals: free}"))
    assert sorted(texts(problems)) == [
        "layout/condition: the variable is compared by one of `equals`, `not_equals`, `matches`, `not_matches`, here by `equals` and `not_equals`",
        "spec/type: expected text, got a list",
    ]


def test_a_thing_is_shown_or_hidden_by_conditions_and_not_both() -> None:
    _, problems = settled(TAB.replace("@", "show_when: {time_range: 1d}\n    hide_when: {time_range: 7d}"))
    assert texts(problems) == [
        "layout/condition: `show_when` and `hide_when` are both given, and Grafana knows one of them for each thing"
    ]


def test_a_panel_with_a_place_cannot_be_hidden_alone() -> None:
    body = PANEL.replace("layout: auto\n", "").replace("@", "show_when: {time_range: 7d}")
    _, problems = settled(body)
    assert texts(problems) == [
        "layout/condition: Grafana hides single panels only where it arranges them by itself, and `P` has a place"
    ]
    assert "layout: auto" in problems[0].hint


def test_the_variable_of_another_section_is_named_with_the_section_that_knows_it() -> None:
    variables = "variables: [{name: q, type: textbox}]"
    body = f"tabs: [{{title: A, {variables}, show_when: {{variable: q, equals: x}}, panels: [{{title: P, query: up}}]}}, {{title: B, show_when: {{variable: q, equals: x}}, panels: [{{title: Q, query: up}}]}}]\n"
    _, problems = settled(body)
    assert texts(problems) == ["variable/unknown: there is no variable `q` here"]
    assert problems[0].hint == "only the tab `A` knows it: move it to the dashboard's `variables:`"
