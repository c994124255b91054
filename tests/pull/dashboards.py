"""Edits of a whole dashboard as people make them in Grafana."""

from copy import deepcopy
from typing import Any

from tests.pull.support import panel

Json = dict[str, Any]
SHOP = """\
# The shop.
kind: Dashboard
uid: shop
title: Shop   # the name
time: 6h
tags: [a, b]
variables:
  - {name: tier, query: "label_values(up, tier)"}   # tiers
  - use: model
annotations:
  - {name: Deploys, query: "changes(v[1m]) > 0"}   # releases
links:
  - {title: Wiki, url: https://wiki.example.com}   # read me
rows:
  # first row
  - title: Key   # the key row
    height: 4
    panels:
      - title: One   # one
        query: up
      # about two
      - title: Two
        query: down   # two
      - title: Three
        query: left   # three
  - title: More
    panels:
      - use: kpi   # cost
        with: {title: Cost, query: sum(cost)}
      - title: Tier ${{ tier }}
        for_each: {tier: [free, pro, team]}   # tiers
        query: sum(rate(x{tier="${{ tier }}"}[5m]))
        unit: s
      - title: Last
        datasource: loki
        type: logs
        query: '{app="shop"}'
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
      unit: short   # plain
  model:
    variable: {name: model, query: "label_values(up, model)"}   # models
"""
FILES = {"specs/shop.yaml": SHOP, "specs/parts.yaml": PARTS}


def title(data: Json) -> None:
    data["title"] = "The shop"


def description(data: Json) -> None:
    data["description"] = "What we sell: everything."


def time_range(data: Json) -> None:
    data["time"] = {"from": "now-24h", "to": "now"}


def time_of_days(data: Json) -> None:
    data["time"] = {"from": "now/d", "to": "now/d"}


def refresh(data: Json) -> None:
    data["refresh"] = "1m"


def timezone(data: Json) -> None:
    data["timezone"] = "utc"


def week_start(data: Json) -> None:
    data["weekStart"] = "monday"


def tag_added(data: Json) -> None:
    data["tags"].append("c")


def tag_removed(data: Json) -> None:
    data["tags"].remove("a")


def all_tags_removed(data: Json) -> None:
    data["tags"].clear()


def shared_tooltip(data: Json) -> None:
    data["graphTooltip"] = 2


def not_editable(data: Json) -> None:
    data["editable"] = False


def time_picker(data: Json) -> None:
    data["timepicker"] = {"hidden": True}


def wordless(data: Json) -> None:
    data["fiscalYearStartMonth"] = 3


def variable_label(data: Json) -> None:
    data["templating"]["list"][0]["label"] = "Tier"


def variable_query(data: Json) -> None:
    variable = data["templating"]["list"][0]
    variable["query"] = variable["definition"] = "label_values(orders_total, tier)"


def variable_of_component(data: Json) -> None:
    data["templating"]["list"][1]["multi"] = True


def variable_added(data: Json) -> None:
    chosen = {"text": "a", "value": "a", "selected": True}
    options = [chosen, {"text": "b", "value": "b", "selected": False}]
    new = {"type": "custom", "name": "kind", "query": "a,b", "current": chosen, "options": options}
    data["templating"]["list"].insert(1, new)


def variable_removed(data: Json) -> None:
    del data["templating"]["list"][1]


def variables_swapped(data: Json) -> None:
    data["templating"]["list"].reverse()


def annotation_color(data: Json) -> None:
    data["annotations"]["list"][1]["iconColor"] = "red"


def annotation_added(data: Json) -> None:
    new = deepcopy(data["annotations"]["list"][1])
    new |= {"name": "Restarts", "expr": "resets(v[1m]) > 0"}
    if "target" in new:
        new["target"]["expr"] = new["expr"]
    data["annotations"]["list"].append(new)


def annotation_removed(data: Json) -> None:
    del data["annotations"]["list"][1]


def link_added(data: Json) -> None:
    data["links"].append({**data["links"][0], "title": "Runbook", "url": "https://wiki.example.com/run"})


def link_changed(data: Json) -> None:
    data["links"][0]["targetBlank"] = True


def link_removed(data: Json) -> None:
    data["links"].clear()


def panel_removed(data: Json) -> None:
    data["panels"].remove(panel(data, "Two"))


def last_panel_removed(data: Json) -> None:
    data["panels"].remove(panel(data, "Three"))


def panel_of_component_removed(data: Json) -> None:
    data["panels"].remove(panel(data, "Cost"))


def panel_of_loop_removed(data: Json) -> None:
    data["panels"].remove(panel(data, "Tier pro"))


def every_panel_of_loop_removed(data: Json) -> None:
    for name in ("free", "pro", "team"):
        data["panels"].remove(panel(data, f"Tier {name}"))


