"""Edits as people make them in Grafana's editor: of one panel, and of a dashboard."""

from typing import Any

Json = dict[str, Any]


def _defaults(panel: Json) -> Json:
    return panel["fieldConfig"]["defaults"]


def _custom(panel: Json) -> Json:
    return _defaults(panel).setdefault("custom", {})


def _free_ref(panel: Json) -> str:
    taken = {target["refId"] for target in panel["targets"]}
    return next(letter for letter in "ABCDEFGHIJKLMNOP" if letter not in taken)


def unit(panel: Json) -> None:
    _defaults(panel)["unit"] = "bytes"


def no_unit(panel: Json) -> None:
    _defaults(panel).pop("unit")


def decimals(panel: Json) -> None:
    _defaults(panel)["decimals"] = 2


def smallest(panel: Json) -> None:
    _defaults(panel)["min"] = 0


def largest(panel: Json) -> None:
    _defaults(panel)["max"] = 100


def no_value(panel: Json) -> None:
    _defaults(panel)["noValue"] = "nothing yet"


def display_name(panel: Json) -> None:
    _defaults(panel)["displayName"] = "all of it"


def fixed_color(panel: Json) -> None:
    _defaults(panel)["color"] = {"mode": "fixed", "fixedColor": "blue"}


def color_scheme(panel: Json) -> None:
    _defaults(panel)["color"] = {"mode": "continuous-GrYlRd"}


def threshold_value(panel: Json) -> None:
    _defaults(panel)["thresholds"]["steps"][-1]["value"] = 7


def threshold_added(panel: Json) -> None:
    _defaults(panel)["thresholds"]["steps"].append({"color": "purple", "value": 90})


def threshold_removed(panel: Json) -> None:
    _defaults(panel)["thresholds"]["steps"].pop()


def threshold_color(panel: Json) -> None:
    _defaults(panel)["thresholds"]["steps"][-1]["color"] = "orange"


def threshold_percent(panel: Json) -> None:
    _defaults(panel)["thresholds"]["mode"] = "percentage"


def mapping(panel: Json) -> None:
    value = {"type": "value", "options": {"0": {"index": 0, "text": "Down", "color": "red"}}}
    _defaults(panel)["mappings"] = [value]


def value_link(panel: Json) -> None:
    _defaults(panel)["links"] = [{"title": "Wiki", "url": "https://wiki.example.com", "targetBlank": True}]


def title(panel: Json) -> None:
    panel["title"] = "Another title"


def description(panel: Json) -> None:
    panel["description"] = "Why: because.\nAnd more."


def no_description(panel: Json) -> None:
    panel.pop("description", None)


def transparent(panel: Json) -> None:
    panel["transparent"] = True


def query(panel: Json) -> None:
    target = panel["targets"][0]
    target["expr"] = target["expr"].replace("[5m]", "[10m]")


def other_query(panel: Json) -> None:
    panel["targets"][0]["expr"] = "up == 0"


def query_with_quotes(panel: Json) -> None:
    panel["targets"][0]["expr"] = 'sum(x{a="it\'s"}) > 0'


def query_of_lines(panel: Json) -> None:
    panel["targets"][0]["expr"] = "sum(x)\n/\nsum(y)"


def legend(panel: Json) -> None:
    panel["targets"][0]["legendFormat"] = "of {{status}}"


def exemplars(panel: Json) -> None:
    panel["targets"][0]["exemplar"] = True


def step(panel: Json) -> None:
    panel["targets"][0]["interval"] = "1m"


def hidden_query(panel: Json) -> None:
    panel["targets"][0]["hide"] = True


def second_query(panel: Json) -> None:
    new = {"refId": _free_ref(panel), "expr": "up", "legendFormat": "up"}
    panel["targets"].append({**panel["targets"][0], **new})


def expression(panel: Json) -> None:
    source = {"type": "__expr__", "uid": "__expr__"}
    new = {"refId": _free_ref(panel), "type": "math", "expression": "$A * 2"}
    panel["targets"].append({**new, "datasource": source})


def interval(panel: Json) -> None:
    panel["interval"] = "30s"


def max_points(panel: Json) -> None:
    panel["maxDataPoints"] = 500


def time_from(panel: Json) -> None:
    panel["timeFrom"] = "7d"


def time_shift(panel: Json) -> None:
    panel["timeShift"] = "1w"


def panel_link(panel: Json) -> None:
    panel["links"] = [{"title": "Runbook", "url": "https://wiki.example.com/runbook"}]


def repeat(panel: Json) -> None:
    panel["repeat"], panel["repeatDirection"] = "tier", "h"


def override(panel: Json) -> None:
    properties = [
        {"id": "unit", "value": "s"},
        {"id": "color", "value": {"mode": "fixed", "fixedColor": "red"}},
    ]
    panel["fieldConfig"]["overrides"] = [
        {"matcher": {"id": "byName", "options": "errors"}, "properties": properties}
    ]


def transformation(panel: Json) -> None:
    panel["transformations"] = [{"id": "organize", "options": {"excludeByName": {"Time": True}}}]


def legend_table(panel: Json) -> None:
    panel["options"]["legend"] = {
        "displayMode": "table",
        "placement": "right",
        "showLegend": True,
        "calcs": ["max"],
    }


def no_legend(panel: Json) -> None:
    panel["options"]["legend"] = {
        "displayMode": "list",
        "placement": "bottom",
        "showLegend": False,
        "calcs": [],
    }


def tooltip(panel: Json) -> None:
    panel["options"]["tooltip"] = {"mode": "single", "sort": "none"}


def fill(panel: Json) -> None:
    _custom(panel)["fillOpacity"] = 33


def bars(panel: Json) -> None:
    _custom(panel)["drawStyle"] = "bars"


def stacked(panel: Json) -> None:
    _custom(panel)["stacking"] = {"mode": "normal", "group": "A"}


def line_width(panel: Json) -> None:
    _custom(panel)["lineWidth"] = 3


def axis_label(panel: Json) -> None:
    _custom(panel)["axisLabel"] = "per second"


def log_scale(panel: Json) -> None:
    _custom(panel)["scaleDistribution"] = {"type": "log", "log": 10}


def nulls(panel: Json) -> None:
    _custom(panel)["spanNulls"] = True


def wordless_option(panel: Json) -> None:
    panel["options"]["somethingNew"] = {"on": True}


def wordless_field(panel: Json) -> None:
    _custom(panel)["somethingElse"] = 4


def wordless_query(panel: Json) -> None:
    panel["targets"][0]["somethingOfTheQuery"] = "x"


def width(panel: Json) -> None:
    panel["gridPos"]["w"] = min(9, 24 - panel["gridPos"]["x"])


def height(panel: Json) -> None:
    panel["gridPos"]["h"] = 11


def several(panel: Json) -> None:
    title(panel)
    unit(panel)
    query(panel)
    fill(panel)
    threshold_value(panel)
    wordless_option(panel)


PANEL = {
    name: value
    for name, value in list(globals().items())
    if callable(value) and not name.startswith("_") and value.__module__ == __name__
}
