"""The shapes of field settings: units, thresholds, mappings, links, overrides."""

from dashgen.formats.json_shapes import (
    ANYTHING,
    BOOLEAN,
    FREE,
    INTEGER,
    NUMBER,
    TEXT,
    Shape,
    choice,
    each,
    either,
    listing,
    names,
    obj,
)

_NULL: Shape = {"type": "null"}
_RESULT = obj({"text": TEXT, "color": TEXT, "icon": TEXT, "index": INTEGER})
_MAPPINGS: dict[str, Shape] = {
    "value": {"type": "object", "additionalProperties": _RESULT},
    "range": obj(
        {"from": either(NUMBER, _NULL), "to": either(NUMBER, _NULL), "result": _RESULT}, required=("result",)
    ),
    "regex": obj({"pattern": TEXT, "result": _RESULT}, required=("pattern", "result")),
    "special": obj(
        {"match": choice("true", "false", "null", "nan", "null+nan", "empty"), "result": _RESULT},
        required=("match", "result"),
    ),
}
_COLOR_MODES = names(
    "thresholds palette-classic palette-classic-by-name palette-saturated continuous-GrYlRd",
    "continuous-RdYlGr continuous-BlYlRd continuous-YlRd continuous-BlPu continuous-YlBl",
    "continuous-blues continuous-reds continuous-greens continuous-purples continuous-viridis",
    "continuous-magma continuous-plasma continuous-inferno continuous-cividis fixed shades",
)
FIELD_MATCHERS = names(
    "numeric time first firstTimeField byType byTypes byName byNames byRegexp byRegexpOrNames",
    "byFrameRefID byValue",
)


def _by_type(kinds: dict[str, Shape], key: str) -> list[Shape]:
    return [
        {
            "if": {"properties": {"type": {"const": kind}}, "required": ["type"]},
            "then": {"properties": {key: shape}, "required": [key]},
        }
        for kind, shape in kinds.items()
    ]


MAPPING: Shape = {
    **obj({"type": choice(*_MAPPINGS), "options": FREE}, required=("type",)),
    "allOf": _by_type(_MAPPINGS, "options"),
}
THRESHOLDS = obj(
    {
        "mode": choice("absolute", "percentage"),
        "steps": {
            **listing(obj({"color": TEXT, "value": either(NUMBER, _NULL)}, required=("color",))),
            "minItems": 1,
        },
    },
    required=("mode", "steps"),
)
COLOR = obj(
    {"mode": choice(*_COLOR_MODES), "fixedColor": TEXT, "seriesBy": choice("last", "min", "max")},
    required=("mode",),
)
DATA_LINK = obj(
    {
        **each(TEXT, "title url type icon tooltip"),
        **each(BOOLEAN, "targetBlank oneClick includeVars keepTime asDropdown"),
        "internal": FREE,
        "tags": listing(TEXT),
    },
    required=("title",),
)
STANDARD_FIELD: dict[str, Shape] = {
    **each(TEXT, "displayName displayNameFromDS description path unit noValue"),
    **each(BOOLEAN, "writeable filterable fieldMinMax"),
    **each(NUMBER, "decimals min max"),
    "mappings": listing(MAPPING),
    "thresholds": THRESHOLDS,
    "color": COLOR,
    "links": listing(DATA_LINK),
    "actions": listing(FREE),
}


def field_config(custom: Shape) -> Shape:
    """The shape of a panel's `fieldConfig` whose custom settings have the given shape."""
    defaults = obj({**STANDARD_FIELD, "custom": custom})
    return obj(
        {"defaults": defaults, "overrides": listing(_override(custom))}, required=("defaults", "overrides")
    )


def _override(custom: Shape) -> Shape:
    values = {**STANDARD_FIELD, **_custom_settings(custom, "custom.")}
    closed = custom.get("additionalProperties") is False
    name: Shape = (
        choice(*values)
        if closed
        else {"anyOf": [choice(*values), {"type": "string", "pattern": r"^custom\."}]}
    )
    setting: Shape = {**obj({"id": name, "value": ANYTHING}, required=("id",)), "allOf": _values(values)}
    matcher = obj({"id": choice(*FIELD_MATCHERS), "options": ANYTHING}, required=("id",))
    return obj(
        {"matcher": matcher, "properties": listing(setting), "__systemRef": TEXT},
        required=("matcher", "properties"),
    )


def _custom_settings(custom: Shape, prefix: str) -> dict[str, Shape]:
    """How overrides name custom settings: ``custom.width``, and ``custom.footer.reducers`` within one."""
    settings: dict[str, Shape] = {}
    for name, shape in custom.get("properties", {}).items():
        settings[prefix + name] = shape
        settings |= _custom_settings(shape, f"{prefix}{name}.")
    return settings


def _values(values: dict[str, Shape]) -> list[Shape]:
    return [
        {
            "if": {"properties": {"id": {"const": name}}, "required": ["id"]},
            "then": {"properties": {"value": shape}},
        }
        for name, shape in values.items()
    ]
