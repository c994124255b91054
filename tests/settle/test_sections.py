"""Rows and tabs in each other: their order, levels, keys, layouts and variables."""

import pytest

from dashgen.model.settled_dashboard import AutoGrid
from tests.settle.settling import panels, settled, texts
from tests.source.helpers import under

HEAD = "uid: d\ntitle: T\n"
TABS = """\
tabs:
  - title: A
    panels: [{title: One, query: up}]
    rows:
      - {title: R, collapsed: true, panels: [{title: Two, query: up}]}
      - {panels: [{title: Three, query: up}]}
  - title: B
    rows:
      - {title: Outer, rows: [{title: Inner, panels: [{title: Four, query: up}]}]}
      - {title: With tabs, tabs: [{title: C, panels: [{title: Five, query: up}]}]}
"""


def test_sections_come_in_the_order_in_which_they_are_written_each_before_those_in_it() -> None:
    dashboard, problems = settled(TABS)
    assert texts(problems) == []
    shape = [
        (row.kind, row.level, row.title, row.hide_header, [panel.panel.title for panel in row.panels])
        for row in dashboard.rows
    ]
    assert shape == [
        ("tab", 0, "A", False, []),
        ("row", 1, "", True, ["One"]),
        ("row", 1, "R", False, ["Two"]),
        ("row", 1, "", True, ["Three"]),
        ("tab", 0, "B", False, []),
        ("row", 1, "Outer", False, []),
        ("row", 2, "Inner", False, ["Four"]),
        ("row", 1, "With tabs", False, []),
        ("tab", 2, "C", False, ["Five"]),
    ]


def test_places_in_the_classic_form_follow_each_other_through_all_levels() -> None:
    dashboard, _ = settled(TABS)
    assert [row.grid.y for row in dashboard.rows] == [0, 1, 10, 11, 20, 21, 22, 31, 32]
    assert [panel.grid.y for panel in panels(dashboard)] == [2, 11, 12, 23, 33]


ROW = "{title: Latency, panels: [{title: P95, query: up}, {title: P50, key: half, query: up}]}"


def test_ids_and_keys_of_panels_and_of_their_row_stay_when_the_row_moves_into_a_tab() -> None:
    before, _ = settled(f"rows: [{ROW}, {{title: Other, panels: [{{title: P1, query: up}}]}}]\n")
    after, _ = settled(
        f"tabs: [{{title: New, rows: [{ROW}]}}, {{title: Other, panels: [{{title: P1, query: up}}]}}]\n"
    )
    for one in (before, after):
        assert {panel.key for panel in panels(one)} == {"p95", "half", "p1"}
    assert {panel.key: panel.id for panel in panels(before)} == {
        panel.key: panel.id for panel in panels(after)
    }
    ids = {row.title: row.id for row in before.rows}
    assert {
        title: number for title, number in {row.title: row.id for row in after.rows}.items() if title in ids
    } == ids


def test_rows_of_one_title_in_two_tabs_tell_their_panels_apart_by_the_tab() -> None:
    body = f"tabs: [{{title: Free, rows: [{ROW.replace(', key: half', '')}]}}, {{title: Pro, rows: [{ROW.replace(', key: half', '')}]}}]\n"
    dashboard, problems = settled(body)
    assert texts(problems) == []
    assert [panel.key for panel in panels(dashboard)] == [
        "free/latency/p95", "free/latency/p50", "pro/latency/p95", "pro/latency/p50",
    ]  # fmt: skip
    # The other way round they are the same panels.
    tabs = body.removeprefix("tabs: [").removesuffix("]\n")
    first, second = tabs.split(", {title: Pro")
    swapped, _ = settled(f"tabs: [{{title: Pro{second}, {first}]\n")
    assert {panel.key: panel.id for panel in panels(swapped)} == {
        panel.key: panel.id for panel in panels(dashboard)
    }


def layouts(body: str) -> list[AutoGrid | None]:
    dashboard, problems = settled(body)
    assert texts(problems) == []
    return [dashboard.layout, *(row.layout for row in dashboard.rows)]


P = "panels: [{title: P, query: up}]"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"{P}\n", [None, None]),
        (f"layout: auto\n{P}\n", [AutoGrid(), None]),
        (f"layout: {{columns: 2, row_height: 120, column_width: wide, fill: true}}\n{P}\n", [AutoGrid(2, "wide", 120, True), None]),
        (f"layout: auto\n{P}\nrows: [{{title: R, {P}}}, {{title: S, layout: grid, {P}}}]\n", [None, AutoGrid(), AutoGrid(), None]),
        (f"tabs: [{{title: A, layout: auto, rows: [{{title: R, {P}}}, {{title: S, layout: grid, {P}}}]}}]\n", [None, None, AutoGrid(), None]),
        (f"rows: [{{title: R, columns: 4, layout: auto, {P}}}, {{title: S, columns: 4, layout: {{columns: 2}}, {P}}}]\n", [None, AutoGrid(4), AutoGrid(2)]),
    ],
)  # fmt: skip
def test_a_layout_is_taken_on_from_what_is_around(body: str, expected: list[AutoGrid | None]) -> None:
    assert layouts(body) == expected


