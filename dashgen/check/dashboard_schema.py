"""JSON Schemas (draft 2020-12) of the classic dashboard model at schemaVersion 42."""

from typing import Any

from dashgen.check.field_shapes import DATA_LINK, field_config
from dashgen.check.target_shapes import DATA_SOURCE, TRANSFORMATION, target
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
)
from dashgen.formats.panel_options import PanelSchemas, panel_schemas

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LATEST = 42
PANEL_SCHEMAS = panel_schemas()
"""The options of Grafana's own panel types, without what only the other readers of the table need."""
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
    },
    required=("title", "type"),
)
_OPTION = obj(
    {"selected": BOOLEAN, "text": either(TEXT, TEXTS), "value": either(TEXT, TEXTS), "isNone": BOOLEAN}
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
    **each(TEXT, "type title description repeat interval timeFrom timeShift timeCompare"),
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


def panel_definitions(panel_schemas: PanelSchemas = PANEL_SCHEMAS) -> dict[str, Any]:
    """The `$defs` that panels need: one for each type, one for all others, and `panel`, which chooses."""
    kinds: dict[str, Shape] = {"row": _ROW}
    for name, shapes in panel_schemas.items():
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


def dashboard_schema(panel_schemas: PanelSchemas = PANEL_SCHEMAS) -> dict[str, Any]:
    """The strict schema of a dashboard as dashgen writes it."""
    panels = listing({"$ref": "#/$defs/panel"})
    top = obj({**_TOP, "panels": panels}, required=("title", "uid", "schemaVersion", "panels"))
    return {
        "$schema": DIALECT,
        "title": "Grafana dashboard (classic model)",
        **top,
        "$defs": panel_definitions(panel_schemas),
    }


def panel_schema(panel_schemas: PanelSchemas = PANEL_SCHEMAS) -> dict[str, Any]:
    """The strict schema of one panel."""
    return {"$schema": DIALECT, "$ref": "#/$defs/panel", "$defs": panel_definitions(panel_schemas)}


def one_panel_schema(kind: str, panel_schemas: PanelSchemas = PANEL_SCHEMAS) -> dict[str, Any]:
    """The strict schema of panels of one type; of any type without a schema of its own when ``kind`` is none of these."""
    definitions = panel_definitions({kind: panel_schemas[kind]} if kind in panel_schemas else {})
    name = f"panel-{kind}" if f"panel-{kind}" in definitions else "panel-of-any-type"
    return {"$schema": DIALECT, "$ref": f"#/$defs/{name}", "$defs": definitions}


def loose_schema() -> dict[str, Any]:
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
