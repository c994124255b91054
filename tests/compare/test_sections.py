"""Tabs, conditions, layouts and section variables in the sentences of a comparison."""

from typing import Any

import pytest

from dashgen.compare import Resources, Side, classify
from dashgen.formats.normal.normal_dashboard import dashboard_resource, normal_dashboard
from tests.compare.support import changed, compared, dashboard, panel, row, said

Json = dict[str, Any]
PRO = {"items": [{"kind": "variable", "variable": "tier", "operator": "equals", "value": "pro"}]}
AUTO = {"kind": "auto", "columns": 3, "columnWidth": "standard", "rowHeight": "standard", "fill": False}


def tab(title: str, y: int, **dynamic: Any) -> Json:
    """The header of a tab, as the reader of schema v2 gives it: without an id."""
    header = row(0, title, y, dynamic={"kind": "tab", "level": 0, **dynamic})
    del header["id"]
    return header


def row_in_tab(title: str, y: int, **dynamic: Any) -> Json:
    """The header of a row below a tab."""
    return tab(title, y, **{"kind": "row", "level": 1, **dynamic})


def stacked(*panels: Json, **changes: Any) -> Json:
    """A dashboard whose panels and headers stand one below the other."""
    y, placed = 0, []
    for one in panels:
        placed.append({**one, "gridPos": {**one["gridPos"], "y": y}})
        y += one["gridPos"]["h"]
    return dashboard(*placed, **changes)


