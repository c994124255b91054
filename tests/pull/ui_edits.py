"""Ten edits and more of each of the project's own dashboards, as people make and Grafana's editor saves them."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from tests.pull.support import panel

Json = dict[str, Any]
Edit = Callable[[Json], None]
PROMETHEUS = {"type": "prometheus", "uid": "prometheus"}
END = 900
"""Below everything: Grafana's grid takes a panel up to the first free line."""


def place(x: int, y: int, w: int, h: int) -> Json:
    return {"x": x, "y": y, "w": w, "h": h}


def steps(*pairs: tuple[str, float | None]) -> Json:
    return {"mode": "absolute", "steps": [{"color": color, "value": value} for color, value in pairs]}


def new_panel(number: int, title: str, expr: str, at: Json, **more: Any) -> Json:
    """A time series as "Add visualization" of Grafana 12 saves it."""
    custom = {
        "axisBorderShow": False, "axisCenteredZero": False, "axisColorMode": "text", "axisLabel": "",
        "axisPlacement": "auto", "barAlignment": 0, "barWidthFactor": 0.6, "drawStyle": "line", "fillOpacity": 0,
        "gradientMode": "none", "hideFrom": {"legend": False, "tooltip": False, "viz": False},
        "insertNulls": False, "lineInterpolation": "linear", "lineWidth": 1, "pointSize": 5,
        "scaleDistribution": {"type": "linear"}, "showPoints": "auto", "showValues": False, "spanNulls": False,
        "stacking": {"group": "A", "mode": "none"}, "thresholdsStyle": {"mode": "off"},
    }  # fmt: skip
    target = {
        "datasource": PROMETHEUS, "editorMode": "code", "expr": expr, "legendFormat": "__auto", "range": True, "refId": "A",
    }  # fmt: skip
    defaults = {
        "color": {"mode": "palette-classic"}, "custom": custom, "mappings": [], "noValue": "",
        "thresholds": steps(("green", None), ("red", 80)),
    }  # fmt: skip
    created = {
        "datasource": PROMETHEUS,
        "description": "",
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "gridPos": at,
        "id": number,
        "options": {
            "legend": {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": True},
            "tooltip": {"hideZeros": False, "mode": "single", "sort": "none"},
        },
        "pluginVersion": "12.4.3",
        "targets": [target],
        "title": title,
        "type": "timeseries",
    }
    return {**created, **more}


def new_row(number: int, title: str, y: int) -> Json:
    return {"collapsed": False, "gridPos": place(0, y, 24, 1), "id": number, "panels": [], "title": title, "type": "row"}  # fmt: skip


def number_of(data: Json) -> int:
    """The id that Grafana gives to the next panel."""
    every = [one["id"] for top in data["panels"] for one in (top, *top.get("panels", ())) if "id" in one]
    return max(every) + 1


def put(data: Json, title: str, **at: int) -> None:
    panel(data, title)["gridPos"] |= at


def remove(data: Json, title: str) -> None:
    data["panels"].remove(panel(data, title))


def defaults_of(data: Json, title: str) -> Json:
    result: Json = panel(data, title)["fieldConfig"]["defaults"]
    return result


def variable(data: Json, name: str) -> Json:
    return next(one for one in data["templating"]["list"] if one["name"] == name)


def below(data: Json, y: int, by: int) -> None:
    """Everything from a line on goes down."""
    for one in data["panels"]:
        if one["gridPos"]["y"] >= y:
            one["gridPos"]["y"] += by


def add_below_the_last_row(data: Json) -> None:
    data["panels"].append(new_panel(number_of(data), "Uptime", "up", place(0, END, 12, 8)))


def add_two_below_the_last_row(data: Json) -> None:
    add_below_the_last_row(data)
    data["panels"].append(new_panel(number_of(data), "Restarts", "changes(up[1h])", place(12, END, 12, 8)))


def add_at_the_top(data: Json) -> None:
    below(data, 0, 8)
    data["panels"].insert(0, new_panel(number_of(data), "Uptime", "up", place(0, 0, 12, 8)))


def add_into_a_row(data: Json) -> None:
    for number, title in enumerate(("📈 Query Rate", "⏱️ Response Time Percentiles", "🚨 Error Rate")):
        put(data, title, x=6 * number, w=6)
    data["panels"].append(new_panel(number_of(data), "Saturation", "up", place(18, 6, 6, 8)))


def add_a_row(data: Json) -> None:
    below(data, 34, 9)
    data["panels"].append(new_row(number_of(data), "Experiments", 34))
    data["panels"].append(new_panel(number_of(data), "Variants", "up", place(0, 35, 12, 8)))


def add_an_empty_row_at_the_end(data: Json) -> None:
    data["panels"].append(new_row(number_of(data), "Later", END))


def delete_a_panel(data: Json) -> None:
    remove(data, "❌ Errors")


def delete_a_wide_panel(data: Json) -> None:
    remove(data, "💰 Most Expensive Queries")


def move_within_a_row(data: Json) -> None:
    put(data, "🚨 Error Rate", x=0)
    put(data, "📈 Query Rate", x=8)
    put(data, "⏱️ Response Time Percentiles", x=16)


def move_to_another_row(data: Json) -> None:
    below(data, 14, 8)
    put(data, "💸 Cost Over Time", x=0, y=14, w=24)
    put(data, "🛠️ Tool Usage", w=12)
    put(data, "📱 Command Usage Distribution", x=12, w=12)


def duplicate(data: Json) -> None:
    copied = deepcopy(panel(data, "📱 Command Usage Distribution"))
    copied |= {"id": number_of(data), "gridPos": place(0, 23, 8, 8)}
    below(data, 23, 8)
    data["panels"].append(copied)


def retype(data: Json) -> None:
    one = panel(data, "📱 Command Usage Distribution")
    one["type"] = "bargauge"
    one["options"] = {
        "displayMode": "gradient", "legend": {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": False},
        "maxVizHeight": 300, "minVizHeight": 16, "minVizWidth": 8, "namePlacement": "auto", "orientation": "horizontal",
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}, "showUnfilled": True,
        "sizing": "auto", "valueMode": "color",
    }  # fmt: skip
    one["fieldConfig"]["defaults"] |= {
        "color": {"mode": "thresholds"}, "custom": {}, "mappings": [], "thresholds": steps(("green", None), ("red", 80)),
    }  # fmt: skip


def add_a_variable(data: Json) -> None:
    data["templating"]["list"].append({
        "allowCustomValue": True, "current": {"text": "", "value": ""}, "datasource": PROMETHEUS,
        "definition": "label_values(up,job)", "name": "job", "label": "Job", "options": [],
        "query": {"qryType": 1, "query": "label_values(up,job)", "refId": "PrometheusVariableQueryEditor-VariableQuery"},
        "refresh": 1, "regex": "", "type": "query",
    })  # fmt: skip


def add_an_annotation(data: Json) -> None:
    data["annotations"]["list"].append({
        "datasource": PROMETHEUS, "enable": True, "hide": False, "iconColor": "red", "name": "Restarts",
        "target": {"expr": "changes(up[1m]) > 0", "interval": "", "refId": "Anno"}, "titleFormat": "Restarted",
    })  # fmt: skip


def change_thresholds(data: Json) -> None:
    defaults_of(data, "✅ Success Rate")["thresholds"] = steps(
        ("red", None), ("yellow", 0.95), ("green", 0.99)
    )


def change_a_unit(data: Json) -> None:
    defaults_of(data, "📈 Query Rate")["unit"] = "reqps"


def change_a_legend(data: Json) -> None:
    one = panel(data, "⏱️ Response Time Percentiles")
    one["options"]["legend"] = {"calcs": ["mean", "max"], "displayMode": "table", "placement": "right", "showLegend": True}  # fmt: skip


def collapse_a_row(data: Json) -> None:
    row = panel(data, "What is used, and what it costs")
    inside = [one for one in data["panels"] if row["gridPos"]["y"] < one["gridPos"]["y"] < 23]
    row |= {"collapsed": True, "panels": inside}
    data["panels"] = [one for one in data["panels"] if one not in inside]


def delete_a_panel_of_an_alert(data: Json) -> None:
    remove(data, "💰 Total Cost (24h)")


def change_a_query(data: Json) -> None:
    target = panel(data, "📊 Avg Cost per Query")["targets"][0]
    target["expr"] = target["expr"].replace("[24h]", "[12h]")


def resize(data: Json) -> None:
    put(data, "💰 Cost by Model", w=8)
    put(data, "🔢 Token Usage by Model", x=8, w=8)
    put(data, "📊 Cost per Query Over Time", x=16, w=8)
    put(data, "💸 Cost Efficiency (Queries per Dollar)", x=0, y=23, w=24)


def change_the_times(data: Json) -> None:
    data["time"] = {"from": "now-7d", "to": "now"}
    data["refresh"] = "5m"


def add_an_override(data: Json) -> None:
    matcher = {"id": "byName", "options": "free"}
    color = {"id": "color", "value": {"fixedColor": "orange", "mode": "fixed"}}
    panel(data, "💵 Cost Over Time")["fieldConfig"]["overrides"].append(
        {"matcher": matcher, "properties": [color]}
    )


def add_a_transformation(data: Json) -> None:
    limit = {"id": "limit", "options": {"limitField": "5"}}
    panel(data, "💰 Most Expensive Queries")["transformations"].append(limit)


def add_a_data_link(data: Json) -> None:
    link = {"targetBlank": True, "title": "Prices", "url": "https://example.com/prices"}
    defaults_of(data, "💰 Cost by Model")["links"] = [link]


def change_a_default(data: Json) -> None:
    chosen = {"text": "$0.05", "value": "0.05"}
    known = variable(data, "min_cost")
    known["current"] = {**chosen, "text": "0.05"}
    for option in known.get("options", ()):
        option["selected"] = option["value"] == "0.05"


def rename_a_row(data: Json) -> None:
    panel(data, "Models")["title"] = "By model"


def change_one_turn(data: Json) -> None:
    defaults_of(data, "MAU (Monthly Active Users)")["unit"] = "locale"


def delete_one_turn(data: Json) -> None:
    title = next(one["title"] for one in data["panels"] if one["title"].startswith("ARR"))
    remove(data, title)


def move_a_row(data: Json) -> None:
    rows = ["Key figures", "Growth", "Health of the business"]
    y = 0
    for title in rows:
        row = panel(data, title)
        first = data["panels"].index(row)
        after = data["panels"][first + 1 :]
        inside = after[: next((i for i, one in enumerate(after) if one["type"] == "row"), len(after))]
        low = row["gridPos"]["y"]
        height = max(one["gridPos"]["y"] + one["gridPos"]["h"] for one in inside) - low
        for one in (row, *inside):
            one["moved"] = one["gridPos"]["y"] - low + y
        y += height
    for one in data["panels"]:
        if "moved" in one:
            one["gridPos"]["y"] = one.pop("moved")
    data["panels"].sort(key=lambda one: (one["gridPos"]["y"], one["gridPos"]["x"]))


def delete_a_row_with_its_panels(data: Json) -> None:
    for title in ("Users", "🏆 Top Users by Activity", "💰 Top Users by Cost"):
        remove(data, title)


def add_a_query(data: Json) -> None:
    one = panel(data, "🔄 Active Users Over Time")
    extra = {
        "refId": "D",
        "expr": "sum(dubai_estate_users)",
        "legendFormat": "registered",
        "editorMode": "code",
    }
    one["targets"].append({**deepcopy(one["targets"][0]), **extra})


def swap_queries(data: Json) -> None:
    targets = panel(data, "🔄 Active Users Over Time")["targets"]
    targets[0], targets[2] = targets[2], targets[0]


def repeat_a_panel(data: Json) -> None:
    panel(data, "💸 Revenue Trend").update(repeat="tier", repeatDirection="h", maxPerRow=4)


def add_a_link(data: Json) -> None:
    data["links"].append({
        "asDropdown": False, "icon": "external link", "includeVars": False, "keepTime": False, "tags": [],
        "targetBlank": True, "title": "Wiki", "tooltip": "", "type": "link", "url": "https://wiki.example.com",
    })  # fmt: skip


def change_a_panel_in_a_collapsed_row(data: Json) -> None:
    defaults_of(data, "Paying Users (Free → Paid)")["decimals"] = 1


def add_into_a_collapsed_row(data: Json) -> None:
    row = panel(data, "Feature adoption, upgrades and cancellations")
    row["panels"].append(new_panel(number_of(data), "Downgrades", "up", place(0, 48, 24, 8)))


EDITS: Mapping[str, tuple[Edit, ...]] = {
    "mission-control": (
        add_below_the_last_row, add_two_below_the_last_row, add_into_a_row, add_a_row, delete_a_panel, move_within_a_row,
        move_to_another_row, duplicate, retype, add_a_variable, add_an_annotation, change_thresholds, change_a_unit,
        change_a_legend, collapse_a_row,
    ),
    "ai-cost": (
        add_at_the_top, add_below_the_last_row, add_an_empty_row_at_the_end, delete_a_panel_of_an_alert, delete_a_wide_panel,
        change_a_query, resize, change_the_times, add_an_override, add_a_transformation, add_a_data_link, change_a_default,
        rename_a_row,
    ),
    "user-analytics": (
        change_one_turn, delete_one_turn, move_a_row, delete_a_row_with_its_panels, add_a_query, swap_queries,
        repeat_a_panel, add_a_link, change_a_panel_in_a_collapsed_row, add_into_a_collapsed_row, add_below_the_last_row,
    ),
}  # fmt: skip
