"""Convert the options of single series in old graphs to overrides.

Source: ``graphToTimeseriesOptions`` in ``public/app/plugins/panel/timeseries/migrations.ts`` of Grafana 12.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.legacy.legacy_values import axis_scale, fixed, number

_PATTERN = lazy_pattern(r"([/~@;%#'])(.*?)\1[gimsuy]*", re.DOTALL)
_DASHES = ("dashes", "dashLength", "spaceLength")


def series_override(series: Json, panel: Json, right: Json) -> Json | None:
    """A series override as an override; nothing when it changes nothing.

    Before: ``{"alias": "/p99/", "yaxis": 2, "bars": false, "lines": true, "fill": 1, …}``
    After: ``{"matcher": {"id": "byRegexp", "options": "/p99/"},
    "properties": [{"id": "custom.axisPlacement", …}]}``

    Args:
        series: the override.
        panel: the graph, whose own options hold where the override has none.
        right: the graph's right axis.
    """
    alias = series.get("alias")
    if not isinstance(alias, str) or not alias:
        return None
    # In the order of the old keys: of two that set one property, the later holds, as in Grafana's own
    # conversion.
    properties: Json = {}
    for key, value in series.items():
        if key in _PROPERTIES and value is not None:
            properties |= dict(_PROPERTIES[key](value, panel, right))
    if any(series.get(key) is not None for key in _DASHES):
        properties |= dict(_dashes(series, panel))
    if not properties:
        return None
    matcher = {"id": "byRegexp" if _PATTERN.fullmatch(alias) else "byName", "options": alias}
    return {
        "matcher": matcher,
        "properties": [{"id": name, "value": value} for name, value in properties.items()],
    }


def opacity(fill: object) -> Any:
    """The opacity of an area in percent, which was a number from 0 to 10."""
    parsed = number(fill)
    return 0 if parsed is None else number(min(100, max(0, round(parsed * 10, 3))))


def point_size(radius: object) -> Any:
    """The diameter of points from their radius; the line around them adds 2."""
    parsed = number(radius)
    return 5 if parsed is None else number(2 + 2 * parsed)


def dash_style(*, dashes: bool, lengths: list[Any]) -> Json:
    """The style of a line that is solid or dashed."""
    return {"fill": "dash" if dashes else "solid", "dash": lengths}


def _right(value: object, _: Json, right: Json) -> Iterator[tuple[str, Any]]:
    if value != 2:
        return
    yield "custom.axisPlacement", "right" if right.get("show", True) is not False else "hidden"
    if right.get("format"):
        yield "unit", right["format"]
    for key in ("decimals", "min", "max"):
        if (properties := number(right.get(key))) is not None:
            yield key, properties
    if right.get("label"):
        yield "custom.axisLabel", right["label"]
    # The left axis is in the fields of the panel, so the right one is written only where it differs from
    # a plain one.
    scale = axis_scale(right.get("logBase"))
    if scale["type"] != "linear":
        yield "custom.scaleDistribution", scale


def _bars(value: object, panel: Json, _: Json) -> Iterator[tuple[str, Any]]:
    if value:
        yield "custom.drawStyle", "bars"
        yield "custom.fillOpacity", 100
    elif panel.get("bars"):
        yield "custom.drawStyle", "line"


def _lines(value: object, panel: Json, _: Json) -> Iterator[tuple[str, Any]]:
    if not value and (panel.get("lines", True) or panel.get("bars")):
        yield "custom.lineWidth", 0
    elif value and (panel.get("bars") or not panel.get("lines", True)):
        yield "custom.drawStyle", "line"


def _gradient(value: object, _: Json, __: Json) -> Iterator[tuple[str, Any]]:
    if value:
        yield "custom.gradientMode", "opacity"
        yield "custom.fillOpacity", opacity(value)


def _stack(value: object, panel: Json, _: Json) -> Iterator[tuple[str, Any]]:
    # A text names a stack of its own; true and false join or leave the one that all others are in.
    group = value if isinstance(value, str) and value else "A"
    if bool(value) != bool(panel.get("stack")) or group != "A":
        yield "custom.stacking", {"mode": "normal" if value else "none", "group": group}


def _legend(value: object, _: Json, __: Json) -> Iterator[tuple[str, Any]]:
    if value is False:
        yield "custom.hideFrom", {"legend": True, "tooltip": False, "viz": False}


def _tooltip(value: object, _: Json, __: Json) -> Iterator[tuple[str, Any]]:
    if value is True:
        yield "custom.hideFrom", {"legend": False, "tooltip": True, "viz": False}


def _dashes(series: Json, panel: Json) -> Iterator[tuple[str, Any]]:
    lengths = [
        style if (style := series.get(key, panel.get(key))) is not None else 10
        for key in ("dashLength", "spaceLength")
    ]
    dashes = series.get("dashes")
    dashed = bool(panel.get("dashes") if dashes is None else dashes)
    if dashed or panel.get("dashes"):
        yield "custom.lineStyle", dash_style(dashes=dashed, lengths=lengths)


def _one(name: str, convert: Callable[[Any], Any]) -> Callable[[Any, Json, Json], Iterator[tuple[str, Any]]]:
    def properties(value: object, _: Json, __: Json) -> Iterator[tuple[str, Any]]:
        yield name, convert(value)

    return properties


_PROPERTIES: dict[str, Callable[[Any, Json, Json], Iterator[tuple[str, Any]]]] = {
    "bars": _bars,
    "color": _one("color", fixed),
    "fill": _one("custom.fillOpacity", opacity),
    "fillBelowTo": _one("custom.fillBelowTo", str),
    "fillGradient": _gradient,
    "hideTooltip": _tooltip,
    "legend": _legend,
    "lines": _lines,
    "linewidth": _one("custom.lineWidth", lambda value: value),
    "nullPointMode": _one("custom.spanNulls", lambda value: value == "connected"),
    "pointradius": _one("custom.pointSize", point_size),
    "points": _one("custom.showPoints", lambda value: "always" if value else "never"),
    "stack": _stack,
    "steppedLine": _one("custom.lineInterpolation", lambda value: "stepAfter" if value else "linear"),
    "transform": _one(
        "custom.transform", lambda value: "negative-Y" if value == "negative-Y" else "constant"
    ),
    "yaxis": _right,
}
