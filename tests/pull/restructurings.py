"""Dashboards whose rows somebody turned into tabs in Grafana 13, or back, or put into others, and how."""

from typing import Any

from tests.pull.support import panel
from tests.pull.tab_edits import header, rows_became_tabs, rows_into_a_tab, section, take

Json = dict[str, Any]

OPEN = """\
# Panels above all rows, and a row without a title.
kind: Dashboard
uid: open
title: Open

# what comes first
panels:
  - {title: Up, query: up}   # up

rows:
  # the first
  - title: "First"   # one
    panels:
      - title: 'A'   # a
        query: >-
          sum(a)
          / sum(b)

      # about b
      - {title: B,
         query: b}
  - panels:
      - {title: C, query: c}   # c

  - title: Last
    hide_header: true
    panels:
      - {title: D, query: d}
# links come last
links: [{title: Docs, url: "https://example.org"}]
"""
PAGES = """\
kind: Dashboard
uid: pages
title: Pages
tabs:
  # what comes first
  - title: Overview   # the first tab
    rows:
      - title: 'Now'   # now
        panels:
          - {title: A, query: a}   # a

      - title: Later
        collapsed: true   # folded
        panels:
          - {title: B, query: b}   # b

  - title: Users
    panels:
      # about c
      - {title: C, query: c}   # c
"""
ONE_PAGE = """\
kind: Dashboard
uid: one
title: One
variables: [{name: tier, type: custom, values: [free, pro]}]

# everything
tabs:
  - title: Overview
    panels:
      - {title: Up, query: up}   # up
    rows:
      # the first
      - title: 'Now'   # now
        panels:
          - {title: A, query: a}   # a

      - title: Later
        collapsed: true   # folded
        panels:
          - {title: B, query: b}   # b
"""
FLAT = """\
kind: Dashboard
uid: flat
title: Flat
panels:
  # the first
  - {title: A, query: a}   # a

  - title: "B"   # b
    query: b
"""
MADE = """\
kind: Dashboard
uid: made
title: Made
rows:
  - use: area   # one
    with: {title: Shop}
  - title: Tier ${{ tier }}   # each
    for_each: {tier: [free, pro]}
    collapsed: true
    panels:
      - {title: 'Load ${{ tier }}', query: 'load{tier="${{ tier }}"}'}   # load
  - use: areas   # two more
"""
PARTS = """\
kind: Components
components:
  area:
    params: {title: string}
    row:   # a body
      title: ${{ title }}
      collapsed: true
      panels:
        - {title: 'Sales of ${{ title }}', query: sales}   # sales
  areas:
    rows:   # bodies
      - title: Third
        panels: [{title: T, query: t}]   # t
      - title: Fourth
        fill_screen: true   # full
        panels: [{title: F, query: f}]
  shared:
    row:
      title: Shared
      panels: [{title: S, query: s}]   # s
"""
HALF = """\
kind: Dashboard
uid: half
title: Half
rows:
  - use: shared   # elsewhere too
  - title: Own   # own
    panels:
      - {title: O, query: o}   # o
"""
OTHER = """\
kind: Dashboard
uid: other
title: Other
rows:
  - use: shared
"""
FILES = {
    f"specs/{name}.yaml": text
    for name, text in {
        "open": OPEN,
        "pages": PAGES,
        "one": ONE_PAGE,
        "flat": FLAT,
        "made": MADE,
        "half": HALF,
        "other": OTHER,
        "parts": PARTS,
    }.items()
}


def _kind(one: Json, kind: str, level: int = 0) -> None:
    rest = {key: value for key, value in one.get("dynamic", {}).items() if key not in ("kind", "level")}
    one["dynamic"] = {**rest, "kind": kind, "level": level}


def rows_became_tabs_with_a_first_one(data: Json) -> None:
    """What the editor does: panels above all rows are in a first tab, and rows without a title get one."""
    if data["panels"][0]["type"] != "row":
        data["panels"].insert(0, header("New tab"))
    for one in data["panels"]:
        if one["type"] == "row":
            one["title"] = one["title"] or "Tab"
    rows_became_tabs(data)


def tabs_became_rows(data: Json) -> None:
    for one in data["panels"]:
        if one["type"] == "row" and one["dynamic"]["level"] == 0:
            one["dynamic"]["kind"] = "row"


