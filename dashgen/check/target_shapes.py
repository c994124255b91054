"""The shapes of queries by data source, of data source references and of transformations."""

from dashgen.formats.json_shapes import (
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
        "filter": obj({"id": TEXT, "options": {}}, required=("id",)),
        "topic": choice("series", "annotations", "alertStates"),
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
