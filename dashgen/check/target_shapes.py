"""The shapes of queries by data source, of data source references and of transformations."""

from dashgen.check.json_shapes import (
    BOOLEAN,
    FREE,
    INTEGER,
    NUMBER,
    TEXT,
    Shape,
    choice,
    either,
    listing,
    obj,
)

DATA_SOURCE = obj({"type": TEXT, "uid": TEXT}, required=("uid",))
TRANSFORMATIONS = (
    "append", "calculateField", "concatenate", "configFromData", "convertFieldType", "convertFrameType",
    "ensureColumns",
    "extractFields", "fieldLookup", "filterByRefId", "filterByValue", "filterFields", "filterFieldsByName",
    "filterFrames",
    "formatString", "formatTime", "groupBy", "groupingToMatrix", "groupToNestedTable", "heatmap", "histogram",
    "joinByField", "joinByLabels", "labelsToFields", "limit", "merge", "noop", "order", "organize",
    "partitionByValues",
    "prepareTimeSeries", "reduce", "regression", "rename", "renameByRegex", "rowsToFields", "seriesToColumns",
    "seriesToRows", "smoothing", "sortBy", "spatial", "timeSeriesTable", "transpose",
)  # fmt: skip
TRANSFORMATION = obj(
    {
        "id": choice(*TRANSFORMATIONS), "options": FREE, "disabled": BOOLEAN,
        "filter": obj({"id": TEXT, "options": {}}, required=("id",)),
        "topic": choice("series", "annotations", "alertStates"),
    },
    required=("id", "options"),
)  # fmt: skip
_COMMON: dict[str, Shape] = {
    "refId": {"type": "string", "minLength": 1}, "datasource": DATA_SOURCE, "hide": BOOLEAN,
    "queryType": TEXT,
}  # fmt: skip
_EDITOR = choice("code", "builder")
_FILTER = obj(
    {
        "id": TEXT, "tag": TEXT, "operator": TEXT, "value": either(TEXT, listing(TEXT)), "valueType": TEXT,
        "scope": choice("intrinsic", "unscoped", "event", "instrumentation", "link", "resource", "span"),
        "isCustomValue": BOOLEAN,
    },
    required=("id",),
)  # fmt: skip
_REQUIRED = ("refId", "datasource")
TARGETS: dict[str, Shape] = {
    "prometheus": obj(
        {
            **_COMMON, "expr": TEXT, "range": BOOLEAN, "instant": BOOLEAN, "exemplar": BOOLEAN,
            "editorMode": _EDITOR,
            "format": choice("time_series", "table", "heatmap"), "legendFormat": TEXT, "interval": TEXT,
            "intervalFactor": INTEGER, "intervalMs": NUMBER, "maxDataPoints": NUMBER, "fullMetaSearch": BOOLEAN,
            "includeNullMetadata": BOOLEAN,
            "useBackend": BOOLEAN, "disableTextWrap": BOOLEAN, "adhocFilters": listing(FREE),
            "scopes": listing(FREE),
            "groupByKeys": listing(TEXT),
        },
        required=(*_REQUIRED, "expr"),
    ),
    "loki": obj(
        {
            **_COMMON, "expr": TEXT, "queryType": choice("range", "instant", "stream"), "editorMode": _EDITOR,
            "legendFormat": TEXT, "maxLines": INTEGER, "step": TEXT, "direction": choice("backward",
            "forward", "scan"),
        },
        required=(*_REQUIRED, "expr"),
    ),
    "tempo": obj(
        {
            **_COMMON, "query": TEXT, "limit": INTEGER, "spss": INTEGER, "filters": listing(_FILTER),
            "queryType": choice("traceql", "traceqlSearch", "serviceMap", "nativeSearch", "traceId",
            "upload"),
            "tableType": choice("traces", "spans", "raw"), "metricsQueryType": choice("range", "instant"),
            "step": TEXT,
            "exemplars": INTEGER, "serviceMapQuery": either(TEXT, listing(TEXT)), "groupBy": listing(_FILTER),
            "serviceMapIncludeNamespace": BOOLEAN, "serviceMapUseNativeHistograms": BOOLEAN,
            "serviceName": TEXT,
            "spanName": TEXT, "minDuration": TEXT, "maxDuration": TEXT, "search": TEXT,
        },
        required=(*_REQUIRED, "filters"),
    ),
    "__expr__": obj(
        {
            **_COMMON, "type": choice("math", "reduce", "resample", "threshold", "classic_conditions", "sql"),
            "expression": TEXT, "reducer": TEXT, "settings": FREE, "conditions": listing(FREE),
            "window": TEXT,
            "downsampler": TEXT, "upsampler": TEXT, "format": TEXT, "intervalMs": NUMBER,
            "maxDataPoints": NUMBER,
        },
        required=(*_REQUIRED, "type"),
    ),
}  # fmt: skip


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