OTHERS = "shown only when it has no data or the time range is at most 7d or $tier does not match ^f"
A, B, C, D = (panel(number, title, w=24) for number, title in enumerate("ABCD", 1))
COSTS = tab("Costs", 0)
USERS = tab("Users", 0)
TABS = stacked(COSTS, A, B, USERS, C, D)
NESTED = stacked(
    COSTS, row_in_tab("Detail", 0), A, row_in_tab("Trend", 0), B, USERS, row_in_tab("Detail", 0), C
)
CASES = {
    "added tab": (stacked(COSTS, A, B), TABS, ['tab "Users": added with 2 panels']),
    "added empty tab": (TABS, stacked(COSTS, A, B, USERS, C, D, tab("End", 0)), ['tab "End": added']),
    "removed tab": (TABS, stacked(USERS, C, D), ['tab "Costs": removed with 2 panels']),
    "added tab with rows": (
        stacked(USERS, C),
        stacked(COSTS, row_in_tab("Detail", 0), A, row_in_tab("Trend", 0), B, USERS, C),
        ['tab "Costs": added with 2 rows and 2 panels'],
    ),
    "renamed tab": (TABS, stacked(tab("Money", 0), A, B, USERS, C, D), ['tab "Money": renamed from "Costs"']),
    "renamed tab of rows": (
        NESTED,
        stacked(tab("Money", 0), *NESTED["panels"][1:]),
        ['tab "Money": renamed from "Costs"'],
    ),
    "two renamed tabs": (
        TABS,
        stacked(tab("X", 0), A, B, tab("Y", 0), C, D),
        ['tab "X": renamed from "Costs"', 'tab "Y": renamed from "Users"'],
    ),
    "tabs in another order": (
        TABS,
        stacked(USERS, C, D, COSTS, A, B),
        ["tabs in another order: Users, Costs"],
    ),
    "renamed and reordered": (
        TABS,
        stacked(USERS, C, D, tab("Money", 0), A, B),
        ["tabs in another order: Users, Money", 'tab "Money": renamed from "Costs"'],
    ),
    "panel in another tab": (
        TABS,
        stacked(COSTS, A, USERS, C, B, D),
        ['panel "B": moved from tab "Costs" to tab "Users"'],
    ),
    "row in another tab": (
        NESTED,
        stacked(COSTS, row_in_tab("Detail", 0), A, USERS, row_in_tab("Detail", 0), C, row_in_tab("Trend", 0), B),
        ['row "Trend": moved from tab "Costs" to tab "Users"'],
    ),
    "row of a shared title in another tab": (
        stacked(COSTS, row_in_tab("Detail", 0), A, USERS, C),
        stacked(COSTS, USERS, C, row_in_tab("Detail", 0), A),
        ['row "Detail": moved from tab "Costs" to tab "Users"'],
    ),
    "panel in a row of another tab": (
        NESTED,
        stacked(
            COSTS, row_in_tab("Detail", 0), row_in_tab("Trend", 0), B, USERS, row_in_tab("Detail", 0), C, A
        ),
        ['panel "A": moved from row "Detail" of tab "Costs" to row "Detail" of tab "Users"'],
    ),
    "out of a tab": (
        stacked(A, COSTS, B),
        stacked(A, B, COSTS),
        ['panel "B": moved out of tab "Costs"'],
    ),
    "rows became tabs": (
        stacked(row(10, "Costs", 0), A, row(11, "Users", 0), C),
        stacked(COSTS, A, USERS, C),
        ['tab "Costs": became a tab', 'tab "Users": became a tab'],
    ),
    "rows into a new tab": (
        stacked(row(10, "Detail", 0), A),
        stacked(COSTS, row_in_tab("Detail", 0), A),
        ['row "Detail": moved to tab "Costs"', 'tab "Costs": added'],
    ),
    "a tab that grew": (
        TABS,
        stacked(COSTS, A, changed(B, "gridPos.h", 20), USERS, C, D),
        ['panel "B": resized 24×8 → 24×20'],
    ),
    "auto layout": (
        TABS,
        stacked(tab("Costs", 0, layout=AUTO), changed(A, "gridPos.w", 8), changed(B, "gridPos.w", 8), USERS, C, D),
        ['tab "Costs": arranges its panels itself: 3 columns'],
    ),
    "columns": (
        stacked(tab("Costs", 0, layout=AUTO), A, B),
        stacked(tab("Costs", 0, layout={**AUTO, "columns": 2, "columnWidth": 400, "rowHeight": "tall"}), A, B),
        ['tab "Costs": arranges its panels in 2 columns 400 pixels wide, tall rows, before in 3 columns'],
    ),
    "fixed places": (
        stacked(tab("Costs", 0, layout={**AUTO, "fill": True}), A, B),
        stacked(COSTS, A, B),
        ['tab "Costs": has its panels in fixed places now, before in 3 columns, filling the screen'],
    ),
    "order in an auto layout": (
        stacked(tab("Costs", 0, layout=AUTO), A, B),
        stacked(tab("Costs", 0, layout=AUTO), B, A),
        ['panel "A": moved behind "B"'],
    ),
    "auto layout of the dashboard": (
        stacked(A, B),
        stacked(A, B, dynamic={"layout": {**AUTO, "columns": 1}}),
        ["the dashboard: arranges its panels itself: 1 column"],
    ),
    "condition of a panel": (
        TABS,
        stacked(COSTS, {**A, "dynamic": {"showWhen": PRO}}, B, USERS, C, D),
        ['panel "A": is shown only when $tier is pro'],
    ),
    "condition of a tab": (
        TABS,
        stacked(tab("Costs", 0, showWhen={**PRO, "visibility": "hide"}), A, B, USERS, C, D),
        ['tab "Costs": is hidden when $tier is pro'],
    ),
    "condition removed": (
        stacked({**A, "dynamic": {"showWhen": PRO}}),
        stacked(A),
        ['panel "A": is always shown now, before shown only when $tier is pro'],
    ),
    "conditions": (
        stacked({**A, "dynamic": {"showWhen": PRO}}),
        stacked(
            {
                **A,
                "dynamic": {
                    "showWhen": {
                        "join": "or",
                        "items": [
                            {"kind": "data", "value": False},
                            {"kind": "timeRange", "value": "7d"},
                            {"kind": "variable", "variable": "tier", "operator": "notMatches", "value": "^f"},
                        ],
                    }
                },
            }
        ),
        [
            f'panel "A": is {OTHERS}, before shown only when $tier is pro',
        ],
    ),
    "section variable": (
        TABS,
        stacked(tab("Costs", 0, variables=[{"type": "custom", "name": "q", "query": "a,b"}]), A, B, USERS, C, D),
        ['variable $q of tab "Costs": added'],
    ),
    "subtitle": (stacked(A), stacked({**A, "dynamic": {"subtitle": "of all"}}), ['panel "A": subtitle set to "of all"']),
    "time comparison": (stacked(A), stacked({**A, "timeCompare": "1d"}), ['panel "A": time comparison set to 1d']),
    "header": (
        stacked(row(10, "Top", 0), A),
        stacked(row(10, "Top", 0, dynamic={"hideHeader": True, "fillScreen": True}), A),
        ['row "Top": header hidden', 'row "Top": fills the screen'],
    ),
    "threshold from a variable": (
        stacked(changed(A, "fieldConfig.defaults.thresholds", {"steps": [{"color": "red", "value": 80}]})),
        stacked(
            changed(
                A,
                "fieldConfig.defaults.thresholds",
                {"steps": [{"color": "red", "value": 80, "valueExpr": "$limit"}]},
            )
        ),
        ['panel "A": threshold red 80 → $limit (80)'],
    ),
    "values of a switch": (
        stacked(A, templating={"list": [{"type": "switch", "name": "s", "options": [{"value": "true"}, {"value": "false"}]}]}),
        stacked(A, templating={"list": [{"type": "switch", "name": "s", "options": [{"value": "1"}, {"value": "0"}]}]}),
        ["variable $s: values true, false → 1, 0"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_change_of_sections_is_said_in_one_sentence(name):
    before, after, sentences = CASES[name]
    assert said(before, after) == sentences
    assert said(before, before) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"kind": "row", "level": 0}, {}),
        ({"layout": {"kind": "auto"}}, {"layout": AUTO}),
        ({"showWhen": {"items": []}}, {}),
        ({"showWhen": {**PRO, "join": "and", "visibility": "show"}}, {"showWhen": {**PRO, "join": "or"}}),
        ({"hideHeader": False, "variables": []}, {}),
    ],
)
def test_a_default_that_is_written_out_is_no_difference(one, other):
    assert said(stacked(row(1, "Top", 0, dynamic=one), A), stacked(row(1, "Top", 0, dynamic=other), A)) == []