def tab_unwrapped(data: Json) -> None:
    """Its rows, and the panels above them, are what the dashboard has itself."""
    data["panels"].remove(panel(data, "Overview"))
    for one in data["panels"]:
        if one["type"] == "row" and one.get("dynamic"):
            one["dynamic"]["level"] -= 1


def rows_of_a_tab_became_tabs(data: Json) -> None:
    """Of a tab with panels above its rows, those are left."""
    start, end = section(data, "Overview")
    opened: list[Json] = []
    for one in data["panels"][start + 1 : end]:
        if one["type"] == "row" and one["title"]:
            _kind(one, "tab")
            opened += [{**one, "collapsed": False, "panels": []}, *one["panels"]]
        elif one["type"] != "row":
            opened.append(one)
    own = [] if opened[0]["type"] == "row" else [panel(data, "Overview")]
    data["panels"][start:end] = [*own, *opened]


def tabs_into_a_tab_as_rows(data: Json) -> None:
    users = panel(data, "Users")
    _kind(users, "row", 1)
    for title in ("Now", "Later"):
        _kind(panel(data, title), "row", 2)
    _kind(panel(data, "Overview"), "row", 1)
    data["panels"].insert(0, header("All"))


def tabs_into_a_row(data: Json) -> None:
    for one in data["panels"]:
        if one["type"] == "row":
            one["dynamic"]["level"] += 1
    data["panels"].insert(0, header("All", "row"))


def tabs_ungrouped(data: Json) -> None:
    """The rows of all tabs stand one below the other."""
    data["panels"].remove(panel(data, "Overview"))
    for title in ("Now", "Later", "Users"):
        _kind(panel(data, title), "row", 0)


def panels_into_a_tab(data: Json) -> None:
    data["panels"].insert(0, header("New tab"))


def panels_into_two_tabs(data: Json) -> None:
    data["panels"].insert(1, header("Second"))
    data["panels"].insert(0, header("New tab"))


def rows_became_tabs_and_more(data: Json) -> None:
    rows_became_tabs_with_a_first_one(data)
    panel(data, "First")["title"] = "Start"
    panel(data, "A")["description"] = "Somebody wrote this"
    moved = panel(data, "D")
    data["panels"].remove(moved)
    data["panels"].insert(data["panels"].index(panel(data, "A")) + 1, moved)


def rows_into_a_row(data: Json) -> None:
    for one in data["panels"]:
        if one["type"] == "row":
            _kind(one, "row", 1)
    data["panels"][:0] = [header("All", "row"), header("", "row", 1, hideHeader=True)]


def rows_of_a_tab_into_a_row(data: Json) -> None:
    for title in ("Now", "Later"):
        _kind(panel(data, title), "row", 2)
    start, _ = section(data, "Overview")
    data["panels"].insert(start + 1, header("Inner", "row", 1))


def rows_of_a_tab_became_tabs_in_it(data: Json) -> None:
    for title in ("Now", "Later"):
        one = panel(data, title)
        _kind(one, "tab", 1)
        at = data["panels"].index(one)
        data["panels"][at : at + 1] = [{**one, "collapsed": False, "panels": []}, *one["panels"]]


def rows_became_tabs_and_one_is_gone(data: Json) -> None:
    rows_became_tabs_with_a_first_one(data)
    take(data, "Last")


RESTRUCTURINGS = {
    (edit.__name__, uid): edit
    for uid, edits in {
        "open": (
            rows_became_tabs_with_a_first_one,
            rows_became_tabs_and_more,
            rows_became_tabs_and_one_is_gone,
            rows_into_a_row,
        ),
        "pages": (
            tabs_became_rows,
            rows_of_a_tab_became_tabs,
            tabs_into_a_tab_as_rows,
            tabs_into_a_row,
            tabs_ungrouped,
            rows_of_a_tab_into_a_row,
            rows_of_a_tab_became_tabs_in_it,
        ),
        "one": (tab_unwrapped, rows_of_a_tab_became_tabs, tabs_became_rows),
        "flat": (panels_into_a_tab, panels_into_two_tabs),
        "made": (rows_became_tabs, rows_into_a_tab),
        "half": (rows_into_a_tab,),
    }.items()
    for edit in edits
}
