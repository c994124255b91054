"""Tabs, rows in tabs, grids that arrange themselves, and conditions."""

from typing import Any

import pytest

from dashgen.drawing.fields.frames import Field, Frame
from dashgen.drawing.panel_data import PanelData
from dashgen.preview.views.view import View
from dashgen.preview.views.view_conditions import with_data
from tests.preview.views.dashboards import by_key, custom, dashboard, panel, places, row, viewed

AUTO = {"kind": "auto", "columns": 2, "rowHeight": "short"}


def _tab(number: int, title: str, **dynamic: Any) -> dict[str, Any]:
    return row(number, title=title, dynamic={"kind": "tab", **dynamic})


def _when(**item: Any) -> dict[str, Any]:
    return {"showWhen": {"visibility": "show", "join": "and", "items": [item]}}


TABS = dashboard(
    _tab(1, "Overview", layout=AUTO),
    panel(11),
    panel(12),
    panel(13),
    _tab(2, "Latency of $tier", repeat="tier", variables=[custom("quantile", "0.5,0.95")]),
    row(3, dynamic={"level": 1}, collapsed=True, panels=[panel(21, title="P$quantile")]),
    row(4, dynamic={"level": 1, "hideHeader": True}),
    panel(22),
    variables=(custom("tier", "free,pro", ["$__all"], includeAll=True, multi=True),),
)


def test_tabs_and_rows_in_them_are_a_tree() -> None:
    tabs = viewed({**TABS, "panels": [*TABS["panels"]]}).sections
    assert [(one.key, one.kind, one.is_folded) for one in tabs] == [
        ("tab-1", "tab", False),
        ("tab-2", "tab", True),
    ]
    rows = tabs[1].sections
    assert [(one.kind, one.is_folded, one.has_header) for one in rows] == [
        ("row", True, True),
        ("row", False, False),
    ]
    assert [one.key for one in tabs[1].all_panels] == ["21", "22"]


def test_a_repeated_tab_is_a_tab_for_each_value() -> None:
    repeated = [{**one, "repeat": "tier"} if one["id"] == 2 else one for one in TABS["panels"]]
    tabs = viewed({**TABS, "panels": repeated}).sections
    assert [one.title for one in tabs] == ["Overview", "Latency of free", "Latency of pro"]
    assert [one.key for one in tabs[2].all_panels] == ["21:tier=pro", "22:tier=pro"]


@pytest.mark.parametrize(
    ("tab", "opened"), [("", "Overview"), ("Latency of All", "Latency of All"), ("gone", "Overview")]
)
def test_the_tab_that_is_chosen_is_open(tab: str, opened: str) -> None:
    sections = viewed(TABS, View(tab=tab)).sections
    assert [one.title for one in sections if not one.is_folded] == [opened]


def test_a_grid_that_arranges_itself_has_all_of_its_settings() -> None:
    grid = viewed(TABS).sections[0].sections[0]
    assert (grid.kind, grid.layout) == (
        "auto",
        {"kind": "auto", "columns": 2, "columnWidth": "standard", "rowHeight": "short", "fill": False},
    )
    assert list(places(grid).values()) == [(0, 0, 12, 5), (12, 0, 12, 5), (0, 5, 12, 5)]


def test_copies_in_a_grid_that_arranges_itself_flow_with_the_others() -> None:
    board = dashboard(
        panel(1), panel(2, repeat="tier"), panel(3),
        variables=TABS["templating"]["list"], dynamic={"layout": {"kind": "auto"}},
    )  # fmt: skip
    keys = [one.key for one in viewed(board).panels]
    assert keys == ["1", "2:tier=free", "2:tier=pro", "3"]


def test_a_variable_of_a_section_is_known_there_alone() -> None:
    board = viewed(TABS, View(variables={"quantile": ("0.95",)}))
    assert by_key(board)["21"].panel["title"] == "P0.95"
    assert "quantile" not in by_key(board)["11"].values.by_name
    assert [one.name for one in board.variables] == ["tier"]
    assert [(one.name, one.values) for one in board.sections[1].variables] == [("quantile", ("0.95",))]


@pytest.mark.parametrize(
    ("item", "is_shown"),
    [
        ({"kind": "variable", "variable": "tier", "operator": "equals", "value": "pro"}, True),
        ({"kind": "variable", "variable": "tier", "operator": "equals", "value": "free"}, False),
        ({"kind": "variable", "variable": "tier", "operator": "notEquals", "value": "free"}, True),
        ({"kind": "variable", "variable": "tier", "operator": "matches", "value": "^p"}, True),
        ({"kind": "variable", "variable": "tier", "operator": "notMatches", "value": "^p"}, False),
        ({"kind": "variable", "variable": "tier", "operator": "matches", "value": "(?i)PRO"}, True),
        ({"kind": "variable", "variable": "tier", "operator": "matches", "value": "["}, True),
        ({"kind": "variable", "variable": "gone", "operator": "equals", "value": "pro"}, True),
        ({"kind": "timeRange", "value": "6h"}, True),
        ({"kind": "timeRange", "value": "5h"}, False),
        ({"kind": "timeRange", "value": "0.5d"}, True),
        ({"kind": "timeRange", "value": "soon"}, True),
    ],
)
def test_a_condition_decides_whether_a_panel_and_a_row_are_shown(
    item: dict[str, Any], is_shown: bool
) -> None:
    board = dashboard(
        panel(1, dynamic=_when(**item)), row(2, dynamic={"kind": "row", **_when(**item)}), panel(3),
        variables=(custom("tier", "free,pro", "pro"),), dynamic={"layout": {"kind": "auto"}},
    )  # fmt: skip
    assert [one.key for one in viewed(board).panels] == (["1", "3"] if is_shown else [])


@pytest.mark.parametrize(
    ("visibility", "join", "is_shown"),
    [("show", "and", False), ("show", "or", True), ("hide", "and", True), ("hide", "or", False)],
)
def test_conditions_hold_together_or_one_is_enough(visibility: str, join: str, is_shown: bool) -> None:
    items = [{"kind": "timeRange", "value": "1d"}, {"kind": "timeRange", "value": "1h"}]
    condition = {"showWhen": {"visibility": visibility, "join": join, "items": items}}
    assert [one.key for one in viewed(dashboard(panel(1, dynamic=condition))).panels] == ["1"] * is_shown


@pytest.mark.parametrize(("wanted", "kept"), [(True, ["1", "3"]), (False, ["2", "3"])])
def test_a_condition_on_data_is_decided_when_there_is_data(wanted: bool, kept: list[str]) -> None:
    condition = _when(kind="data", value=wanted)
    panels = [panel(1, dynamic=condition), panel(2, dynamic=condition), panel(3)]
    board = viewed(dashboard(*panels, dynamic={"layout": {"kind": "auto"}}))
    rows = PanelData([Frame([Field("Value", "number", [1.0])])])
    shown = with_data(board, {"1": rows, "2": PanelData([Frame([Field("Value", "number", [])])])})
    assert [one.key for one in shown.panels] == kept
    assert [one.place[:2] for one in shown.panels] == [(0, 0), (8, 0)]


def test_all_is_chosen_where_a_condition_wants_all() -> None:
    item = {"kind": "variable", "variable": "tier", "operator": "equals", "value": "all"}
    tier = custom("tier", "free,pro", includeAll=True)
    board = dashboard(panel(1, dynamic=_when(**item)), variables=(tier,))
    assert [one.key for one in viewed(board).panels] == ["1"]
    assert list(viewed(board, View(variables={"tier": ("pro",)})).panels) == []
