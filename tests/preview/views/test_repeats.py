"""Repeated panels and rows where Grafana draws their copies."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashgen.preview.views.view import View
from tests.preview.views.dashboards import by_key, custom, dashboard, panel, places, row, viewed

TIERS = custom("tier", "free,basic,pro", ["$__all"], multi=True, includeAll=True)


def test_copies_side_by_side_share_24_columns_and_what_is_below_moves_down() -> None:
    board = dashboard(
        panel(1, x=12, w=12, h=5, repeat="tier", repeatDirection="h", maxPerRow=2),
        panel(2, y=5, w=24),
        variables=(TIERS,),
    )
    assert places(viewed(board).sections[0]) == {
        "1:tier=free": (0, 0, 12, 5),
        "1:tier=basic": (12, 0, 12, 5),
        "1:tier=pro": (0, 5, 12, 5),
        "2": (0, 10, 24, 4),
    }


def test_four_copies_stand_in_a_row_unless_it_says_otherwise_and_fewer_are_wider() -> None:
    five = custom("v", "a,b,c,d,e", ["$__all"], multi=True, includeAll=True)
    board = dashboard(panel(1, repeat="v"), variables=(five,))
    assert [one.place for one in viewed(board).panels] == [
        (0, 0, 6, 4), (6, 0, 6, 4), (12, 0, 6, 4), (18, 0, 6, 4), (0, 4, 6, 4),
    ]  # fmt: skip
    two = viewed(board, View(variables={"v": ("b", "d")}))
    assert [one.place for one in two.panels] == [(0, 0, 12, 4), (12, 0, 12, 4)]
    wide = dashboard(panel(1, repeat="v", maxPerRow=5), variables=(five,))
    assert [one.place[2] for one in viewed(wide).panels] == [4.8] * 5


def test_copies_below_each_other_keep_their_width_and_leave_neighbours_alone() -> None:
    board = dashboard(
        panel(1, w=6, h=3, repeat="tier", repeatDirection="v"), panel(2, x=6, w=6), panel(3, y=3),
        variables=(TIERS,),
    )  # fmt: skip
    assert places(viewed(board).sections[0]) == {
        "1:tier=free": (0, 0, 6, 3),
        "1:tier=basic": (0, 3, 6, 3),
        "1:tier=pro": (0, 6, 6, 3),
        "2": (6, 0, 6, 4),
        "3": (0, 9, 6, 4),
    }


def test_a_copy_has_its_own_value_in_texts_and_queries() -> None:
    board = dashboard(panel(1, title="Users of $tier", repeat="tier"), variables=(TIERS,))
    copies = by_key(viewed(board))
    assert [one.panel["title"] for one in copies.values()] == [
        "Users of free",
        "Users of basic",
        "Users of pro",
    ]
    assert copies["1:tier=pro"].values.by_name["tier"].texts == ("pro",)
    assert copies["1:tier=pro"].texts["tier"] == "pro"


@pytest.mark.parametrize(
    "variables", [(), (custom("tier", ""),), ({"type": "textbox", "name": "other", "query": "x"},)]
)
def test_what_repeats_over_nothing_is_there_once(variables: tuple[dict[str, Any], ...]) -> None:
    board = dashboard(panel(1, w=8, repeat="tier"), panel(2, x=8), variables=variables)
    assert [one.panel["id"] for one in viewed(board).panels] == [1, 2]


def test_all_repeats_over_each_option_also_with_a_pattern_for_all() -> None:
    pattern = {**TIERS, "allValue": ".*"}
    board = dashboard(panel(1, title="$tier", repeat="tier"), panel(2, title="$tier"), variables=(pattern,))
    assert [one.panel["title"] for one in viewed(board).panels] == ["free", "basic", "pro", "All"]


def test_a_repeated_row_has_all_of_its_panels_for_each_value() -> None:
    board = dashboard(
        row(10, title="Tier $tier", repeat="tier"),
        panel(1, y=1),
        panel(2, x=6, y=1, repeat="region"),
        row(11, y=5),
        panel(3, y=6),
        variables=(TIERS, custom("region", "eu,us", ["$__all"], includeAll=True)),
    )
    sections = viewed(board, View(variables={"tier": ("free", "pro")})).sections
    assert [(one.key, one.title) for one in sections] == [
        ("row-10:tier=free", "Tier free"),
        ("row-10:tier=pro", "Tier pro"),
        ("row-11", "R11"),
    ]
    assert places(sections[1].sections[0]) == {
        "1:tier=pro": (0, 0, 6, 4),
        "2:tier=pro:region=eu": (0, 4, 12, 4),
        "2:tier=pro:region=us": (12, 4, 12, 4),
    }
    inner = next(one for one in sections[1].all_panels if one.key.endswith("us"))
    assert {name: value.texts for name, value in inner.values.by_name.items()} == {
        "tier": ("pro",),
        "region": ("us",),
    }


def test_panels_of_a_folded_row_have_the_places_that_they_have_when_it_opens() -> None:
    folded = row(10, collapsed=True, panels=[panel(1, y=7), panel(2, x=6, y=7)])
    section, below = viewed(dashboard(folded, panel(3, y=1))).sections
    assert section.is_folded
    assert places(section.sections[0]) == {"1": (0, 0, 6, 4), "2": (6, 0, 6, 4)}
    # What comes after a folded row is no part of it.
    assert (below.kind, places(below)) == ("grid", {"3": (0, 0, 6, 4)})


def test_two_panels_with_one_number_and_values_that_are_equal_have_keys_of_their_own() -> None:
    twice = custom("v", "a,a", ["$__all"], includeAll=True)
    board = dashboard(panel(1), panel(1, x=6), panel(2, y=4, repeat="v"), variables=(twice,))
    keys = [one.key for one in viewed(board).panels]
    assert keys == ["1", "1~2", "2:v=a", "2:v=a~2"]


PANELS = st.lists(
    st.builds(
        panel,
        st.integers(1, 30),
        x=st.integers(-2, 26),
        y=st.integers(0, 20),
        w=st.integers(0, 30),
        h=st.integers(0, 9),
        repeat=st.sampled_from(["", "tier", "gone"]),
        repeatDirection=st.sampled_from(["h", "v", None]),
        maxPerRow=st.integers(0, 9),
    ),
    max_size=12,
)
ROWS = st.lists(st.tuples(st.sampled_from(["", "tier"]), PANELS), max_size=3)


@given(PANELS, ROWS)
def test_no_panels_overlap_all_are_in_24_columns_and_keys_are_unique(
    loose: list[dict[str, Any]], rows: list[tuple[str, list[dict[str, Any]]]]
) -> None:
    panels = list(loose)
    for number, (repeat, inner) in enumerate(rows):
        panels += [row(100 + number, y=30 * (number + 1), repeat=repeat), *inner]
    board = viewed(dashboard(*panels, variables=(TIERS,)))
    keys = [one.key for one in board.panels]
    assert len(keys) == len(set(keys))
    grids = [one for section in board.sections for one in (section, *section.sections)]
    for grid in grids:
        boxes = [one.place for one in grid.panels]
        assert boxes == sorted(boxes, key=lambda box: (box[1], box[0]))
        for index, (x, y, w, h) in enumerate(boxes):
            assert x >= 0
            assert x + w <= 24.001
            assert y >= 0
            assert h > 0
            for other_x, other_y, other_w, other_h in boxes[:index]:
                beside = x >= other_x + other_w - 0.001 or other_x >= x + w - 0.001
                assert beside or y >= other_y + other_h or other_y >= y + h
