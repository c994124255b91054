"""Panels flow from left to right in 24 columns, wrap, and never lie over each other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.compile.settle.settle_layout import LayoutItem, columns, flow, overlaps
from dashgen.model.panel_spec import At
from dashgen.model.settled_dashboard import Grid


def places(items: list[LayoutItem], top: int = 0) -> list[tuple[int, int, int, int]]:
    return [(grid.x, grid.y, grid.w, grid.h) for grid in flow(items, top)[0]]


def free(count: int) -> list[LayoutItem]:
    return [LayoutItem(None, 8) for _ in range(count)]


@pytest.mark.parametrize(
    ("count", "widths"),
    [
        (1, [24]), (2, [12, 12]), (3, [8, 8, 8]), (4, [6] * 4), (5, [5, 5, 5, 5, 4]), (6, [4] * 6),
        (7, [6, 6, 6, 6, 8, 8, 8]), (8, [6] * 8), (12, [4] * 12), (13, [5, 5, 5, 5, 4, 5, 5, 5, 5, 4, 8, 8, 8]),
    ],
)  # fmt: skip
def test_panels_without_a_width_share_their_line_equally_at_most_six_on_one(
    count: int, widths: list[int]
) -> None:
    assert [w for _, _, w, _ in places(free(count))] == widths


@pytest.mark.parametrize(
    ("widths", "expected"),
    [
        ([8, None], [(0, 0, 8, 8), (8, 0, 16, 8)]),
        ([16, None, None], [(0, 0, 16, 8), (16, 0, 4, 8), (20, 0, 4, 8)]),
        ([None, 16, None], [(0, 0, 4, 8), (4, 0, 16, 8), (20, 0, 4, 8)]),
        ([24, None], [(0, 0, 24, 8), (0, 8, 24, 8)]),
        ([22, None], [(0, 0, 22, 8), (0, 8, 24, 8)]),
        ([12, 12, 12], [(0, 0, 12, 8), (12, 0, 12, 8), (0, 8, 12, 8)]),
        ([1, 24, 1], [(0, 0, 1, 8), (0, 8, 24, 8), (0, 16, 1, 8)]),
    ],
)
def test_a_width_is_kept_and_the_others_share_what_is_left(
    widths: list[int | None], expected: list[tuple[int, ...]]
) -> None:
    assert places([LayoutItem(width, 8) for width in widths]) == expected


def test_a_line_is_as_high_as_its_highest_panel() -> None:
    assert places([LayoutItem(12, 4), LayoutItem(12, 10), LayoutItem(12, 3)]) == [
        (0, 0, 12, 4),
        (12, 0, 12, 10),
        (0, 10, 12, 3),
    ]


def test_an_explicit_place_is_kept_below_the_top_and_the_flow_starts_below_it() -> None:
    items = [LayoutItem(None, 8), LayoutItem(None, 8, At(x=6, y=2, w=4, h=3)), LayoutItem(None, 8)]
    assert places(items, top=10) == [(0, 15, 12, 8), (6, 12, 4, 3), (12, 15, 12, 8)]


def test_a_row_without_panels_ends_where_it_starts() -> None:
    assert flow([], 7) == ([], 7)


@pytest.mark.parametrize(
    ("text", "expected"),
    [(1, 1), (24, 24), ("1/3", 8), ("2/3", 16), ("1/1", 24), ("1/24", 1), (" 1 / 4 ", 6), ("24/24", 24)],
)
def test_a_width_is_columns_or_a_fraction(text: int | str, expected: int) -> None:
    assert columns(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        0,
        25,
        -1,
        "3/2",
        "1/25",
        "1/0",
        "0/1",
        "1",
        "x",
        "",
        "1/2/3",
        "-1/2",
        "1.5/3",
        "²/²",
        "1/" + "9" * 99,
        "/",
    ],
)
def test_anything_else_is_no_width(text: int | str) -> None:
    with pytest.raises(ValueError, match="width"):
        columns(text)


@pytest.mark.parametrize(
    ("grids", "pairs"),
    [
        ([(0, 0, 12, 8), (12, 0, 12, 8), (0, 8, 24, 1)], []),
        ([(0, 0, 12, 8), (11, 7, 2, 2)], [(0, 1)]),
        ([(11, 7, 2, 2), (0, 0, 12, 8)], [(0, 1)]),
        ([(0, 0, 24, 8), (0, 0, 24, 8), (0, 0, 24, 8)], [(0, 1), (0, 2)]),
        ([(0, 5, 4, 4), (0, 0, 4, 20), (8, 0, 4, 4)], [(0, 1)]),
    ],
)
def test_every_place_that_lies_over_another_is_told_once(
    grids: list[tuple[int, ...]], pairs: list[tuple[int, int]]
) -> None:
    assert list(overlaps([Grid(*grid) for grid in grids])) == pairs


ITEMS = st.lists(st.builds(LayoutItem, st.none() | st.integers(1, 24), st.integers(1, 20)), max_size=30)


@pytest.mark.property
@settings(max_examples=200)
@given(ITEMS, st.integers(0, 50))
def test_flowing_panels_never_overlap_and_stay_within_24_columns(items: list[LayoutItem], top: int) -> None:
    grids, bottom = flow(items, top)
    cells = [(x, y) for g in grids for x in range(g.x, g.x + g.w) for y in range(g.y, g.y + g.h)]
    assert len(set(cells)) == len(cells)
    assert all(
        g.x >= 0 and g.w >= 1 and g.x + g.w <= 24 and top <= g.y and g.y + g.h <= bottom for g in grids
    )
    assert list(overlaps(grids)) == []
    assert [(g.y, g.x) for g in grids] == sorted((g.y, g.x) for g in grids)
    assert all(g.h == item.height and item.width in (None, g.w) for g, item in zip(grids, items, strict=True))


@pytest.mark.property
@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(st.integers(0, 23), st.integers(0, 9), st.integers(1, 24), st.integers(1, 9)), max_size=12
    )
)
def test_an_overlap_is_told_exactly_when_two_places_share_a_cell(
    places: list[tuple[int, int, int, int]],
) -> None:
    grids = [Grid(*location) for location in places]
    cells = [{(x, y) for x in range(g.x, g.x + g.w) for y in range(g.y, g.y + g.h)} for g in grids]
    shared = any(a & b for i, a in enumerate(cells) for b in cells[:i])
    result = list(overlaps(grids))
    assert bool(result) == shared
    assert all(cells[a] & cells[b] for a, b in result)