def panel_added(data: Json) -> None:
    new = deepcopy(panel(data, "One"))
    new |= {"id": 101, "title": "New", "gridPos": {"x": 0, "y": 90, "w": 12, "h": 8}}
    new["targets"][0]["expr"] = "new"
    data["panels"].append(new)


def panel_added_in_first_row(data: Json) -> None:
    new = deepcopy(panel(data, "One"))
    new |= {"id": 101, "title": "New", "gridPos": {"x": 18, "y": 1, "w": 6, "h": 4}}
    for number, name in enumerate(("One", "Two", "Three")):
        panel(data, name)["gridPos"] |= {"x": number * 6, "w": 6}
    data["panels"].insert(4, new)


def panel_duplicated(data: Json) -> None:
    new = deepcopy(panel(data, "Cost"))
    new |= {"id": 102, "gridPos": {"x": 0, "y": 91, "w": 4, "h": 8}}
    data["panels"].append(new)


def panels_swapped(data: Json) -> None:
    one, two = panel(data, "One")["gridPos"], panel(data, "Two")["gridPos"]
    one["x"], two["x"] = two["x"], one["x"]


def panel_moved_to_other_row(data: Json) -> None:
    moved = panel(data, "Two")
    data["panels"].remove(moved)
    data["panels"].append({**moved, "gridPos": {"x": 0, "y": 90, "w": 24, "h": 4}})


def panel_resized(data: Json) -> None:
    for name, x, w in (("One", 0, 12), ("Two", 12, 6), ("Three", 18, 6)):
        panel(data, name)["gridPos"] |= {"x": x, "w": w}


def panels_taller(data: Json) -> None:
    for one in data["panels"]:
        if one["gridPos"]["y"] > 4:
            one["gridPos"]["y"] += 2
    for name in ("One", "Two", "Three"):
        panel(data, name)["gridPos"]["h"] = 6


def row_renamed(data: Json) -> None:
    panel(data, "More")["title"] = "Much more"


def row_collapsed(data: Json) -> None:
    index = data["panels"].index(panel(data, "More"))
    row = data["panels"][index]
    row |= {"collapsed": True, "panels": data["panels"][index + 1 :]}
    del data["panels"][index + 1 :]


def row_title_removed(data: Json) -> None:
    data["panels"].remove(panel(data, "More"))


def row_removed_with_panels(data: Json) -> None:
    del data["panels"][data["panels"].index(panel(data, "More")) :]


def row_added(data: Json) -> None:
    location = {"x": 0, "y": 90, "w": 24, "h": 1}
    data["panels"].append(
        {"type": "row", "id": 103, "title": "End", "collapsed": False, "panels": [], "gridPos": location}
    )


def row_added_with_panel(data: Json) -> None:
    row_added(data)
    panel_added(data)
    panel(data, "New")["gridPos"]["y"] = 91


def rows_swapped(data: Json) -> None:
    index = data["panels"].index(panel(data, "More"))
    first, second = data["panels"][:index], data["panels"][index:]
    for one in first:
        one["gridPos"]["y"] += 100
    data["panels"] = second + first


def loop_all_alike(data: Json) -> None:
    for name in ("free", "pro", "team"):
        target = panel(data, f"Tier {name}")["targets"][0]
        target["expr"] = target["expr"].replace("5m", "1h")


def loop_one_panel(data: Json) -> None:
    panel(data, "Tier pro")["fieldConfig"]["defaults"]["unit"] = "ms"


def source_of_panel(data: Json) -> None:
    changed = panel(data, "Three")
    changed["datasource"] = changed["targets"][0]["datasource"] = {"type": "loki", "uid": "loki"}
    changed["targets"][0] = {
        "refId": "A",
        "datasource": changed["datasource"],
        "expr": 'sum(count_over_time({app="x"}[5m]))',
        "queryType": "range",
    }


def type_of_panel(data: Json) -> None:
    from dashgen.formats.upgrade.upgrade_panels import with_defaults

    one = panel(data, "One")
    steps = [{"color": "green", "value": None}, {"color": "red", "value": 80}]
    fields = {"color": {"mode": "thresholds"}, "thresholds": {"mode": "absolute", "steps": steps}}
    config = {"defaults": fields, "overrides": []}
    plain = with_defaults({**one, "type": "stat", "options": {}, "fieldConfig": config})
    data["panels"][data["panels"].index(one)] = plain


def everything(data: Json) -> None:
    for edit in (
        title,
        refresh,
        tag_added,
        variable_label,
        link_changed,
        row_renamed,
        loop_one_panel,
        panel_removed,
    ):
        edit(data)
    panel_added(data)


DASHBOARD = {
    name: value
    for name, value in list(globals().items())
    if callable(value) and not name.startswith("_") and value.__module__ == __name__
}