def test_a_layout_that_arranges_panels_gives_them_the_places_of_grafanas_own_conversion() -> None:
    dashboard, _ = settled(
        "layout: {columns: 2, row_height: short}\npanels: [{title: A, query: up, width: 3}, {title: B, query: up}, {title: C, query: up}]\n"
    )
    grids = [(one.grid.x, one.grid.y, one.grid.w, one.grid.h) for one in panels(dashboard)]
    assert grids == [(0, 0, 12, 5), (12, 0, 12, 5), (0, 5, 12, 5)]


def test_an_untitled_row_becomes_one_without_a_header_only_where_more_than_panels_is_said_of_it() -> None:
    plain, _ = settled(f"rows: [{{{P}}}]\n")
    arranged, _ = settled(f"rows: [{{layout: auto, {P}}}]\n")
    assert [(row.title, row.hide_header) for row in plain.rows] == [(None, False)]
    assert [(row.title, row.hide_header) for row in arranged.rows] == [("", True)]


VARIABLES = """\
variables: [{name: tier, type: custom, values: [free, pro]}]
tabs:
  - title: A
    variables: [{name: quantile, type: custom, multi: true, values: ["0.5", "0.9"]}]
    panels: [{title: One, query: "up * $quantile", repeat: quantile}]
    rows: [{title: R, variables: [{name: tier, type: textbox}], panels: [{title: Two, query: "up * $quantile * $tier"}]}]
"""


def test_variables_of_a_section_are_known_in_it_and_in_the_sections_in_it() -> None:
    dashboard, problems = settled(VARIABLES)
    assert texts(problems) == []
    assert [one.variable.name for one in dashboard.variables] == ["tier"]
    own = {row.title: [one.variable.name for one in row.variables] for row in dashboard.rows if row.variables}
    assert own == {"A": ["quantile"], "R": ["tier"]}
    assert [one.path for one in dashboard.all_variables()] == [
        ("variables", 0), ("tabs", 0, "variables", 0), ("tabs", 0, "rows", 0, "variables", 0),
    ]  # fmt: skip


def test_variables_of_a_section_are_unknown_outside_of_it() -> None:
    body = (
        VARIABLES
        + "  - {title: B, repeat: quantile, panels: [{title: Three, query: 'up * $quantile', repeat: quantile}]}\n"
    )
    _, problems = settled(body)
    assert texts(problems) == [
        "variable/unknown: there is no variable `quantile` to repeat by",
        "query/variable: there is no variable `$quantile`",
        "variable/unknown: there is no variable `quantile` to repeat by",
    ]


def test_two_variables_of_one_section_have_two_names_and_those_of_two_sections_need_not() -> None:
    variables = "variables: [{name: a, type: textbox}]"
    twice = "variables: [{name: a, type: textbox}, {name: a, type: textbox}]"
    _, problems = settled(
        f"tabs: [{{title: A, {variables}, {P}}}, {{title: B, {variables}, panels: [{{title: Q, query: up}}]}}]\n"
    )
    assert texts(problems) == []
    _, problems = settled(f"tabs: [{{title: A, {twice}, {P}}}]\n")
    assert texts(problems) == ["variable/duplicate: two variables are called `a`"]


@pytest.mark.parametrize(
    ("body", "problem", "place"),
    [
        (f"{P}\ntabs: [{{title: A, panels: [{{title: Q, query: up}}]}}]\n", "layout/mixed: `panels` are beside `tabs`, and Grafana shows one of them", "panels"),
        (f"tabs: [{{title: A, {P}}}]\nrows: [{{title: B}}]\n", "layout/mixed: `rows` are beside `tabs`, and Grafana shows one of them", "rows"),
        (f"rows: [{{title: R, {P}, tabs: [{{title: A, panels: [{{title: Q, query: up}}]}}]}}]\n", "layout/mixed: `panels` are beside `tabs`, and Grafana shows one of them", "panels"),
        ("tabs: [{title: A}]\n", "layout/empty: the tab `A` is empty", "{title: A}"),
        (f"tabs: [{{title: A, tabs: [{{title: B, {P}}}]}}]\n", "layout/depth: the tab `B` is directly in a tab, which Grafana's editor does not offer", f"{{title: B, {P}}}"),
        (
            f"rows: [{{title: A, rows: [{{title: B, rows: [{{title: C, rows: [{{title: D, rows: [{{title: E, {P}}}]}}]}}]}}]}}]\n",
            "layout/depth: Grafana puts rows and tabs into each other 4 levels deep, and this is one more",
            f"{{title: E, {P}}}",
        ),
        ("layout: auto\npanels: [{title: P, query: up, at: {x: 0, y: 0, w: 4, h: 4}}]\n", "layout/place: `P` has a place, and this layout arranges its panels by itself", "at"),
    ],
)  # fmt: skip
def test_what_grafana_does_not_take_of_sections_is_reported_at_its_place(
    body: str, problem: str, place: str
) -> None:
    _, problems = settled(body)
    assert texts(problems) == [problem]
    assert under(f"kind: Dashboard\n{HEAD}{body}", problems[0].location) == place
    assert problems[0].hint


def test_four_levels_and_tabs_in_a_row_in_a_tab_are_fine() -> None:
    _, problems = settled(
        f"tabs: [{{title: A, rows: [{{title: B, tabs: [{{title: C, rows: [{{title: D, {P}}}]}}]}}]}}]\n"
    )
    assert texts(problems) == []
