"""Edits of a dashboard of schema v2 as people make them in Grafana 13: tabs, conditions, layouts, sections."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from dashgen.formats.v2 import extended_dashboard, v2_spec
from tests.pull.support import panel

Json = dict[str, Any]
SHOP = """\
# The shop.
kind: Dashboard
uid: shop
title: Shop   # the name
variables:
  - {name: tier, type: custom, values: [free, pro]}   # tiers
tabs:
  # what comes first
  - title: Overview   # the first tab
    panels:
      - title: One   # one
        query: up
      # about two
      - {title: Two, query: down}   # two
  - title: Costs
    show_when: {variable: tier, equals: pro}   # who pays
    variables:
      - {name: model, type: custom, values: [a, b]}   # models
    rows:
      - title: Detail   # details
        panels:
          - use: kpi   # cost
            with: {title: Cost, query: sum(cost)}
          - title: Tier ${{ tier }}
            for_each: {tier: [free, pro]}   # tiers
            query: sum(rate(x{tier="${{ tier }}"}[5m]))
      - title: Trend
        collapsed: true
        panels:
          - {title: Last, query: last}
  - title: Users
    layout: auto   # as it fits
    panels:
      - title: Active   # who
        query: active
        subtitle: now
      - {title: New, query: new}
      - {title: Lost, query: lost}
"""
PARTS = """\
kind: Components
components:
  kpi:
    params: {title: string, query: string}
    panel:
      title: ${{ title }}
      type: stat
      query: ${{ query }}
"""
FILES = {"specs/shop.yaml": SHOP, "specs/parts.yaml": PARTS}
ROWS_ONLY = """\
# Plain.
kind: Dashboard
uid: plain
title: Plain
rows:
  - title: First   # one
    panels:
      - {title: A, query: a}   # a
  - title: Second
    collapsed: true
    panels:
      - {title: B, query: b}   # b
