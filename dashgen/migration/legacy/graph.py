"""The graph of Grafana 7 and before becomes a time series."""

from typing import Any

from dashgen.migration.legacy.shared import (
    CALCS,
    Json,
    alias_colors,
    axis_scale,
    converted,
    fixed,
    number,
)

_LEGEND_CALCS = ("avg", "current", "max", "min", "total")
_BAR_CUSTOM = ("axisLabel", "axisPlacement", "fillOpacity", "gradientMode", "lineWidth", "scaleDistribution")
_SORT = {1: "asc", 2: "desc"}
_THRESHOLD_COLORS = {"critical": "red", "warning": "orange", "ok": "green"}


def graph(panel: Json) -> Json:
    """A time series, or a bar chart where the x axis shows series.

    Before: ``{"type": "graph", "lines": true, "fill": 1, "linewidth": 2, "yaxes": [{"format": "s", …}, …], …}``
    After: ``{"type": "timeseries", "fieldConfig": {"defaults": {"unit": "s", "custom": {"fillOpacity": 10, …}}}, …}``
    """
    axes = panel.get("yaxes") or [{}, {}]
    left, right = axes[0], axes[-1]
    defaults: Json = {"custom": _custom(panel, left), **_axis(left)}
    links = (panel.get("options") or {}).get("dataLinks")
    if links:
        defaults["links"] = links
    thresholds = panel.get("thresholds") or []
    if thresholds:
        defaults["thresholds"] = _thresholds(thresholds)
        defaults["custom"]["thresholdsStyle"] = {"mode": _threshold_style(thresholds)}
    overrides = alias_colors(panel.get("aliasColors"))
    overrides += [_override(item, right) for item in panel.get("seriesOverrides") or []]
    by_series = (panel.get("xaxis") or {}).get("mode") == "series"
    if not by_series:
        return converted(panel, "timeseries", defaults, _options(panel), overrides)
    custom = defaults["custom"]
    defaults["custom"] = {key: custom[key] for key in custom if key in _BAR_CUSTOM}
    options = {**_options(panel), "stacking": custom["stacking"]["mode"]}
    return converted(panel, "barchart", defaults, options, overrides)


def _axis(axis: Json) -> Json:
    given = {"decimals": axis.get("decimals"), "max": number(axis.get("max")), "min": number(axis.get("min"))}
    found = {key: value for key, value in given.items() if value is not None}
    return {"unit": axis["format"], **found} if axis.get("format") else found


def _custom(panel: Json, left: Json) -> Json:
    lines, bars, points = (bool(panel.get(key)) for key in ("lines", "bars", "points"))
    draw = "line" if lines else "bars" if bars else "points" if points else "line"
    stack = "percent" if panel.get("percentage") else "normal"
    return {
        "axisLabel": left.get("label") or "",
        "axisPlacement": "auto" if left.get("show", True) else "hidden",
        "drawStyle": draw,
        "fillOpacity": 100 if draw == "bars" else min(100, 10 * int(panel.get("fill", 1))),
        "gradientMode": "opacity" if panel.get("fillGradient") else "none",
        "lineInterpolation": "stepAfter" if panel.get("steppedLine") else "linear",
        "lineWidth": panel.get("linewidth", 1),
        "pointSize": panel.get("pointradius", 5),
        "scaleDistribution": axis_scale(left.get("logBase")),
        "showPoints": "always" if points else "never",
        "spanNulls": panel.get("nullPointMode") == "connected",
        "stacking": {"mode": stack if panel.get("stack") else "none", "group": "A"},
    }


def _options(panel: Json) -> Json:
    legend = panel.get("legend") or {}
    tooltip = panel.get("tooltip") or {}
    calcs = [CALCS[key] for key in _LEGEND_CALCS if legend.get(key)] if legend.get("values", True) else []
    return {
        "legend": {
            "calcs": calcs,
            "displayMode": "table" if legend.get("alignAsTable") else "list",
            "placement": "right" if legend.get("rightSide") else "bottom",
            "showLegend": legend.get("show", True),
        },
        "tooltip": {
            "mode": "multi" if tooltip.get("shared", True) else "single",
            "sort": _SORT.get(tooltip.get("sort", 0), "none"),
        },
    }


def _threshold_style(thresholds: list[Json]) -> str:
    line = any(item.get("line") for item in thresholds)
    fill = any(item.get("fill") for item in thresholds)
    return {(True, True): "line+area", (False, True): "area"}.get((line, fill), "line")


def _thresholds(thresholds: list[Json]) -> Json:
    """Steps from limits that each colour the values above or below them."""
    ordered = sorted(thresholds, key=lambda item: float(item["value"]))
    base = next((_color(item) for item in ordered if item.get("op") == "lt"), "transparent")
    steps: list[Json] = [{"color": base, "value": None}]
    for item in ordered:
        color = "transparent" if item.get("op") == "lt" else _color(item)
        steps.append({"color": color, "value": number(item["value"])})
    return {"mode": "absolute", "steps": steps}


def _color(threshold: Json) -> Any:
    mode = threshold.get("colorMode", "critical")
    return _THRESHOLD_COLORS.get(mode) or threshold.get("fillColor") or "red"


def _override(series: Json, right: Json) -> Json:
    """A series override as an override.

    Before: ``{"alias": "/p99/", "yaxis": 2, "bars": false, "lines": true, "fill": 1, …}``
    After: ``{"matcher": {"id": "byRegexp", "options": "/p99/"}, "properties": [{"id": "custom.axisPlacement", …}]}``
    """
    alias = series.get("alias", "")
    pattern = len(alias) > 1 and alias[0] == alias[-1] == "/"
    properties: list[tuple[str, Any]] = []
    if series.get("yaxis") == 2:
        properties.append(("custom.axisPlacement", "right"))
        properties += [(key, value) for key, value in _axis(right).items() if key == "unit"]
    if series.get("bars") and not series.get("lines", True):
        properties.append(("custom.drawStyle", "bars"))
    if "fill" in series:
        properties.append(("custom.fillOpacity", min(100, 10 * series["fill"])))
    if series.get("dashes"):
        dash = [series.get("dashLength", 10), series.get("spaceLength", 10)]
        properties.append(("custom.lineStyle", {"fill": "dash", "dash": dash}))
    if series.get("color"):
        properties.append(("color", fixed(series["color"])))
    if series.get("fillBelowTo"):
        properties.append(("custom.fillBelowTo", series["fillBelowTo"]))
    matcher = {"id": "byRegexp" if pattern else "byName", "options": alias}
    return {"matcher": matcher, "properties": [{"id": name, "value": value} for name, value in properties]}
