"""Convert the graph of Grafana 7 and before to a time series.

Source: ``graphToTimeseriesOptions`` in ``public/app/plugins/panel/timeseries/migrations.ts`` of Grafana 12.
What it loses and a time series can say is kept: percentages of stacks, the order of the legend.
"""

from typing import Any

from dashgen.core.json_values import Json
from dashgen.formats.legacy.legacy_series import dash_style, opacity, point_size, series_override
from dashgen.formats.legacy.legacy_values import CALCS, alias_colors, axis_scale, converted, number

_LEGEND_CALCS = ("avg", "current", "max", "min", "total")
_COLUMNS = {"avg": "Mean", "current": "Last *", "max": "Max", "min": "Min", "total": "Total", "name": "Name"}
_BAR_CUSTOM = ("axisLabel", "axisPlacement", "fillOpacity", "gradientMode", "lineWidth", "scaleDistribution")
_SORT = {1: "asc", 2: "desc"}
_THRESHOLD_COLORS = {"critical": "red", "warning": "orange", "ok": "green"}


def graph(panel: Json) -> Json:
    """A time series, or a bar chart where the x axis shows series.

    Before: ``{"type": "graph", "lines": true, "fill": 1, "linewidth": 2, "yaxes": [{"format": "s", …}, …],
    …}``
    After: ``{"type": "timeseries", "fieldConfig": {"defaults": {"unit": "s", "custom": {"fillOpacity": 10,
    …}}}, …}``
    """
    axes = panel.get("yaxes") or [{}, {}]
    left, right = axes[0], axes[-1]
    defaults: Json = {"custom": _custom(panel, left), **_axis(left)}
    links = (panel.get("options") or {}).get("dataLinks")
    if links:
        defaults["links"] = links
    thresholds = [item for item in panel.get("thresholds") or [] if number(item.get("value")) is not None]
    if thresholds:
        defaults["thresholds"] = _thresholds(thresholds)
        defaults["custom"]["thresholdsStyle"] = {"mode": _threshold_style(thresholds)}
    by_series = (panel.get("xaxis") or {}).get("mode") == "series"
    if not by_series:
        return converted(panel, "timeseries", defaults, _options(panel), _overrides(panel, right))
    # A bar chart has no lines and points: their options would be unknown keys of it.
    custom = defaults["custom"]
    defaults["custom"] = {key: custom[key] for key in custom if key in _BAR_CUSTOM}
    options = {**_options(panel), "stacking": custom["stacking"]["mode"]}
    return converted(panel, "barchart", defaults, options, _overrides(panel, right))


def _overrides(panel: Json, right: Json) -> list[Json]:
    overrides = alias_colors(panel.get("aliasColors"))
    series = (series_override(item, panel, right) for item in panel.get("seriesOverrides") or [])
    overrides += [override for override in series if override is not None]
    legend, axis = panel.get("legend") or {}, panel.get("xaxis") or {}
    for key, reducer in (("hideZero", "allIsZero"), ("hideEmpty", "allIsNull")):
        if legend.get(key):
            overrides.append(_hidden_where(reducer))
    if axis.get("show") is False and axis.get("mode", "time") == "time":
        hidden = {"id": "custom.axisPlacement", "value": "hidden"}
        overrides.append({"matcher": {"id": "byType", "options": "time"}, "properties": [hidden]})
    return overrides


def _hidden_where(reducer: str) -> Json:
    matcher = {"id": "byValue", "options": {"op": "gte", "reducer": reducer, "value": 0}}
    hidden = {"legend": True, "tooltip": True, "viz": False}
    return {"matcher": matcher, "properties": [{"id": "custom.hideFrom", "value": hidden}]}


def _axis(axis: Json) -> Json:
    numbers = {key: number(axis.get(key)) for key in ("decimals", "max", "min")}
    written = {key: value for key, value in numbers.items() if value is not None}
    return {"unit": axis["format"], **written} if axis.get("format") else written


