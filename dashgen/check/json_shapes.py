"""Small words to write JSON Schemas (draft 2020-12) with, and the shapes that many panels share.

The names and values are those of Grafana 12.4's public types (`@grafana/schema`, Apache-2.0).
"""

from typing import Any, TypeAlias, TypeVar

Shape: TypeAlias = dict[str, Any]
T = TypeVar("T")

TEXT: Shape = {"type": "string"}
NUMBER: Shape = {"type": "number"}
INTEGER: Shape = {"type": "integer"}
BOOLEAN: Shape = {"type": "boolean"}
ANYTHING: Shape = {}
FREE: Shape = {"type": "object"}


def each(value: T, keys: str) -> dict[str, T]:
    """The same value for each of some keys, which are separated by spaces."""
    return dict.fromkeys(keys.split(), value)


def names(*lines: str) -> tuple[str, ...]:
    """The names in some lines, which are separated by spaces."""
    return tuple(" ".join(lines).split())


def choice(*values: str | int) -> Shape:
    """One of a few values."""
    return {"enum": list(values)}


def listing(item: Shape) -> Shape:
    """A list whose items have one shape."""
    return {"type": "array", "items": item}


def either(*shapes: Shape) -> Shape:
    """A value of any of the shapes."""
    return {"anyOf": list(shapes)}


def number(low: float, high: float) -> Shape:
    """A number between two bounds."""
    return {"type": "number", "minimum": low, "maximum": high}


def obj(properties: dict[str, Shape], *, required: tuple[str, ...] = ()) -> Shape:
    """An object with these keys and no others."""
    shape: Shape = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**shape, "required": list(required)} if required else shape


TEXTS = listing(TEXT)
VISIBILITY = choice("auto", "always", "never")
ORIENTATION = choice("auto", "horizontal", "vertical")
SORT = choice("none", "asc", "desc")
GRADIENT = choice("none", "opacity", "hue", "scheme")
STACKING_MODE = choice("none", "normal", "percent")
HIDE_FROM = obj(
    {"legend": BOOLEAN, "tooltip": BOOLEAN, "viz": BOOLEAN}, required=("legend", "tooltip", "viz")
)
SCALE = obj(
    {"type": choice("linear", "log", "ordinal", "symlog"), "log": NUMBER, "linearThreshold": NUMBER},
    required=("type",),
)
STACKING = obj({"mode": STACKING_MODE, "group": TEXT})
THRESHOLDS_STYLE = obj(
    {"mode": choice("off", "line", "dashed", "area", "line+area", "dashed+area", "series")},
    required=("mode",),
)
LINE_STYLE = obj({"dash": listing(NUMBER), "fill": choice("solid", "dash", "dot", "square")})
_CALCS = names(
    "sum max min logmin mean variance stdDev last median first count countAll range diff",
    "diffperc delta step firstNotNull lastNotNull changeCount distinctCount allIsZero",
    "allIsNull allValues uniqueValues",
)
CALC = choice(*_CALCS, *(f"p{n}" for n in range(1, 100)))
CALCS = listing(CALC)

LEGEND_KEYS: dict[str, Shape] = {
    **each(BOOLEAN, "showLegend asTable isVisible sortDesc"),
    "displayMode": choice("list", "table", "hidden"),
    "placement": choice("bottom", "right"),
    "calcs": CALCS,
    "sortBy": TEXT,
    "width": NUMBER,
}
LEGEND = obj(LEGEND_KEYS)
TOOLTIP = obj(
    {
        "mode": choice("single", "multi", "none"),
        "sort": SORT,
        "hideZeros": BOOLEAN,
        "maxWidth": NUMBER,
        "maxHeight": NUMBER,
    }
)
VALUE_TEXT = obj({"titleSize": NUMBER, "valueSize": NUMBER, "percentSize": NUMBER})
REDUCE = obj({"values": BOOLEAN, "calcs": CALCS, "fields": TEXT, "limit": NUMBER})
ANNOTATIONS = obj({"multiLane": BOOLEAN})
MATCHER = obj({"id": TEXT, "options": ANYTHING}, required=("id",))

SINGLE_STAT: dict[str, Shape] = {"reduceOptions": REDUCE, "orientation": ORIENTATION, "text": VALUE_TEXT}
LEGEND_AND_TOOLTIP: dict[str, Shape] = {"legend": LEGEND, "tooltip": TOOLTIP}
HIDEABLE: dict[str, Shape] = {"hideFrom": HIDE_FROM}
AXIS: dict[str, Shape] = {
    "axisPlacement": choice("auto", "left", "right", "top", "bottom", "hidden"),
    "axisLabel": TEXT,
    **each(NUMBER, "axisWidth axisSoftMin axisSoftMax"),
    "axisColorMode": choice("text", "series"),
    **each(BOOLEAN, "axisBorderShow axisCenteredZero axisGridShow"),
    "scaleDistribution": SCALE,
}
GRAPH: dict[str, Shape] = {
    **AXIS,
    **HIDEABLE,
    "drawStyle": choice("line", "bars", "points"),
    "lineInterpolation": choice("linear", "smooth", "stepBefore", "stepAfter"),
    "lineWidth": number(0, 10),
    "lineColor": TEXT,
    "lineStyle": LINE_STYLE,
    "fillOpacity": number(0, 100),
    "fillColor": TEXT,
    "fillBelowTo": TEXT,
    "gradientMode": GRADIENT,
    "spanNulls": either(BOOLEAN, NUMBER),
    "insertNulls": either(BOOLEAN, NUMBER),
    "showPoints": VISIBILITY,
    "showValues": BOOLEAN,
    "pointSize": NUMBER,
    "pointColor": TEXT,
    "pointSymbol": TEXT,
    "barAlignment": choice(-1, 0, 1),
    "barWidthFactor": number(0, 1),
    "barMaxWidth": NUMBER,
    "stacking": STACKING,
    "thresholdsStyle": THRESHOLDS_STYLE,
    "transform": choice("constant", "negative-Y"),
}
