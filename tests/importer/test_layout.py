"""Places on the grid become the fewest words that lay panels out the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.compile.settle.settle_layout import LayoutItem, flow
from dashgen.formats.panel_tree import COLUMNS
from dashgen.formats.upgrade.upgrade_grid import place
from dashgen.importer.import_layout import layout
from dashgen.model.panel_spec import At

PLACES = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 40), st.integers(1, 24), st.integers(1, 12)),
    min_size=1,
    max_size=9,
)


def _grids(*places):
    return [{"x": x, "y": y, "w": w, "h": h} for x, y, w, h in places]


def _laid_out(found):
    items = [
        LayoutItem(
            words.get("width", COLUMNS // found.columns if found.columns else None),
            words.get("height", found.height),
            At(**words["at"]) if "at" in words else None,
        )
        for words in found.panels
    ]
    return [{"x": grid.x, "y": grid.y, "w": grid.w, "h": grid.h} for grid in flow(items, 0)[0]]


@pytest.mark.parametrize(
    ("grids", "columns", "words"),
    [
        (_grids((0, 0, 12, 8), (12, 0, 12, 8)), None, [{}, {}]),
        (_grids((0, 0, 8, 4), (8, 0, 8, 4), (16, 0, 8, 4), (0, 4, 8, 4)), 3, [{}, {}, {}, {}]),
        (_grids((0, 0, 24, 8), (0, 8, 24, 8)), 1, [{}, {}]),
        (_grids((0, 0, 6, 8), (6, 0, 18, 8)), None, [{"width": 6}, {}]),
        (_grids((0, 0, 12, 8), (12, 0, 12, 6)), None, [{}, {"height": 6}]),
        (_grids((0, 0, 12, 8), (12, 0, 12, 4), (12, 4, 12, 4)), None,
         [{"at": {"x": 0, "y": 0, "w": 12, "h": 8}}, {"at": {"x": 12, "y": 0, "w": 12, "h": 4}}, {"at": {"x": 12, "y": 4, "w": 12, "h": 4}}]),
    ],
)  # fmt: skip
def test_only_what_does_not_flow_has_keys(grids, columns, words):
    result = layout(grids, in_row=True)
    assert (result.columns, result.panels) == (columns, words)


@pytest.mark.property
@settings(max_examples=200)
@given(PLACES, st.booleans())
def test_every_place_has_keys(places, in_row):
    panels = [{"type": "stat", "gridPos": grid} for grid in _grids(*places)]
    place(panels)
    grids = [
        panel["gridPos"] for panel in sorted(panels, key=lambda p: (p["gridPos"]["y"], p["gridPos"]["x"]))
    ]
    assert _laid_out(layout(grids, in_row=in_row)) == grids


@pytest.mark.property
@settings(max_examples=200)
@given(PLACES)
def test_no_panel_lies_over_another(places):
    panels = [{"type": "stat", "gridPos": grid} for grid in _grids(*places)]
    place(panels)
    cells = [
        (x, y)
        for grid in (panel["gridPos"] for panel in panels)
        for x in range(grid["x"], grid["x"] + grid["w"])
        for y in range(grid["y"], grid["y"] + grid["h"])
    ]
    assert len(cells) == len(set(cells))
    assert all(0 <= x < COLUMNS for x, _ in cells)
