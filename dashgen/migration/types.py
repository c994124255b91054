"""What is special about panel types: a function for each that has something to correct or complete."""

from collections.abc import Callable
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
Complete: TypeAlias = Callable[[Json, Json, Json], Json | None]

FIELDLESS = frozenset({"text", "dashlist", "alertlist", "annolist", "news", "welcome", "gettingstarted"})
"""Types that draw no fields."""
BARE = {
    "logs": (),
    "traces": (),
    "flamegraph": (),
    "nodeGraph": (),
    "heatmap": ("custom",),
}
"""Types that draw fields without thresholds, colours and mappings, and the field options that they have."""
PALETTE = frozenset({"timeseries", "barchart", "piechart", "histogram", "candlestick", "xychart", "trend"})
"""Types that give each series a colour of its own."""

GRAPH_CUSTOM = {
    "axisBorderShow": False,
    "axisCenteredZero": False,
    "axisColorMode": "text",
    "axisLabel": "",
    "axisPlacement": "auto",
    "barAlignment": 0,
    "barWidthFactor": 0.6,
    "drawStyle": "line",
    "fillOpacity": 0,
    "gradientMode": "none",
    "insertNulls": False,
    "lineInterpolation": "linear",
    "lineWidth": 1,
    "pointSize": 5,
    "showPoints": "auto",
    "spanNulls": False,
}
STAT_OPTIONS = {
    "colorMode": "value",
    "graphMode": "area",
    "justifyMode": "auto",
    "orientation": "auto",
    "percentChangeColorMode": "standard",
    "showPercentChange": False,
    "textMode": "auto",
    "wideLayout": True,
}


def legend(given: Json | None) -> Json:
    """A legend with ``showLegend``.

    Before: ``{"displayMode": "hidden", "placement": "bottom", "calcs": []}``
    After: ``{"showLegend": false, "displayMode": "list", "placement": "bottom", "calcs": []}``
    """
    made: Json = {"showLegend": True, "displayMode": "list", "placement": "bottom", **(given or {})}
    if made["displayMode"] == "hidden":
        made["displayMode"] = "list"
        made["showLegend"] = False
    made["calcs"] = list(made.get("calcs") or ())
    return made


def tooltip(given: Json | None) -> Json:
    """A tooltip with its order."""
    return {"mode": "single", "sort": "none", "hideZeros": False, **(given or {})}


def hide_from(given: Json | None) -> Json:
    """All three parts that a series can be left out of; out of the picture is out of the tooltip.

    Before: ``{"viz": true}``
    After: ``{"legend": false, "tooltip": true, "viz": true}``
    """
    made = {"legend": False, "tooltip": False, "viz": False, **(given or {})}
    if made["viz"]:
        made["tooltip"] = True
    return made


def scale(given: Json | None) -> Json:
    """How an axis is divided; a linear one has no base.

    Before: ``{"type": "linear", "log": 2}``
    After: ``{"type": "linear"}``
    """
    return {"type": "linear"} if not given or given.get("type") == "linear" else dict(given)


def _chart(_: Json, defaults: Json, options: Json) -> Json | None:
    options["legend"] = legend(options.get("legend"))
    options["tooltip"] = tooltip(options.get("tooltip"))
    defaults["custom"]["hideFrom"] = hide_from(defaults["custom"].get("hideFrom"))
    return None


def _graph(panel: Json, defaults: Json, options: Json) -> Json | None:
    """A graph with every key that Grafana's editor writes.

    Before: ``"stacking": {}``, ``"scaleDistribution": {"type": "linear", "log": 2}``, ``"axisSoftMin": null``
    After: ``"stacking": {"mode": "none", "group": "A"}``, ``"scaleDistribution": {"type": "linear"}``
    """
    custom = {**GRAPH_CUSTOM, **defaults["custom"]}
    custom["scaleDistribution"] = scale(custom.get("scaleDistribution"))
    custom["stacking"] = custom.get("stacking") or {"mode": "none", "group": "A"}
    custom["thresholdsStyle"] = custom.get("thresholdsStyle") or {"mode": "off"}
    defaults["custom"] = custom
    return _chart(panel, defaults, options)


def _stat(_: Json, __: Json, options: Json) -> Json:
    return {**STAT_OPTIONS, **options}


TYPES: dict[str, Complete] = {"timeseries": _graph, "candlestick": _graph, "trend": _graph, "stat": _stat}
