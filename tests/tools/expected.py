"""What Grafana makes of old panels, after its own migrations, as facts about the panel of today."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.tools.plain import Json, Steps, number

_DEFAULTS = ("fieldConfig", "defaults")
_CUSTOM = (*_DEFAULTS, "custom")
_CALCS = {"avg": "mean", "current": "lastNotNull", "max": "max", "min": "min", "total": "sum"}
_STAT_CALCS = {
    **_CALCS,
    "first": "firstNotNull",
    "delta": "delta",
    "diff": "diff",
    "range": "range",
    "name": "lastNotNull",
}


@dataclass
class Expected:
    """The type of today, the values it has to have, its overrides, and the keys of the old panel that are read so."""

    type: str = ""
    facts: list[tuple[Steps, Any]] = field(default_factory=list)
    overrides: list[tuple[Any, tuple[str, Any]]] = field(default_factory=list)
    read: tuple[str, ...] = ()


def _graph(panel: Json) -> Expected:
    mode = (panel.get("xaxis") or {}).get("mode")
    expected = Expected("barchart" if mode == "series" else "timeseries")
    expected.read = (
        "aliasColors", "bars", "dashLength", "dashes", "fill", "fillGradient", "legend", "lines", "linewidth",
        "nullPointMode", "percentage", "pointradius", "points", "seriesOverrides", "spaceLength", "stack", "steppedLine",
        "thresholds", "tooltip", "xaxis", "yaxes", "yaxis", "y_formats", "grid", "leftYAxisLabel", "rightYAxisLabel",
        "x-axis", "y-axis", "renderer", "fieldConfig", "options", "hiddenSeries", "pluginVersion", "decimals",
    )  # fmt: skip
    left, right = _axes(panel)
    _axis(left, expected)
    if expected.type == "timeseries":
        _drawing(panel, expected)
    _legend(panel, expected)
    _limits(panel, expected)
    for name, color in (panel.get("aliasColors") or {}).items():
        if color:
            expected.overrides.append((name, ("color", {"mode": "fixed", "fixedColor": color})))
    for series in panel.get("seriesOverrides") or []:
        if isinstance(series, dict) and series.get("alias"):
            expected.overrides += [(series["alias"], fact) for fact in _series(series, panel, right)]
    links = (panel.get("options") or {}).get("dataLinks") if isinstance(panel.get("options"), dict) else None
    for index, link in enumerate(links or []):
        expected.facts.append(((*_DEFAULTS, "links", index, "title"), link.get("title")))
    return expected


def _axis(left: Json, expected: Expected) -> None:
    fact = expected.facts.append
    if left.get("format"):
        fact(((*_DEFAULTS, "unit"), left["format"]))
    for key in ("min", "max", "decimals"):
        if number(left.get(key)) is not None:
            fact(((*_DEFAULTS, key), number(left[key])))
    if left.get("label"):
        fact(((*_CUSTOM, "axisLabel"), left["label"]))
    if left.get("logBase") in (2, 10):
        fact(((*_CUSTOM, "scaleDistribution", "log"), left["logBase"]))


def _axes(panel: Json) -> tuple[Json, Json]:
    axes = [a for a in panel.get("yaxes") or [] if isinstance(a, dict)]
    if axes:
        return axes[0], axes[-1]
    grid = panel.get("grid") or {}
    formats = [*(panel.get("y_formats") or []), None, None]
    return tuple(  # type: ignore[return-value]
        {"format": formats[i], "label": panel.get(f"{s}YAxisLabel"), "min": grid.get(f"{s}Min"),
         "max": grid.get(f"{s}Max"), "logBase": grid.get(f"{s}LogBase")}
        for i, s in enumerate(("left", "right"))
    )  # fmt: skip


def _drawing(panel: Json, expected: Expected) -> None:
    fact = expected.facts.append
    bars, points = panel.get("bars"), panel.get("points")
    draw = "bars" if bars else "points" if points and not panel.get("lines") else "line"
    fact(((*_CUSTOM, "drawStyle"), draw))
    fill = number(panel.get("fill"))
    if draw == "bars":
        fact(((*_CUSTOM, "fillOpacity"), 100))
    elif panel.get("fillGradient"):
        fact(((*_CUSTOM, "fillOpacity"), panel["fillGradient"] * 10))
    elif any(isinstance(s, dict) and s.get("fillBelowTo") for s in panel.get("seriesOverrides") or []):
        fact(((*_CUSTOM, "fillOpacity"), 35))
    elif fill is not None:
        fact(((*_CUSTOM, "fillOpacity"), min(100, fill * 10)))
    if number(panel.get("linewidth")) is not None:
        fact(((*_CUSTOM, "lineWidth"), number(panel["linewidth"])))
    if points:
        fact(((*_CUSTOM, "showPoints"), "always"))
        if number(panel.get("pointradius")) is not None:
            fact(((*_CUSTOM, "pointSize"), 2 + 2 * panel["pointradius"]))
    fact(((*_CUSTOM, "spanNulls"), panel.get("nullPointMode") == "connected"))
    fact(((*_CUSTOM, "lineInterpolation"), "stepAfter" if panel.get("steppedLine") else "linear"))
    stacked = "none" if not panel.get("stack") else "percent" if panel.get("percentage") else "normal"
    fact(((*_CUSTOM, "stacking", "mode"), stacked))
    if panel.get("dashes"):
        fact(((*_CUSTOM, "lineStyle", "fill"), "dash"))


def _legend(panel: Json, expected: Expected) -> None:
    legend, tooltip = panel.get("legend"), panel.get("tooltip")
    fact = expected.facts.append
    if isinstance(legend, dict):
        fact((("options", "legend", "showLegend"), legend.get("show", True) is not False))
        fact((("options", "legend", "displayMode"), "table" if legend.get("alignAsTable") else "list"))
        fact((("options", "legend", "placement"), "right" if legend.get("rightSide") else "bottom"))
        if "values" in legend:
            calcs = {calc for key, calc in _CALCS.items() if legend.get(key)} if legend["values"] else set()
            fact((("options", "legend", "calcs"), calcs))
    if isinstance(tooltip, dict):
        shared = tooltip.get("shared", True)
        fact((("options", "tooltip", "mode"), "multi" if shared else "single"))
        sort = {1: "asc", 2: "desc"}.get(tooltip.get("sort") or 0, "none") if shared else "none"
        fact((("options", "tooltip", "sort"), sort))


def _limits(panel: Json, expected: Expected) -> None:
    limits = [
        t for t in panel.get("thresholds") or [] if isinstance(t, dict) and number(t.get("value")) is not None
    ]
    values = sorted(number(t["value"]) for t in limits)  # type: ignore[type-var]
    for index, value in enumerate(values):
        expected.facts.append(((*_DEFAULTS, "thresholds", "steps", index + 1, "value"), value))


def _series(series: Json, panel: Json, right: Json) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    plain = {
        "linewidth": ("custom.lineWidth", lambda v: v),
        "fill": ("custom.fillOpacity", lambda v: min(100, v * 10)),
        "fillBelowTo": ("custom.fillBelowTo", lambda v: v),
        "points": ("custom.showPoints", lambda v: "always" if v else "never"),
        "pointradius": ("custom.pointSize", lambda v: 2 + 2 * v),
        "color": ("color", lambda v: {"mode": "fixed", "fixedColor": v}),
        "transform": ("custom.transform", lambda v: "negative-Y" if v == "negative-Y" else "constant"),
    }
    for key, (name, convert) in plain.items():
        overruled = key == "fill" and (series.get("bars") or series.get("fillGradient"))
        if (
            series.get(key) is not None
            and not overruled
            and not (key == "linewidth" and series.get("lines") is False)
        ):
            found.append((name, convert(series[key])))
    if series.get("yaxis") == 2 and right.get("format"):
        found.append(("unit", right["format"]))
    if series.get("bars"):
        found.append(("custom.drawStyle", "bars"))
    if series.get("dashes"):
        lengths = [series.get(k) or panel.get(k) or 10 for k in ("dashLength", "spaceLength")]
        found.append(("custom.lineStyle", {"fill": "dash", "dash": lengths}))
    if series.get("stack") and not panel.get("stack"):
        group = series["stack"] if isinstance(series["stack"], str) else "A"
        found.append(("custom.stacking", {"mode": "normal", "group": group}))
    return found


def _singlestat(panel: Json) -> Expected:
    gauge = (panel.get("gauge") or {}).get("show")
    expected = Expected("gauge" if gauge else "stat")
    expected.read = (
        "cacheTimeout_", "colorBackground", "colorValue", "colors", "decimals", "format", "gauge", "mappingType",
        "mappingTypes", "nullPointMode", "nullText", "postfix", "postfixFontSize", "prefix", "prefixFontSize", "rangeMaps",
        "sparkline", "tableColumn", "thresholds", "valueFontSize", "valueMaps", "valueName", "fieldConfig", "options",
        "colorPrefix", "colorPostfix", "pluginVersion",
    )  # fmt: skip
    fact = expected.facts.append
    if panel.get("format") not in (None, "", "none"):
        fact(((*_DEFAULTS, "unit"), panel["format"]))
    calc = _STAT_CALCS.get(panel.get("valueName") or "avg", "mean")
    fact((("options", "reduceOptions", "calcs"), [calc]))
    if number(panel.get("decimals")) is not None:
        fact(((*_DEFAULTS, "decimals"), panel["decimals"]))
    if gauge:
        for key in ("min", "max"):
            if number(panel["gauge"].get(f"{key}Value")) is not None:
                fact(((*_DEFAULTS, key), number(panel["gauge"][f"{key}Value"])))
    else:
        color = (
            "background" if panel.get("colorBackground") else "value" if panel.get("colorValue") else "none"
        )
        fact((("options", "colorMode"), color))
    if panel.get("thresholds") and panel.get("colors"):
        levels = [number(p.strip()) for p in str(panel["thresholds"]).split(",")]
        if all(level is not None for level in levels):
            for index, level in enumerate(levels[: len(panel["colors"]) - 1]):
                fact(((*_DEFAULTS, "thresholds", "steps", index + 1, "value"), level))
                fact(((*_DEFAULTS, "thresholds", "steps", index + 1, "color"), panel["colors"][index + 1]))
    return expected


def _table(panel: Json) -> Expected:
    old = panel.get("type") == "table-old" or (
        "styles" in panel and not panel.get("fieldConfig") and not panel.get("options")
    )
    if not old:
        return Expected()
    expected = Expected("table")
    expected.read = ("styles", "columns", "transform", "sort", "scroll", "showHeader", "fontSize", "pageSize", "filterNull",
                 "options", "fieldConfig", "transformations")  # fmt: skip
    for style in panel.get("styles") or []:
        name = style.get("pattern")
        if not isinstance(name, str) or name == "/.*/":
            continue
        if style.get("alias"):
            expected.overrides.append((name, ("displayName", style["alias"])))
        if style.get("unit") and style.get("type") != "date":
            expected.overrides.append((name, ("unit", style["unit"])))
        if style.get("decimals") and style.get("type") != "date":
            expected.overrides.append((name, ("decimals", style["decimals"])))
    return expected


def _text(panel: Json) -> Expected:
    expected = Expected("text", read=("content", "mode", "options", "fieldConfig"))
    options = panel.get("options") if isinstance(panel.get("options"), dict) else {}
    version = number(".".join(str(panel.get("pluginVersion") or "6.1").split(".")[:2])) or 6.1
    old = isinstance(panel.get("content"), str) and isinstance(panel.get("mode"), str) and version < 7.1
    content = panel.get("content") if old or "content" not in options else options["content"]
    mode = panel.get("mode") if old or "mode" not in options else options["mode"]
    if isinstance(content, str):
        expected.facts.append((("options", "content"), content))
    expected.facts.append((("options", "mode"), mode if mode in ("html", "code", "markdown") else "markdown"))
    return expected


def _dashlist(panel: Json) -> Expected:
    moved = {"headings": "showHeadings", "limit": "maxItems", "query": "query", "recent": "showRecentlyViewed",
             "search": "showSearch", "starred": "showStarred", "tags": "tags"}  # fmt: skip
    options = panel.get("options") if isinstance(panel.get("options"), dict) else {}
    expected = Expected("dashlist", read=(*moved, "folderId", "fieldConfig"))
    expected.facts = [
        (("options", new), panel[old])
        for old, new in moved.items()
        if panel.get(old) is not None and new not in options
    ]
    return expected


def _heatmap(panel: Json) -> Expected:
    if "color" not in panel or "calculate" in (panel.get("options") or {}):
        return Expected(read=("color", "cards", "heatmap", "yAxis", "xAxis", "tooltip", "legend", "yBucketBound", "dataFormat",
                              "highlightCards", "reverseYBuckets", "hideZeroBuckets"))  # fmt: skip
    expected = Expected("heatmap")
    expected.read = ("color", "cards", "dataFormat", "heatmap", "hideZeroBuckets", "highlightCards", "legend", "reverseYBuckets",
                 "tooltip", "xAxis", "xBucketNumber", "xBucketSize", "yAxis", "yBucketBound", "yBucketNumber", "yBucketSize",
                 "tooltipDecimals", "options", "fieldConfig")  # fmt: skip
    axis = panel.get("yAxis") or {}
    expected.facts = [(("options", "calculate"), panel.get("dataFormat") != "tsbuckets")]
    if axis.get("format"):
        expected.facts.append((("options", "yAxis", "unit"), axis["format"]))
    if number(axis.get("decimals")) is not None:
        expected.facts.append((("options", "yAxis", "decimals"), axis["decimals"]))
    return expected


def _piechart(panel: Json) -> Expected:
    expected = Expected("piechart")
    expected.read = ("aliasColors", "breakPoint", "combine", "fontSize", "format", "legend", "legendType", "nullPointMode",
                 "pieType", "strokeWidth", "valueName", "decimals", "fieldConfig", "options", "cacheTimeout_")  # fmt: skip
    if panel.get("format"):
        expected.facts.append(((*_DEFAULTS, "unit"), panel["format"]))
    expected.facts.append((("options", "pieType"), "donut" if panel.get("pieType") == "donut" else "pie"))
    calc = _CALCS.get(panel.get("valueName") or "current", "lastNotNull")
    expected.facts.append((("options", "reduceOptions", "calcs"), [calc]))
    return expected


def _discrete(panel: Json) -> Expected:
    """Source: ``timelinePanelChangedHandler`` in ``panel/state-timeline/migrations.ts`` of Grafana 12."""
    expected = Expected("state-timeline")
    expected.read = (
        "backgroundColor", "colorMaps", "crosshairColor", "display", "expandFromQueryS", "extendLastValue", "highlightOnMouseover",
        "legendSortBy", "lineColor", "mappingTypes", "metricNameColor", "rangeMaps", "rowHeight", "rowSelectorType",
        "rowSelectorWidth", "showDistinctCount", "showLegend", "showLegendCounts", "showLegendNames", "showLegendPercent",
        "showLegendTime", "showLegendValues", "showTimeAxis", "showTransitionCount", "textSize", "textSizeTime", "timeOptions",
        "timePrecision", "timeTextColor", "units", "use12HourClock", "useTimePrecision", "valueMaps", "valueTextColor",
        "writeAllValues", "writeLastValue", "writeMetricNames", "fieldConfig", "options", "legendNameColor", "legendPercentDecimals",
        "showLegendCount", "legendMaxValues",
    )  # fmt: skip
    if panel.get("units"):
        expected.facts.append(((*_DEFAULTS, "unit"), panel["units"]))
    maps = [item for item in panel.get("valueMaps") or [] if item.get("text") and item.get("value")]
    ranges = [item for item in panel.get("rangeMaps") or [] if item.get("text")]
    for index, item in enumerate([*maps, *ranges]):
        result: Steps = ("options", "result", "text")
        if "from" not in item and item["value"] != "null":
            result = ("options", item["value"], "text")
        expected.facts.append(((*_DEFAULTS, "mappings", index, *result), item["text"]))
    return expected


def _alertlist(panel: Json) -> Expected:
    expected = Expected("alertlist")
    expected.read = ("show", "limit", "onlyAlertsOnDashboard", "nameFilter", "dashboardFilter", "dashboardTags", "folderId",
                 "sortOrder", "stateFilter", "alertName", "headings", "fieldConfig")  # fmt: skip
    options = panel.get("options") if isinstance(panel.get("options"), dict) else {}
    for old, new in (
        ("limit", "maxItems"),
        ("nameFilter", "alertName"),
        ("onlyAlertsOnDashboard", "dashboardAlerts"),
    ):
        if panel.get(old) is not None and new not in options:
            expected.facts.append((("options", new), panel[old]))
    return expected


EXPECTED: dict[str, Callable[[Json], Expected]] = {
    "alertlist": _alertlist,
    "dashlist": _dashlist,
    "grafana-piechart-panel": _piechart,
    "graph": _graph,
    "heatmap": _heatmap,
    "natel-discrete-panel": _discrete,
    "singlestat": _singlestat,
    "table": _table,
    "table-old": _table,
    "text": _text,
}
