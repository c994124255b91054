"""Functions to write JSON Schemas (draft 2020-12) with, and the shapes that many panels share.

The names and values are those of Grafana 12.4's public types (`@grafana/schema`, Apache-2.0). An option of a
panel has two annotations beside its schema: ``default``, what Grafana takes where a dashboard has no value,
and ``label``, what sentences call it. `default_of`, `plain_schema` and `labels_of` read them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, TypeVar

from dashgen.core.json_values import ABSENT, Json

Shape: TypeAlias = Json
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


def option(shape: Shape, default: object = ABSENT, label: str = "") -> Shape:
    """The shape of an option with its default and its label, where it has them.

    Args:
        shape: the values that it takes.
        default: what Grafana takes where there is no value.
        label: what sentences of a comparison call it; without one they name its path.
    """
    annotations = {"default": default} if default is not ABSENT else {}
    return {**shape, **annotations, **({"label": label} if label else {})}


ON = option(BOOLEAN, default=True)
OFF = option(BOOLEAN, default=False)


def flags(*, on: str = "", off: str = "") -> dict[str, Shape]:
    """Switches that are on and off by default; their names are separated by spaces."""
    return {**each(ON, on), **each(OFF, off)}


def default_of(shape: Shape) -> Any:
    """The default of an option, or the defaults of the options inside it; `ABSENT` without any."""
    if "default" in shape:
        return shape["default"]
    # In the order of the alphabet: imports write keys in the order in which the JSON has what they explain.
    inner = ((key, default_of(part)) for key, part in sorted(shape.get("properties", {}).items()))
    return {key: default for key, default in inner if default is not ABSENT} or ABSENT


def labels_of(shape: Shape, path: str = "") -> Iterator[tuple[str, str]]:
    """The labels of an option and of the options inside it, each with its dotted path."""
    if "label" in shape:
        yield path, shape["label"]
    for key, part in shape.get("properties", {}).items():
        yield from labels_of(part, f"{path}.{key}" if path else key)


def plain_schema(shape: object) -> Any:
    """A schema without defaults and labels: for a validator, or for where Grafana has none or others."""
    if isinstance(shape, list):
        return [plain_schema(part) for part in shape]
    if not isinstance(shape, dict):
        return shape
    plain = {key: plain_schema(part) for key, part in shape.items() if key not in ("default", "label")}
    # The names of properties are data: one of them may be called `label`.
    return {**plain, "properties": plain_schemas(shape["properties"])} if "properties" in shape else plain


def plain_schemas(properties: Mapping[str, Shape]) -> dict[str, Shape]:
    """Options without defaults and labels."""
    return {key: plain_schema(part) for key, part in properties.items()}


TEXTS = listing(TEXT)
VISIBILITY = choice("auto", "always", "never")
ORIENTATION = choice("auto", "horizontal", "vertical")
SORT = choice("none", "asc", "desc")
GRADIENT = choice("none", "opacity", "hue", "scheme")
STACKING_MODE = choice("none", "normal", "percent")
HIDE_FROM = obj(
    {
        "legend": option(OFF, label="hidden in the legend"),
        "tooltip": option(OFF, label="hidden in the tooltip"),
        "viz": option(OFF, label="hidden in the graph"),
    },
    required=("legend", "tooltip", "viz"),
)
SCALE = obj(
    {
        "type": option(choice("linear", "log", "ordinal", "symlog"), "linear", "scale"),
        "log": NUMBER,
        "linearThreshold": NUMBER,
    },
    required=("type",),
)
STACKING = obj({"mode": option(STACKING_MODE, "none", "stacking"), "group": option(TEXT, "A")})
_THRESHOLDS_STYLES = choice("off", "line", "dashed", "area", "line+area", "dashed+area", "series")
THRESHOLDS_STYLE = obj({"mode": option(_THRESHOLDS_STYLES, "off", "threshold style")}, required=("mode",))
LINE_STYLE = option(
    obj({"dash": listing(NUMBER), "fill": choice("solid", "dash", "dot", "square")}), label="line style"
)
_CALCS = names(
    "sum max min logmin mean variance stdDev last median first count countAll range diff",
    "diffperc delta step firstNotNull lastNotNull changeCount distinctCount allIsZero",
    "allIsNull allValues uniqueValues",
)
CALC = choice(*_CALCS, *(f"p{n}" for n in range(1, 100)))
CALCS = listing(CALC)

LEGEND_KEYS: dict[str, Shape] = {
    "showLegend": option(ON, label="legend"),
    **each(BOOLEAN, "asTable isVisible sortDesc"),
    "displayMode": option(choice("list", "table", "hidden"), "list", "legend mode"),
    "placement": option(choice("bottom", "right"), "bottom", "legend placement"),
    "calcs": option(CALCS, [], "legend values"),
    "sortBy": option(TEXT, label="legend order"),
    "width": NUMBER,
}
LEGEND = obj(LEGEND_KEYS)
TOOLTIP = obj(
    {
        "mode": option(choice("single", "multi", "none"), "single", "tooltip"),
        "sort": option(SORT, "none", "tooltip order"),
        "hideZeros": OFF,
        "maxWidth": NUMBER,
        "maxHeight": NUMBER,
    }
)
VALUE_TEXT = obj({"titleSize": NUMBER, "valueSize": NUMBER, "percentSize": NUMBER})
REDUCE = obj(
    {
        "values": option(OFF, label="all values"),
        "calcs": option(CALCS, ["lastNotNull"], "shown value"),
        "fields": option(TEXT, "", "shown fields"),
        "limit": NUMBER,
    }
)
ANNOTATIONS = obj({"multiLane": BOOLEAN})
MATCHER = obj({"id": TEXT, "options": ANYTHING}, required=("id",))

SINGLE_STAT: dict[str, Shape] = {
    "reduceOptions": REDUCE,
    "orientation": option(ORIENTATION, "auto", "orientation"),
    "text": VALUE_TEXT,
}
LEGEND_AND_TOOLTIP: dict[str, Shape] = {"legend": LEGEND, "tooltip": TOOLTIP}
HIDEABLE: dict[str, Shape] = {"hideFrom": HIDE_FROM}
AXIS_PLACEMENT = choice("auto", "left", "right", "top", "bottom", "hidden")
AXIS: dict[str, Shape] = {
    "axisPlacement": option(AXIS_PLACEMENT, "auto", "axis"),
    "axisLabel": option(TEXT, "", "axis label"),
    "axisWidth": NUMBER,
    "axisSoftMin": option(NUMBER, label="soft min"),
    "axisSoftMax": option(NUMBER, label="soft max"),
    "axisColorMode": option(choice("text", "series"), "text"),
    "axisBorderShow": OFF,
    "axisCenteredZero": option(OFF, label="centred zero"),
    "axisGridShow": BOOLEAN,
    "scaleDistribution": SCALE,
}
GRAPH: dict[str, Shape] = {
    **AXIS,
    **HIDEABLE,
    "drawStyle": option(choice("line", "bars", "points"), "line", "draw style"),
    "lineInterpolation": option(
        choice("linear", "smooth", "stepBefore", "stepAfter"), "linear", "line interpolation"
    ),
    "lineWidth": option(number(0, 10), 1, "line width"),
    "lineColor": TEXT,
    "lineStyle": LINE_STYLE,
    "fillOpacity": option(number(0, 100), 0, "fill"),
    "fillColor": TEXT,
    "fillBelowTo": TEXT,
    "gradientMode": option(GRADIENT, "none", "gradient"),
    "spanNulls": option(either(BOOLEAN, NUMBER), default=False, label="connected gaps"),
    "insertNulls": option(either(BOOLEAN, NUMBER), default=False),
    "showPoints": option(VISIBILITY, "auto", "points"),
    "showValues": OFF,
    "pointSize": option(NUMBER, 5, "point size"),
    "pointColor": TEXT,
    "pointSymbol": TEXT,
    "barAlignment": option(choice(-1, 0, 1), 0),
    "barWidthFactor": option(number(0, 1), 0.6),
    "barMaxWidth": NUMBER,
    "stacking": STACKING,
    "thresholdsStyle": THRESHOLDS_STYLE,
    "transform": choice("constant", "negative-Y"),
}