def _custom(panel: Json, left: Json) -> Json:
    lines, bars, points = (bool(panel.get(key)) for key in ("lines", "bars", "points"))
    # A graph could draw lines, bars and points at once; a time series draws one, and points on top of it.
    draw = "bars" if bars else "line" if lines or not points else "points"
    stack = "percent" if panel.get("percentage") else "normal"
    custom = {
        "axisLabel": left.get("label") or "",
        "axisPlacement": "auto" if left.get("show", True) else "hidden",
        "drawStyle": draw,
        "fillOpacity": _fill(panel, draw),
        "gradientMode": "opacity" if panel.get("fillGradient") else "none",
        "lineInterpolation": "stepAfter" if panel.get("steppedLine") else "linear",
        "lineWidth": panel.get("linewidth", 1),
        "pointSize": point_size(panel.get("pointradius")) if points else 5,
        "scaleDistribution": axis_scale(left.get("logBase")),
        "showPoints": "always" if points else "never",
        "spanNulls": panel.get("nullPointMode") == "connected",
        "stacking": {"mode": stack if panel.get("stack") else "none", "group": "A"},
    }
    if panel.get("dashes"):
        lengths = [panel.get(key) or 10 for key in ("dashLength", "spaceLength")]
        custom["lineStyle"] = dash_style(dashes=True, lengths=lengths)
    return custom


def _fill(panel: Json, draw: str) -> Any:
    """The opacity of areas: bars were opaque, and bands between two series were drawn at a third."""
    if draw == "bars":
        return 100
    if panel.get("fillGradient"):
        return opacity(panel["fillGradient"])
    if any(series.get("fillBelowTo") for series in panel.get("seriesOverrides") or []):
        return 35
    return opacity(panel.get("fill", 1))


def _options(panel: Json) -> Json:
    legend = panel.get("legend") or {}
    tooltip = panel.get("tooltip") or {}
    shared = tooltip.get("shared", True)
    calcs = [CALCS[key] for key in _LEGEND_CALCS if legend.get(key)] if legend.get("values", True) else []
    options: Json = {
        "legend": {
            "calcs": calcs,
            "displayMode": "table" if legend.get("alignAsTable") else "list",
            "placement": "right" if legend.get("rightSide") else "bottom",
            "showLegend": legend.get("show", True) not in (False, "false"),
        },
        "tooltip": {
            "mode": "multi" if shared else "single",
            "sort": _SORT.get(tooltip.get("sort", 0), "none") if shared else "none",
        },
    }
    if (width := number(legend.get("sideWidth"))) and legend.get("rightSide"):
        options["legend"]["width"] = width
    # A legend sorted by a value that it does not show is not sorted.
    column = _COLUMNS.get(str(legend.get("sort")))
    if column and legend.get("alignAsTable") and (column == "Name" or legend.get(legend["sort"])):
        options["legend"] |= {"sortBy": column, "sortDesc": legend.get("sortDesc") is True}
    return options


def _threshold_style(thresholds: list[Json]) -> str:
    line = any(item.get("line") for item in thresholds)
    fill = any(item.get("fill") for item in thresholds)
    return {(True, True): "line+area", (False, True): "area"}.get((line, fill), "line")


def _thresholds(thresholds: list[Json]) -> Json:
    """Steps from limits that each colour the values above or below them.

    Before: ``[{"value": 5, "op": "gt", "colorMode": "warning"}, {"value": 9, "op": "gt",
    "colorMode": "critical"}]``
    After: ``{"steps": [{"color": "transparent", "value": null}, {"color": "orange", "value": 5}, …], …}``
    """
    # A step colours what is above it. So a limit for the values below gives its colour to the step before it.
    ordered = sorted(thresholds, key=lambda item: float(item["value"]))
    base = _color(ordered[0]) if ordered[0].get("op") == "lt" else "transparent"
    steps: list[Json] = [{"color": base, "value": None}]
    for item, following in zip(ordered, [*ordered[1:], {}], strict=True):
        color = _color(item)
        if item.get("op") == "lt":
            color = _color(following) if following.get("op") == "lt" else "transparent"
        steps.append({"color": color, "value": number(item["value"])})
    return {"mode": "absolute", "steps": steps}


def _color(threshold: Json) -> Any:
    mode = threshold.get("colorMode", "critical")
    own = threshold.get("fillColor") or threshold.get("lineColor")
    return _THRESHOLD_COLORS.get(mode) or own or "red"