"""
PRO = {"kind": "variable", "variable": "tier", "operator": "equals", "value": "free"}


def saved_as_v2(data: Json) -> Json:
    """A dashboard as Grafana 13 stores and dashgen reads it: in schema v2, without ids of rows and tabs."""
    return extended_dashboard(v2_spec(restacked(data)), data["uid"]).dashboard


def restacked(data: Json) -> Json:
    """A dashboard whose sections stand one below the other, in the order of its list."""
    y, top, bottom = 0, 0, 0
    placed = []
    for one in data["panels"]:
        if one["type"] == "row":
            y = bottom
            placed.append({**one, "gridPos": {"x": 0, "y": y, "w": 24, "h": 1}})
            top = bottom = y + 1
            first = None
            if one.get("panels"):
                low = min(child["gridPos"]["y"] for child in one["panels"])
                children = [_moved(child, top - low) for child in one["panels"]]
                placed[-1]["panels"] = children
            continue
        if not placed or placed[-1]["type"] == "row":
            first = one["gridPos"]["y"]
        moved = _moved(one, top - (first or 0))
        placed.append(moved)
        bottom = max(bottom, moved["gridPos"]["y"] + moved["gridPos"]["h"])
    return {**data, "panels": placed}


def _moved(one: Json, by: int) -> Json:
    return {**one, "gridPos": {**one["gridPos"], "y": one["gridPos"]["y"] + by}}


def header(title: str, kind: str = "tab", level: int = 0, **dynamic: Any) -> Json:
    """A new row or tab."""
    parts = {"kind": kind, "level": level, **dynamic}
    return {"type": "row", "title": title, "collapsed": False, "panels": [], "gridPos": {}, "dynamic": parts}


def new_panel(number: int, title: str, data: Json) -> Json:
    """A panel like another one, with a query of its own."""
    new = deepcopy(panel(data, "One"))
    new |= {"id": number, "title": title, "gridPos": {"x": 0, "y": 900, "w": 12, "h": 8}}
    new["targets"][0]["expr"] = title.lower()
    return new


def section(data: Json, title: str) -> tuple[int, int]:
    """Where a row or tab begins and ends in the list of panels."""
    listed = data["panels"]
    start = listed.index(panel(data, title))
    level = listed[start].get("dynamic", {}).get("level", 0)
    after = (
        number
        for number, one in enumerate(listed[start + 1 :], start + 1)
        if one["type"] == "row" and one.get("dynamic", {}).get("level", 0) <= level
    )
    return start, next(after, len(listed))


def take(data: Json, title: str) -> list[Json]:
    """Take a row or tab with all that is in it out of a dashboard."""
    start, end = section(data, title)
    taken = data["panels"][start:end]
    del data["panels"][start:end]
    return taken


def put(data: Json, title: str, *panels: Json) -> None:
    """Put panels or sections at the end of a row or tab."""
    end = section(data, title)[1]
    data["panels"][end:end] = panels


def tab_renamed(data: Json) -> None:
    panel(data, "Costs")["title"] = "Money"


def tab_added(data: Json) -> None:
    data["panels"].append(header("End"))


def tab_added_with_panel(data: Json) -> None:
    data["panels"] += [header("End"), new_panel(101, "Fresh", data)]


def tab_added_in_front(data: Json) -> None:
    data["panels"][:0] = [header("Start"), new_panel(101, "Fresh", data)]


def tab_with_rows_added(data: Json) -> None:
    data["panels"] += [header("End"), header("Inner", "row", 1), new_panel(101, "Fresh", data)]


def tab_removed(data: Json) -> None:
    take(data, "Users")


def tab_of_rows_removed(data: Json) -> None:
    take(data, "Costs")


def tab_removed_and_its_panel_moved(data: Json) -> None:
    users = take(data, "Users")
    put(data, "Overview", {**users[1], "gridPos": {"x": 0, "y": 800, "w": 24, "h": 8}})


def tabs_reordered(data: Json) -> None:
    data["panels"][:0] = take(data, "Users")


def panel_moved_to_another_tab(data: Json) -> None:
    two = panel(data, "Two")
    data["panels"].remove(two)
    put(data, "Users", two)


def panel_moved_into_a_row_of_a_tab(data: Json) -> None:
    two = panel(data, "Two")
    data["panels"].remove(two)
    put(data, "Detail", {**two, "gridPos": {"x": 0, "y": 700, "w": 24, "h": 8}})


def panel_of_a_component_moved(data: Json) -> None:
    cost = panel(data, "Cost")
    data["panels"].remove(cost)
    put(data, "Overview", {**cost, "gridPos": {"x": 0, "y": 700, "w": 24, "h": 8}})


def panel_added_in_tab(data: Json) -> None:
    put(data, "Overview", new_panel(101, "Fresh", data))


def panel_added_in_row_of_tab(data: Json) -> None:
    put(data, "Detail", new_panel(101, "Fresh", data))


def panel_added_in_auto_tab(data: Json) -> None:
    put(data, "Users", new_panel(101, "Fresh", data))


def panel_removed_in_tab(data: Json) -> None:
    data["panels"].remove(panel(data, "Two"))


def panels_swapped_in_auto_tab(data: Json) -> None:
    start, _ = section(data, "Users")
    listed = data["panels"]
    listed[start + 1], listed[start + 3] = (
        {**listed[start + 3], "gridPos": listed[start + 1]["gridPos"]},
        {**listed[start + 1], "gridPos": listed[start + 3]["gridPos"]},
    )


def row_moved_to_another_tab(data: Json) -> None:
    data["panels"].append(header("Rows"))
    data["panels"] += take(data, "Trend")


def row_renamed_in_tab(data: Json) -> None:
    panel(data, "Detail")["title"] = "Details"


def row_added_in_tab(data: Json) -> None:
    put(data, "Costs", header("More", "row", 1), new_panel(101, "Fresh", data))


def row_opened(data: Json) -> None:
    trend = panel(data, "Trend")
    index = data["panels"].index(trend)
    data["panels"][index : index + 1] = [{**trend, "collapsed": False, "panels": []}, *trend["panels"]]


def rows_reordered_in_tab(data: Json) -> None:
    trend = take(data, "Trend")
    start, _ = section(data, "Costs")
    data["panels"][start + 1 : start + 1] = trend


def condition_added(data: Json) -> None:
    panel(data, "Overview")["dynamic"]["showWhen"] = {"items": [PRO]}


def condition_changed(data: Json) -> None:
    panel(data, "Costs")["dynamic"]["showWhen"]["items"].append({"kind": "timeRange", "value": "7d"})


def condition_turned(data: Json) -> None:
    panel(data, "Costs")["dynamic"]["showWhen"]["visibility"] = "hide"


def condition_removed(data: Json) -> None:
    del panel(data, "Costs")["dynamic"]["showWhen"]


def condition_of_panel_added(data: Json) -> None:
    panel(data, "New")["dynamic"] = {"showWhen": {"items": [{"kind": "data", "value": True}]}}


def columns_changed(data: Json) -> None:
    panel(data, "Users")["dynamic"]["layout"]["columns"] = 2


def layout_fixed(data: Json) -> None:
    del panel(data, "Users")["dynamic"]["layout"]


def layout_arranged(data: Json) -> None:
    panel(data, "Overview")["dynamic"]["layout"] = {"kind": "auto", "rowHeight": "tall"}


def section_variable_added(data: Json) -> None:
    value = {"text": "x", "value": "x", "selected": True}
    new = {"type": "custom", "name": "kind", "query": "x,y", "current": value, "options": []}
    panel(data, "Overview")["dynamic"]["variables"] = [new]


def section_variable_changed(data: Json) -> None:
    panel(data, "Costs")["dynamic"]["variables"][0]["label"] = "Model"


def section_variable_removed(data: Json) -> None:
    del panel(data, "Costs")["dynamic"]["variables"]


def subtitle_changed(data: Json) -> None:
    panel(data, "Active")["dynamic"]["subtitle"] = "today"


def subtitle_added_in_component(data: Json) -> None:
    panel(data, "Cost")["dynamic"] = {"subtitle": "in dollars"}


def time_compared(data: Json) -> None:
    panel(data, "One")["timeCompare"] = "1d"


def tab_repeated(data: Json) -> None:
    panel(data, "Users")["repeat"] = "tier"


def query_changed_in_row_of_tab(data: Json) -> None:
    panel(data, "Last")["targets"][0]["expr"] = "last_total"


def loop_in_tab_changed(data: Json) -> None:
    for name in ("free", "pro"):
        target = panel(data, f"Tier {name}")["targets"][0]
        target["expr"] = target["expr"].replace("5m", "1h")


def everything_at_once(data: Json) -> None:
    for edit in (condition_added, columns_changed, tab_renamed_again, subtitle_changed, row_renamed_in_tab):
        edit(data)
    tab_added_with_panel(data)
    panel_removed_in_tab(data)


def tab_renamed_again(data: Json) -> None:
    panel(data, "Users")["title"] = "People"


_HELPERS = (saved_as_v2, restacked, header, new_panel, section, take, put, tab_renamed_again)
TABS: dict[str, Callable[[Json], None]] = {
    name: value
    for name, value in list(globals().items())
    if callable(value)
    and not name.startswith("_")
    and value not in _HELPERS
    and getattr(value, "__module__", "") == __name__
}


def rows_became_tabs(data: Json) -> None:
    for one in list(data["panels"]):
        if one["type"] == "row":
            index = data["panels"].index(one)
            children = one["panels"]
            new = {**one, "collapsed": False, "panels": [], "dynamic": {"kind": "tab", "level": 0}}
            data["panels"][index : index + 1] = [new, *children]


def rows_into_a_tab(data: Json) -> None:
    for one in data["panels"]:
        if one["type"] == "row":
            one["dynamic"] = {**one.get("dynamic", {}), "kind": "row", "level": 1}
    data["panels"][:0] = [header("New tab")]


def rows_into_two_tabs(data: Json) -> None:
    rows_into_a_tab(data)
    data["panels"].insert(data["panels"].index(panel(data, "Second")), header("Other"))


ROWS = {edit.__name__: edit for edit in (rows_became_tabs, rows_into_a_tab, rows_into_two_tabs)}
