"""The JSON Schema of a dashboard's ``spec`` in schema v2: the one table of its keys, types and values.

Source: ``apps/dashboard/kinds/v2/dashboard_spec.cue`` of grafana/grafana at 0306f21b, and what its conversion
tests show of later versions (``annotations`` of sections at f0163a88, ``refId`` of transformations at
5a45c339, their ``origin`` at f5c93254, ``itemOverrides`` at 1cdacac8). A key is required when the CUE has
neither ``?`` nor a default for it. Options, fields and queries are checked in the classic form (`check_v2`),
so they are free here.
"""

from typing import Final

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
    obj,
)
from dashgen.formats.v2.auto_grid import HEIGHTS, WIDTHS
from dashgen.formats.v2.v2_conditions import OPERATORS
from dashgen.formats.v2.v2_dashboard import CURSOR
from dashgen.formats.v2.v2_variables import HIDE, REFRESH, SORT

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def _ref(name: str) -> Shape:
    return {"$ref": f"#/$defs/{name}"}


def _kind(kind: str, spec: Shape, **more: Shape) -> Shape:
    """An object ``{"kind": …, "spec": …}`` of one kind."""
    return obj({"kind": {"const": kind}, **more, "spec": spec}, required=("kind", "spec"))


def _one_of(kinds: dict[str, Shape]) -> Shape:
    """An object of one of some kinds; the shape of the one that it names counts."""
    return {
        "type": "object",
        "properties": {"kind": choice(*kinds)},
        "required": ["kind"],
        "allOf": [
            {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": shape}
            for kind, shape in kinds.items()
        ],
    }


_SOURCE = obj({"name": TEXT})
_QUERY = obj(
    {
        "kind": {"const": "DataQuery"}, **each(TEXT, "group version"), "labels": FREE,
        "datasource": _SOURCE, "spec": FREE,
    },
    required=("kind", "group", "spec"),
)  # fmt: skip
_QUERY_OPTIONS = obj(
    {
        **each(TEXT, "timeFrom timeTo timeShift interval cacheTimeout timeCompare"),
        **each(INTEGER, "maxDataPoints queryCachingTTL"),
        "hideTimeOverride": BOOLEAN,
    }
)
_ORIGIN = obj({"type": {"const": "datasource"}, "group": TEXT}, required=("type", "group"))
_TRANSFORMATION = obj(
    {
        "disabled": BOOLEAN,
        "filter": obj(
            {"id": TEXT, "scope": choice("series", "nested", "annotation", "exemplar"), "options": ANYTHING},
            required=("id",),
        ),
        "topic": choice("series", "annotations", "alertStates"),
        "refId": TEXT,
        "origin": obj({"source": choice("panel", "editor"), "pluginId": TEXT}, required=("source",)),
        "options": ANYTHING,
    },
    required=("options",),
)
_PANEL_QUERY = obj({"query": _QUERY, "refId": TEXT, "hidden": BOOLEAN}, required=("query", "hidden"))
_LINK = obj({**each(TEXT, "title url"), "targetBlank": BOOLEAN}, required=("title", "url"))
_FIELDS = obj(
    {"defaults": FREE, "overrides": listing(FREE), "itemOverrides": listing(FREE)}, required=("defaults",)
)


def _group_of_queries(transformation: Shape) -> Shape:
    spec = obj(
        {
            "queries": listing(_kind("PanelQuery", _PANEL_QUERY)),
            "transformations": listing(transformation),
            "queryOptions": _QUERY_OPTIONS,
        }
    )
    return _kind("QueryGroup", spec)


def _panel(transformation: Shape) -> Shape:
    config = obj({"options": FREE, "fieldConfig": _FIELDS}, required=("fieldConfig",))
    visualization = _kind("VizConfig", config, group=TEXT, version=TEXT)
    spec = obj(
        {
            "id": INTEGER, **each(TEXT, "title description subtitle"), "links": listing(_LINK),
            "data": _group_of_queries(transformation),
            "vizConfig": {**visualization, "required": ["kind", "group", "spec"]}, "transparent": BOOLEAN,
        },
        required=("id", "title", "data", "vizConfig"),
    )  # fmt: skip
    return _kind("Panel", spec)


_LIBRARY_PANEL = _kind(
    "LibraryPanel",
    obj(
        {
            "id": INTEGER,
            "title": TEXT,
            "libraryPanel": obj({"name": TEXT, "uid": TEXT}, required=("name", "uid")),
        },
        required=("id", "title", "libraryPanel"),
    ),
)
_CONDITIONS: dict[str, Shape] = {
    "ConditionalRenderingVariable": obj(
        {"variable": TEXT, "operator": choice(*OPERATORS), "value": TEXT},
        required=("variable", "operator", "value"),
    ),
    "ConditionalRenderingData": obj({"value": BOOLEAN}, required=("value",)),
    "ConditionalRenderingTimeRangeSize": obj({"value": TEXT}, required=("value",)),
}
_CONDITION = _kind(
    "ConditionalRenderingGroup",
    obj(
        {
            "visibility": choice("show", "hide"),
            "condition": choice("and", "or"),
            "items": listing(_one_of({name: _kind(name, spec) for name, spec in _CONDITIONS.items()})),
        },
        required=("visibility", "condition", "items"),
    ),
)
_ELEMENT = obj({"kind": {"const": "ElementReference"}, "name": TEXT}, required=("kind", "name"))
_REPEAT: dict[str, Shape] = {"mode": {"const": "variable"}, "value": TEXT}
_REPETITION = obj(_REPEAT, required=("mode", "value"))
_GRID_ITEM = obj(
    {
        **each(INTEGER, "x y width height"),
        "element": _ELEMENT,
        "repeat": obj(
            {**_REPEAT, "direction": choice("h", "v"), "maxPerRow": INTEGER}, required=("mode", "value")
        ),
    },
    required=("x", "y", "width", "height", "element"),
)
_AUTO_ITEM = obj(
    {"element": _ELEMENT, "repeat": _REPETITION, "conditionalRendering": _CONDITION}, required=("element",)
)
_AUTO_GRID: Shape = {
    **obj(
        {
            "maxColumnCount": NUMBER,
            "columnWidthMode": choice(*WIDTHS, "custom"),
            "columnWidth": NUMBER,
            "rowHeightMode": choice(*HEIGHTS, "custom"),
            "rowHeight": NUMBER,
            "fillScreen": BOOLEAN,
            "items": listing(_kind("AutoGridLayoutItem", _AUTO_ITEM)),
        }
    ),
    # Without a size of its own such a grid is drawn with the usual one.
    "allOf": [
        {
            "if": {"properties": {f"{key}Mode": {"const": "custom"}}, "required": [f"{key}Mode"]},
            "then": {"required": [key]},
        }
        for key in ("columnWidth", "rowHeight")
    ],
}


def _sections(kind: str, own: dict[str, Shape]) -> Shape:
    """Rows or tabs."""
    spec = obj(
        {
            "title": TEXT, "layout": _ref("layout"), "conditionalRendering": _CONDITION,
            "repeat": _REPETITION,
            "variables": listing(_ref("variable")), "annotations": listing(_ref("annotation")), **own,
        },
        required=("layout",),
    )  # fmt: skip
    return listing(_kind(kind, spec))


def _layouts(beta: dict[str, Shape]) -> Shape:
    rows = _sections("RowsLayoutRow", {**each(BOOLEAN, "collapse hideHeader fillScreen"), **beta})
    kinds = {
        "GridLayout": obj({"items": listing(_kind("GridLayoutItem", _GRID_ITEM))}),
        "AutoGridLayout": _AUTO_GRID,
        "RowsLayout": obj({"rows": rows}),
        "TabsLayout": obj({"tabs": _sections("TabsLayoutTab", beta)}),
    }
    return _one_of({name: _kind(name, spec) for name, spec in kinds.items()})


_OPTION = obj(
    {
        "selected": BOOLEAN,
        **each(either(TEXT, TEXTS), "text value"),
        "properties": {"type": "object", "additionalProperties": TEXT},
    },
    required=("text", "value"),
)
_COMMON: dict[str, Shape] = {
    "name": {"type": "string", "minLength": 1},
    **each(TEXT, "label description"),
    "hide": choice(*HIDE),
    "skipUrlSync": BOOLEAN,
    "origin": _ORIGIN,
}
_CHOICE: dict[str, Shape] = {
    "current": _OPTION, "options": listing(_OPTION), **each(BOOLEAN, "multi includeAll allowCustomValue"),
    "allValue": TEXT,
}  # fmt: skip
_FILTER = obj(
    {
        **each(TEXT, "key operator value keyLabel condition"), **each(TEXTS, "values valueLabels"),
        "forceEdit": BOOLEAN, "origin": {"const": "dashboard"},
    },
    required=("key", "operator", "value"),
)  # fmt: skip
_DEFAULT_KEY = obj(
    {"text": TEXT, "value": either(TEXT, NUMBER), "group": TEXT, "expandable": BOOLEAN}, required=("text",)
)
_VARIABLES: dict[str, dict[str, Shape]] = {
    "QueryVariable": {
        **_CHOICE, "refresh": choice(*REFRESH), "query": _QUERY, **each(TEXT, "regex definition placeholder"),
        "regexApplyTo": choice("value", "text"), "sort": choice(*SORT), "staticOptions": listing(_OPTION),
        "staticOptionsOrder": choice("before", "after", "sorted"),
    },
    "TextVariable": {"current": _OPTION, "query": TEXT},
    "ConstantVariable": {"current": _OPTION, "query": TEXT},
    "DatasourceVariable": {**_CHOICE, **each(TEXT, "pluginId regex"), "refresh": choice(*REFRESH)},
    "IntervalVariable": {
        "current": _OPTION, "options": listing(_OPTION), "query": TEXT, "auto": BOOLEAN, "auto_min": TEXT,
        "auto_count": INTEGER, "refresh": {"const": "onTimeRangeChanged"},
    },
    "CustomVariable": {**_CHOICE, "query": TEXT, "valuesFormat": choice("csv", "json")},
    "SwitchVariable": each(TEXT, "current enabledValue disabledValue"),
    "GroupByVariable": {
        "current": _OPTION, "options": listing(_OPTION), "multi": BOOLEAN, "defaultValue": _OPTION,
    },
    "AdhocVariable": {
        **each(listing(_FILTER), "baseFilters filters"), "defaultKeys": listing(_DEFAULT_KEY),
        **each(BOOLEAN, "allowCustomValue enableGroupBy"),
    },
}  # fmt: skip
_NEEDED: Final = {"QueryVariable": ("query", "sort"), "CustomVariable": ("current",)}
_BESIDE: Final[dict[str, Shape]] = {"group": TEXT, "labels": FREE, "datasource": _SOURCE}
_FILTERS: Final = ("GroupByVariable", "AdhocVariable")


def _variable() -> Shape:
    kinds = {}
    for name, keys in _VARIABLES.items():
        spec = obj({**_COMMON, **keys}, required=("name", *_NEEDED.get(name, ())))
        kinds[name] = _kind(name, spec, **(_BESIDE if name in _FILTERS else {}))
    return _one_of(kinds)


_MAPPING = obj({"source": choice("field", "text", "skip"), **each(TEXT, "value regex")})
_ANNOTATION = _kind(
    "AnnotationQuery",
    obj(
        {
            "query": _QUERY, **each(BOOLEAN, "enable hide builtIn"), **each(TEXT, "name iconColor"),
            "filter": obj({"exclude": BOOLEAN, "ids": listing(INTEGER)}),
            "placement": {"const": "inControlsMenu"},
            "mappings": {"type": "object", "additionalProperties": _MAPPING}, "legacyOptions": FREE,
        },
        required=("query", "enable", "hide", "iconColor", "name"),
    ),
)  # fmt: skip
_DASHBOARD_LINK = obj(
    {
        **each(TEXT, "title icon tooltip url"), "type": choice("link", "dashboards"), "tags": TEXTS,
        **each(BOOLEAN, "asDropdown targetBlank includeVars keepTime"),
        "placement": {"const": "inControlsMenu"}, "origin": _ORIGIN,
    },
    required=("title", "type", "icon", "tooltip"),
)  # fmt: skip
_TIME = obj(
    {
        **each(TEXT, "timezone from to autoRefresh nowDelay"), "autoRefreshIntervals": TEXTS,
        "hideTimepicker": BOOLEAN,
        "quickRanges": listing(obj(each(TEXT, "display from to"))),
        "weekStart": choice("saturday", "monday", "sunday"),
        "fiscalYearStartMonth": {"type": "integer", "minimum": 0, "maximum": 11},
    }
)  # fmt: skip


def v2_schema(version: str = "v2") -> Json:
    """The schema of a ``spec``.

    Args:
        version: `v2`, or `v2beta1`, in which transformations name themselves and sections have names.
    """
    transformation = _kind("Transformation", _TRANSFORMATION, group=TEXT)
    transformation = {**transformation, "required": ["kind", "group", "spec"]}
    beta: dict[str, Shape] = {}
    if version != "v2":
        own = {**_TRANSFORMATION, "properties": {**_TRANSFORMATION["properties"], "id": TEXT}}
        transformation = obj({"kind": TEXT, "group": TEXT, "spec": own}, required=("kind", "spec"))
        beta = {"name": TEXT}
    definitions = {
        "layout": _layouts(beta), "variable": _variable(), "annotation": _ANNOTATION,
        "element": _one_of({"Panel": _panel(transformation), "LibraryPanel": _LIBRARY_PANEL}),
    }  # fmt: skip
    top = obj(
        {
            "annotations": listing(_ref("annotation")), "cursorSync": choice(*CURSOR),
            **each(TEXT, "title description"),
            **each(BOOLEAN, "editable liveNow preload"), "tags": TEXTS, "timeSettings": _TIME,
            "links": listing(_DASHBOARD_LINK),
            "elements": {"type": "object", "additionalProperties": _ref("element")}, "layout": _ref("layout"),
            "revision": {"type": "integer", "minimum": 0, "maximum": 65535},
            "variables": listing(_ref("variable")),
            "preferences": obj({"layout": _ref("layout")}), **({"rules": ANYTHING} if beta else {}),
        },
        required=("layout", "timeSettings"),
    )  # fmt: skip
    return {"$schema": DIALECT, "title": "Grafana dashboard (schema v2)", **top, "$defs": definitions}
