"""Rows, their panels, and where they come to stand."""

import pytest

from tests.settle.settling import panels, settled
from tests.source.helpers import told


def grids(body: str) -> list[tuple[str, int, int, int, int]]:
    dashboard, problems = settled(body)
    assert told(problems) == []
    result = []
    for row in dashboard.rows:
        if row.title is not None:
            result.append((f"[{row.title}]", row.grid.x, row.grid.y, row.grid.w, row.grid.h))
        result += [(one.panel.title, one.grid.x, one.grid.y, one.grid.w, one.grid.h) for one in row.panels]
    return result


def test_rows_follow_each_other_below_panels_without_a_row() -> None:
    body = """\
panels: [{title: A, query: up}]
rows:
  - {title: R, height: 4, panels: [{title: B, query: up}, {title: C, query: up, height: 6}]}
  - {title: S, panels: [{title: D, query: up}]}
"""
    assert grids(body) == [
        ("A", 0, 0, 24, 8),
        ("[R]", 0, 8, 24, 1), ("B", 0, 9, 12, 4), ("C", 12, 9, 12, 6),
        ("[S]", 0, 15, 24, 1), ("D", 0, 16, 24, 8),
    ]  # fmt: skip


def test_a_collapsed_row_takes_one_line_and_its_panels_start_below_it() -> None:
    body = "rows:\n  - {title: R, collapsed: true, panels: [{title: B, query: up}]}\n  - {title: S, panels: [{title: C, query: up}]}\n"
    assert grids(body) == [("[R]", 0, 0, 24, 1), ("B", 0, 1, 24, 8), ("[S]", 0, 1, 24, 1), ("C", 0, 2, 24, 8)]


def test_a_row_without_a_title_is_only_its_panels_and_cannot_be_collapsed() -> None:
    dashboard, _ = settled("rows: [{collapsed: true, panels: [{title: A, query: up}]}, {title: R}]\n")
    assert [(row.title, row.collapsed, len(row.panels)) for row in dashboard.rows] == [
        (None, False, 1),
        ("R", False, 0),
    ]


def test_heights_come_from_the_panel_then_the_row_then_the_dashboard() -> None:
    body = "height: 5\nrows: [{panels: [{title: A, query: up}]}, {height: 3, panels: [{title: B, query: up}, {title: C, query: up, height: 2}]}]\n"
    assert [height for _, _, _, _, height in grids(body)] == [5, 3, 2]


def ids(body: str) -> dict[str, int]:
    dashboard, problems = settled(body)
    assert told(problems) == []
    result = {one.panel.title: one.id for one in panels(dashboard)}
    return result | {f"[{row.title}]": row.id for row in dashboard.rows if row.title}


def test_ids_stay_when_panels_move_between_rows_and_neighbours_change_their_names() -> None:
    before = ids(
        "rows: [{title: R, panels: [{title: A, query: up}, {title: B, query: up}]}, {title: S, panels: [{title: C, query: up}]}]\n"
    )
    after = ids(
        "rows: [{title: S, panels: [{title: C, query: up}, {title: A, query: up}]}, {title: Q, panels: [{title: New, query: up}]}]\n"
    )
    assert {name: after[name] for name in ("A", "C", "[S]")} == {
        name: before[name] for name in ("A", "C", "[S]")
    }


def test_a_key_keeps_the_id_when_the_title_changes() -> None:
    before = ids("panels: [{key: k, title: A, query: up}]\n")
    assert list(ids("panels: [{key: k, title: Z, query: up}]\n").values()) == list(before.values())


def test_panels_of_one_title_in_two_rows_are_told_apart_by_their_rows() -> None:
    dashboard, _ = settled(
        "rows: [{title: R, panels: [{title: A, query: up}]}, {title: S, panels: [{title: A, query: up}]}]\n"
    )
    assert [one.key for one in panels(dashboard)] == ["r/a", "s/a"]


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        (
            "panels: [{title: A, query: up, key: k}, {title: B, query: up, key: k}]",
            "4:68 panel/key: two panels have the key `k`",
        ),
        ("panels: [{title: A, query: up, width: 30}]", "4:39 panel/width: a width is 1 to 24 columns"),
        (
            "panels: [{title: A, query: up, at: {x: 20, y: 0, w: 5, h: 1}}]",
            "4:36 panel/grid: `A` reaches beyond column 24",
        ),
        (
            "panels: [{title: A, query: up, at: {x: 0, y: 0, w: 5, h: 5}}, {title: B, query: up, at: {x: 4, y: 4, w: 5, h: 5}}]",
            "4:89 panel/overlap: `B` lies over `A`",
        ),
        (
            "panels: [{title: A, query: up, height: 2000000}]",
            "4:10 panel/grid: `A` reaches beyond grid row 1000000",
        ),
    ],
)
def test_what_cannot_be_placed_is_told(body: str, finding: str) -> None:
    assert told(settled(body + "\n")[1]) == [finding]


def test_a_repetition_has_a_short_form() -> None:
    dashboard, _ = settled(
        "rows: [{title: R, repeat: $tier, panels: [{title: A, query: up, repeat: {by: tier, max_per_row: 2}}]}]\n"
    )
    [row] = dashboard.rows
    assert row.repeat is not None
    assert row.repeat.by == "tier"
    assert row.panels[0].repeat is not None
    assert row.panels[0].repeat.max_per_row == 2