def test_the_order_of_conditions_and_the_name_of_an_element_mean_nothing():
    items = [PRO["items"][0], {"kind": "data", "value": True}]
    one = {"showWhen": {"items": items}, "element": "panel-a"}
    other = {"showWhen": {"items": items[::-1]}, "element": "panel-b"}
    assert said(stacked({**A, "dynamic": one}), stacked({**A, "dynamic": other})) == []


def test_headers_with_and_without_ids_are_the_same():
    with_ids = [
        {**one, "id": number} for number, one in enumerate(TABS["panels"], 50) if one["type"] == "row"
    ]
    others = [one for one in TABS["panels"] if one["type"] != "row"]
    assert normal_dashboard({**TABS, "panels": [*with_ids, *others]}) == normal_dashboard(TABS)


def test_the_places_that_a_fallback_gives_to_an_auto_layout_are_no_difference():
    layout = {"layout": AUTO}
    wide = stacked(tab("Costs", 0, **layout), A, B, USERS, C)
    narrow = dashboard(
        tab("Costs", 0, **layout),
        {**A, "gridPos": {"x": 0, "y": 1, "w": 8, "h": 9}},
        {**B, "gridPos": {"x": 8, "y": 1, "w": 8, "h": 9}},
        {**USERS, "gridPos": {"x": 0, "y": 10, "w": 24, "h": 1}},
        {**C, "gridPos": {"x": 0, "y": 11, "w": 24, "h": 8}},
    )
    assert compared(wide, narrow) == []


def test_both_sides_adding_the_same_tab_agree_and_with_other_panels_do_not():
    base = stacked(COSTS, A)
    ours, same, theirs = (stacked(COSTS, A, USERS, one) for one in (C, C, D))
    sides = [Resources([dashboard_resource(one)]) for one in (base, ours, same, theirs)]
    assert classify(*sides[:3])[0].side is Side.BOTH
    assert classify(sides[0], sides[1], sides[3])[0].side is Side.CONFLICT


def test_two_sides_that_change_different_tabs_do_not_conflict():
    ours = stacked(tab("Costs", 0, showWhen=PRO), A, B, USERS, C, D)
    theirs = stacked(COSTS, A, B, tab("People", 0), C, D)
    sides = [Resources([dashboard_resource(one)]) for one in (TABS, ours, theirs)]
    (change,) = classify(*sides)
    assert [(one.side, one.detail.sentence) for one in change.details] == [
        (Side.OURS, "is shown only when $tier is pro"),
        (Side.THEIRS, 'renamed from "Users"'),
    ]
