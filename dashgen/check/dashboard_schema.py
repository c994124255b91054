"""JSON Schemas (draft 2020-12) of the classic dashboard model at schemaVersion 42."""

from dashgen.core.json_values import Json
from dashgen.formats.json_shapes import (
    ANYTHING,
    BOOLEAN,
    FREE,
    INTEGER,
    NUMBER,
    TEXT,
    TEXTS,
    Shape,
    choice,
    each,
    either,
    listing,
    names,
    obj,
    plain_schemas,
)
from dashgen.formats.panel_options import PANEL_TABLE, PanelSchemas

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LATEST = 42

# The shapes of fields: units, thresholds, mappings, links and overrides.
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
    "continuous-magma continuous-plasma continuous-inferno continuous-cividis fixed shades gradient",
    "palette-colorblind palette-categorical-next palette-categorical-next-2 palette-categorical-next-3",
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
            **listing(
                obj({"color": TEXT, "value": either(NUMBER, _NULL), "valueExpr": TEXT}, required=("color",))
            ),
            "minItems": 1,
        },
    },
    required=("mode", "steps"),
)
COLOR = obj(
    {
        "mode": choice(*_COLOR_MODES),
        "fixedColor": TEXT,
        "gradientColorTo": TEXT,
        "seriesBy": choice("last", "min", "max"),
    },
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
        {"defaults": defaults, "overrides": listing(_override(custom)), "itemOverrides": listing(FREE)},
        required=("defaults", "overrides"),
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
    matcher = obj({"id": choice(*FIELD_MATCHERS), "options": ANYTHING, "scope": TEXT}, required=("id",))
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


# The shapes of queries by data source, and of transformations.
DATA_SOURCE = obj({"type": TEXT, "uid": TEXT}, required=("uid",))
TRANSFORMATIONS = names(
    "append calculateField concatenate configFromData convertFieldType convertFrameType",
    "ensureColumns extractFields fieldLookup filterByRefId filterByValue filterFields",
    "filterFieldsByName filterFrames formatString formatTime groupBy groupingToMatrix",
    "groupToNestedTable heatmap histogram joinByField joinByLabels labelsToFields limit merge",
    "noop order organize partitionByValues prepareTimeSeries reduce regression rename",
    "renameByRegex rowsToFields seriesToColumns seriesToRows smoothing sortBy spatial",
    "timeSeriesTable transpose",
)
TRANSFORMATION = obj(
    {
        "id": choice(*TRANSFORMATIONS),
        "options": FREE,
        "disabled": BOOLEAN,
        "filter": obj({"id": TEXT, "options": {}, "scope": TEXT}, required=("id",)),
        "topic": choice("series", "annotations", "alertStates"),
        "refId": TEXT,
        "origin": FREE,
    },
    required=("id", "options"),
)
_COMMON: dict[str, Shape] = {
    "refId": {"type": "string", "minLength": 1},
    "datasource": DATA_SOURCE,
    "hide": BOOLEAN,
    "queryType": TEXT,
}
_EDITOR = choice("code", "builder")
_FILTER = obj(
    {
        **each(TEXT, "id tag operator valueType"),
        "value": either(TEXT, listing(TEXT)),
        "scope": choice("intrinsic", "unscoped", "event", "instrumentation", "link", "resource", "span"),
        "isCustomValue": BOOLEAN,
    },
    required=("id",),
)
_REQUIRED = ("refId", "datasource")
TARGETS: dict[str, Shape] = {
    "prometheus": obj(
        {
            **_COMMON,
            **each(TEXT, "expr legendFormat interval"),
            **each(BOOLEAN, "range instant exemplar fullMetaSearch includeNullMetadata useBackend"),
            **each(BOOLEAN, "disableTextWrap"),
            "editorMode": _EDITOR,
            "format": choice("time_series", "table", "heatmap"),
            "intervalFactor": INTEGER,
            "intervalMs": NUMBER,
            "maxDataPoints": NUMBER,
            "adhocFilters": listing(FREE),
            "scopes": listing(FREE),
            "groupByKeys": listing(TEXT),
        },
        required=(*_REQUIRED, "expr"),
    ),
    "loki": obj(
        {
            **_COMMON,
            **each(TEXT, "expr legendFormat step"),
            "queryType": choice("range", "instant", "stream"),
            "editorMode": _EDITOR,
            "maxLines": INTEGER,
            "direction": choice("backward", "forward", "scan"),
        },
        required=(*_REQUIRED, "expr"),
    ),
    "tempo": obj(
        {
            **_COMMON,
            **each(TEXT, "query step serviceName spanName minDuration maxDuration search"),
            **each(INTEGER, "limit spss exemplars"),
            "filters": listing(_FILTER),
            "queryType": choice(
                "traceql", "traceqlSearch", "serviceMap", "nativeSearch", "traceId", "upload"
            ),
            "tableType": choice("traces", "spans", "raw"),
            "metricsQueryType": choice("range", "instant"),
            "serviceMapQuery": either(TEXT, listing(TEXT)),
            "groupBy": listing(_FILTER),
            "serviceMapIncludeNamespace": BOOLEAN,
            "serviceMapUseNativeHistograms": BOOLEAN,
        },
        required=(*_REQUIRED, "filters"),
    ),
    "__expr__": obj(
        {
            **_COMMON,
            "type": choice("math", "reduce", "resample", "threshold", "classic_conditions", "sql"),
            **each(TEXT, "expression reducer window downsampler upsampler format"),
            "settings": FREE,
            "conditions": listing(FREE),
            "intervalMs": NUMBER,
            "maxDataPoints": NUMBER,
        },
        required=(*_REQUIRED, "type"),
    ),
}


def target() -> Shape:
    """The shape of any query: strict for the data sources that are known, free for the others."""
    strict = [
        {
            "if": {"properties": {"datasource": {"type": "object", "properties": {"type": {"const": kind}},
            "required": ["type"]}},
                   "required": ["datasource"]},
            "then": shape,
        }
        for kind, shape in TARGETS.items()
    ]  # fmt: skip
    return {"type": "object", "properties": _COMMON, "required": list(_REQUIRED), "allOf": strict}


# The shapes of dashboards and panels around them.
_ID: Shape = {"type": "integer", "minimum": 1}
_GRID = obj(
    {
        "x": {"type": "integer", "minimum": 0, "maximum": 23},
        "y": {"type": "integer", "minimum": 0},
        "w": {"type": "integer", "minimum": 1, "maximum": 24},
        "h": {"type": "integer", "minimum": 1},
        "static": BOOLEAN,
    },
    required=("x", "y", "w", "h"),
)
_PLACEMENT = choice("inControlsMenu")
_LINK = obj(
    {
        **each(TEXT, "title icon tooltip url"),
        "type": choice("link", "dashboards"),
        "tags": TEXTS,
        **each(BOOLEAN, "asDropdown targetBlank includeVars keepTime"),
        "placement": _PLACEMENT,
        "origin": FREE,
    },
    required=("title", "type"),
)
_OPTION = obj(
    {
        **each(BOOLEAN, "selected isNone"),
        **each(either(TEXT, TEXTS), "text value"),
        "properties": FREE,
    }
)
_VARIABLE = obj(
    {
        "type": choice(
            *names("query custom interval datasource textbox constant adhoc groupby switch system snapshot")
        ),
        "name": {"type": "string", "pattern": "^\\w+$"},
        **each(TEXT, "label description definition allValue regex auto_min enabledValue"),
        **each(TEXT, "disabledValue"),
        "hide": choice(0, 1, 2, 3),
        **each(BOOLEAN, "skipUrlSync multi includeAll allowCustomValue auto"),
        "query": either(TEXT, FREE),
        "datasource": DATA_SOURCE,
        "current": _OPTION,
        "options": listing(_OPTION),
        "refresh": choice(0, 1, 2),
        "sort": choice(*range(9)),
        "regexApplyTo": choice("value", "text"),
        "auto_count": INTEGER,
        "filters": listing(FREE),
        "baseFilters": listing(FREE),
        "defaultKeys": listing(ANYTHING),
        "defaultValue": _OPTION,
        "staticOptions": listing(_OPTION),
        "staticOptionsOrder": choice("before", "after", "sorted"),
        "valuesFormat": choice("csv", "json"),
        "enableGroupBy": BOOLEAN,
        "placeholder": TEXT,
        "origin": FREE,
    },
    required=("type", "name"),
)
_ANNOTATION = obj(
    {
        **each(TEXT, "name iconColor type expr step titleFormat textFormat tagKeys queryType query"),
        **each(TEXT, "legendFormat"),
        "datasource": DATA_SOURCE,
        **each(BOOLEAN, "enable hide matchAny instant"),
        "builtIn": choice(0, 1),
        "useValueForTime": either(BOOLEAN, TEXT),
        "target": FREE,
        "mappings": FREE,
        "placement": _PLACEMENT,
        "limit": NUMBER,
        "tags": TEXTS,
        "maxLines": INTEGER,
        "filter": obj({"exclude": BOOLEAN, "ids": listing(INTEGER)}, required=("ids",)),
    },
    required=("name", "enable", "iconColor", "datasource"),
)
_TOP: dict[str, Shape] = {
    **each(TEXT, "uid title description timezone refresh"),
    "tags": TEXTS,
    **each(BOOLEAN, "editable liveNow preload"),
    "revision": INTEGER,
    "graphTooltip": choice(0, 1, 2),
    "schemaVersion": {"const": LATEST},
    "time": obj({"from": TEXT, "to": TEXT}, required=("from", "to")),
    "timepicker": obj(
        {
            "refresh_intervals": TEXTS,
            "hidden": BOOLEAN,
            "nowDelay": TEXT,
            "quick_ranges": listing(
                obj({**each(TEXT, "display from to")}, required=("display", "from", "to"))
            ),
        }
    ),
    "weekStart": choice("", "monday", "saturday", "sunday", "browser"),
    "fiscalYearStartMonth": {"type": "integer", "minimum": 0, "maximum": 11},
    "links": listing(_LINK),
    "annotations": obj({"list": listing(_ANNOTATION)}),
    "templating": obj({"list": listing(_VARIABLE)}),
}
_PANEL: dict[str, Shape] = {
    "id": _ID,
    **each(TEXT, "type title description repeat interval timeFrom timeTo timeShift timeCompare"),
    **each(TEXT, "pluginVersion cacheTimeout"),
    "transparent": BOOLEAN,
    "datasource": DATA_SOURCE,
    "gridPos": _GRID,
    "targets": listing({"$ref": "#/$defs/target"}),
    "transformations": listing(TRANSFORMATION),
    "links": listing(DATA_LINK),
    "repeatDirection": choice("h", "v"),
    **each(NUMBER, "maxPerRow maxDataPoints queryCachingTTL"),
    "hideTimeOverride": BOOLEAN,
    "libraryPanel": obj({"uid": TEXT, "name": TEXT}, required=("uid", "name")),
}
_ROW = obj(
    {
        "id": _ID,
        "type": {"const": "row"},
        "title": TEXT,
        "collapsed": BOOLEAN,
        "gridPos": _GRID,
        "repeat": TEXT,
        "repeatDirection": choice("h", "v"),
        "datasource": DATA_SOURCE,
        "panels": listing({"$ref": "#/$defs/panel"}),
    },
    required=("id", "type", "collapsed", "gridPos", "panels"),
)


def _typed(panel: Shape, custom: Shape) -> Shape:
    return obj(
        {**_PANEL, "options": panel, "fieldConfig": field_config(custom)}, required=("id", "type", "gridPos")
    )


def panel_definitions(panel_schemas: PanelSchemas = PANEL_TABLE) -> Json:
    """The `$defs` that panels need: one for each type, one for all others, and `panel`, which chooses."""
    kinds: dict[str, Shape] = {"row": _ROW}
    for name, table in panel_schemas.items():
        # Type by type, as it takes longer than all else here, and most builds need few types.
        shapes = plain_schemas(table)
        kinds[name] = _typed(shapes.get("options", FREE), shapes.get("custom", FREE))
    choices: list[Shape] = [
        {
            "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
            "then": {"$ref": f"#/$defs/panel-{name}"},
        }
        for name in kinds
    ]
    others: Shape = {
        "if": {"properties": {"type": {"not": {"enum": list(kinds)}}}},
        "then": {"$ref": "#/$defs/panel-of-any-type"},
    }
    any_type = _typed(FREE, FREE)
    # A panel from the library gets its type there.
    any_type = {
        **any_type,
        "required": ["id", "gridPos"],
        "anyOf": [{"required": ["type"]}, {"required": ["libraryPanel"]}],
    }
    return {
        **{f"panel-{name}": shape for name, shape in kinds.items()},
        "panel-of-any-type": any_type,
        "panel": {"type": "object", "allOf": [*choices, others]},
        "target": target(),
    }


def dashboard_schema(panel_schemas: PanelSchemas = PANEL_TABLE) -> Json:
    """The strict schema of a dashboard as dashgen writes it."""
    panels = listing({"$ref": "#/$defs/panel"})
    top = obj({**_TOP, "panels": panels}, required=("title", "uid", "schemaVersion", "panels"))
    return {
        "$schema": DIALECT,
        "title": "Grafana dashboard (classic model)",
        **top,
        "$defs": panel_definitions(panel_schemas),
    }


def panel_schema(panel_schemas: PanelSchemas = PANEL_TABLE) -> Json:
    """The strict schema of one panel."""
    return {"$schema": DIALECT, "$ref": "#/$defs/panel", "$defs": panel_definitions(panel_schemas)}


def one_panel_schema(kind: str, panel_schemas: PanelSchemas = PANEL_TABLE) -> Json:
    """The strict schema of panels of one type.

    Of any type without a schema of its own when ``kind`` is none of these.
    """
    definitions = panel_definitions({kind: panel_schemas[kind]} if kind in panel_schemas else {})
    name = f"panel-{kind}" if f"panel-{kind}" in definitions else "panel-of-any-type"
    return {"$schema": DIALECT, "$ref": f"#/$defs/{name}", "$defs": definitions}


def loose_schema() -> Json:
    """The schema of a dashboard that somebody else wrote: only what every Grafana needs."""
    panel: Shape = {
        "type": "object",
        "properties": {
            "type": TEXT, "gridPos": {"type": "object"}, "targets": listing(FREE), "panels": listing(FREE),
            "fieldConfig": FREE, "transformations": listing(FREE),
        },
    }  # fmt: skip
    return {
        "$schema": DIALECT,
        "type": "object",
        "properties": {
            "title": TEXT, "tags": TEXTS, "schemaVersion": INTEGER, "panels": listing(panel),
            "templating": {"type": "object", "properties": {"list": listing(FREE)}},
            "annotations": {"type": "object", "properties": {"list": listing(FREE)}},
        },
    }  # fmt: skip
