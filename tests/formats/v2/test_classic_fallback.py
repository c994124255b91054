"""Layouts of the new schema on the classic grid, and what every other Grafana loses of them."""

import pytest

from tests.formats.v2.v2_support import auto_grid, classic, grid, item, panel, places, rows, tabs

ONE, TWO, THREE = panel(1), panel(2), panel(3)
CONDITION = {
    "kind": "ConditionalRenderingGroup",
    "spec": {
        "visibility": "show", "condition": "and",
        "items": [{"kind": "ConditionalRenderingData", "spec": {"value": True}}],
    },
}  # fmt: skip


def test_a_grid_keeps_its_places() -> None:
    result = classic(grid(item("panel-1"), item("panel-2", 12, 0, 12, 4)), ONE, TWO)
    assert places(result) == [("Panel 1", 0, 0, 12, 8), ("Panel 2", 12, 0, 12, 4)]
    assert result.notes == []


def test_a_repeated_panel() -> None:
    repeat = {"mode": "variable", "value": "job", "direction": "h", "maxPerRow": 4}
    (built,) = classic(grid(item("panel-1", repeat=repeat)), ONE).dashboard["panels"]
    assert (built["repeat"], built["repeatDirection"], built["maxPerRow"]) == ("job", "h", 4)


def test_rows_stand_one_below_the_other_and_folded_ones_hold_their_panels() -> None:
    result = classic(
        rows(
            {"title": "", "hideHeader": True, "layout": grid(item("panel-1"))},
            {"title": "Open", "layout": grid(item("panel-2"))},
            {"title": "Folded", "collapse": True, "repeat": {"mode": "variable", "value": "job"}, "layout": grid(item("panel-3"))},
        ),
        ONE, TWO, THREE,
    )  # fmt: skip
    assert places(result) == [
        ("Panel 1", 0, 0, 12, 8),
        ("Open", 0, 8, 24, 1),
        ("Panel 2", 0, 9, 12, 8),
        ("Folded", 0, 17, 24, 1),
        ("Panel 3", 0, 18, 12, 8),
    ]
    folded = result.dashboard["panels"][-1]
    assert (folded["collapsed"], folded["repeat"]) == (True, "job")
    assert result.notes == []


def test_a_grid_that_arranges_itself_has_the_places_of_grafanas_conversion() -> None:
    result = classic(
        auto_grid("panel-1", "panel-2", "panel-3", maxColumnCount=2, rowHeightMode="short"), ONE, TWO, THREE
    )
    assert places(result) == [("Panel 1", 0, 0, 12, 5), ("Panel 2", 12, 0, 12, 5), ("Panel 3", 0, 5, 12, 5)]
    assert ("converted", "a grid that arranges its panels by itself became fixed places") in result.notes


@pytest.mark.parametrize(
    ("mode", "height"),
    [
        ({"rowHeightMode": "tall"}, 14),
        ({"rowHeightMode": "custom", "rowHeight": 100}, 3),
        ({"rowHeightMode": "?"}, 9),
    ],
)
def test_heights_of_such_a_grid(mode: dict[str, object], height: int) -> None:
    assert places(classic(auto_grid("panel-1", **mode), ONE)) == [("Panel 1", 0, 0, 8, height)]


def test_tabs_become_rows_and_say_so() -> None:
    result = classic(
        tabs(
            {"title": "First", "layout": grid(item("panel-1"))},
            {"title": "Second", "layout": rows({"title": "Inner", "layout": grid(item("panel-2"))})},
        ),
        ONE, TWO,
    )  # fmt: skip
    assert places(result) == [
        ("First", 0, 0, 24, 1),
        ("Panel 1", 0, 1, 12, 8),
        ("Second", 0, 9, 24, 1),
        ("Inner", 0, 10, 24, 1),
        ("Panel 2", 0, 11, 12, 8),
    ]
    assert result.notes == [("converted", "tabs became rows, one below the other")]


def test_conditions_are_dropped_with_a_word() -> None:
    result = classic(
        rows(
            {
                "title": "R",
                "conditionalRendering": CONDITION,
                "layout": auto_grid("panel-1"),
                "fillScreen": True,
            },
        ),
        ONE,
    )
    assert ("dropped", "when the row `R` is shown; it is always shown now") in result.notes
    assert ("dropped", "that the row `R` fills the screen") in result.notes


def test_variables_of_a_row_belong_to_the_dashboard() -> None:
    own = {"kind": "TextVariable", "spec": {"name": "word", "query": "x"}}
    result = classic(rows({"title": "R", "variables": [own], "layout": grid(item("panel-1"))}), ONE)
    assert [v["name"] for v in result.dashboard["templating"]["list"]] == ["word"]
    assert ("converted", "variables of the row `R` are variables of the dashboard") in result.notes


def test_panels_without_a_place_and_places_without_a_panel_are_reported() -> None:
    result = classic(grid(item("panel-9")), ONE)
    assert result.dashboard["panels"] == []
    assert result.notes == [
        ("dropped", "a place for the panel `panel-9`, which does not exist"),
        ("dropped", "the panel `panel-1`, which the layout does not show"),
    ]


def test_rows_of_the_first_version_stand_inside_a_grid() -> None:
    row = {
        "kind": "GridLayoutRow",
        "spec": {"y": 8, "title": "Old", "collapsed": True, "elements": [item("panel-2")]},
    }
    assert places(classic(grid(item("panel-1"), row), ONE, TWO)) == [
        ("Panel 1", 0, 0, 12, 8),
        ("Old", 0, 8, 24, 1),
        ("Panel 2", 0, 9, 12, 8),
    ]


@pytest.mark.parametrize(
    "layout",
    [{}, {"kind": "?"}, {"kind": "GridLayout", "spec": []}, {"kind": "RowsLayout", "spec": {"rows": [5]}}],
)
def test_a_broken_layout_places_nothing(layout: dict[str, object]) -> None:
    assert classic(layout, ONE).dashboard["panels"] == []


def test_layouts_in_each_other_end_somewhere() -> None:
    layout = grid(item("panel-1"))
    for _ in range(50):
        layout = tabs({"title": "T", "layout": layout})
    assert classic(layout, ONE).dashboard["panels"]
