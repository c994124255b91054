"""The types of the parts of a dashboard; parts of another type are left out before anything reads them.

Dashboards that people edited by hand or generated hold anything anywhere, and Grafana passes over what it
cannot read. So every function behind `shaped` may rely on types, and none of them asks again.
"""

from typing import Any, TypeAlias

from dashgen.core.json_values import ABSENT, Json
from dashgen.formats.legacy.legacy_panels import CONVERSIONS
from dashgen.formats.panel_options import PANEL_TABLE
from dashgen.formats.upgrade.notes import Notes

Shape: TypeAlias = Any

OWN_TYPES = frozenset(
    [
        *PANEL_TABLE,
        *CONVERSIONS,
        *("", "row", "library", "table-old", "text2", "table2", "singlestat2", "bar-gauge", "gettingstarted"),
    ]
)
"""Types of panels that Grafana has or had itself, or that become one of those."""
_SWITCH = bool
_NUMBER = (int, float)
_FORMULA = (str, int, float)
_THRESHOLDS = {"mode": str, "steps": [{"color": str, "value": (int, float, str)}]}
_MAPPING = {"options": {"result": {"index": int, "text": str}}, "type": (str, int)}
_LINK = {"title": str, "url": str, "targetBlank": _SWITCH}
_CUSTOM = {
    "cellOptions": dict, "displayMode": str, "fillOpacity": _NUMBER, "footer": dict, "hideFrom": dict,
    "lineStyle": dict,
    "lineWidth": _NUMBER, "scaleDistribution": dict, "stacking": dict, "thresholdsStyle": dict,
}  # fmt: skip
_FIELDS = {
    "color": {"fixedColor": str, "mode": str}, "custom": _CUSTOM, "decimals": _NUMBER, "displayName": str,
    "links": [_LINK],
    "mappings": [_MAPPING], "max": _NUMBER, "min": _NUMBER, "noValue": (str, int, float),
    "thresholds": _THRESHOLDS, "unit": str,
}  # fmt: skip
_REDUCE = {"calcs": [str], "fields": str, "values": _SWITCH, "limit": int}
_OPTIONS = {
    "code": dict, "content": str, "fieldOptions": {"defaults": dict, "overrides": [dict]}, "footer": dict,
    "legend": {"calcs": [str], "displayMode": str, "placement": str, "showLegend": _SWITCH, "values": list},
    "mode": str, "reduceOptions": _REDUCE, "sortBy": [{"displayName": str}], "text": dict, "tooltip": dict,
    "tooltipOptions": dict, "displayLabels": [str],
}  # fmt: skip
_SOURCE = (dict, str)
_TARGET = {
    "datasource": _SOURCE, "expr": str, "exemplar": _SWITCH, "format": (str, int), "hide": _SWITCH,
    "instant": _SWITCH,
    "interval": str, "intervalFactor": _NUMBER, "legendFormat": str, "range": _SWITCH, "refId": str,
}  # fmt: skip


def _property(value: object) -> Shape:
    """The shape of an override's property, whose value has the type of the field option that it names."""
    if not isinstance(value, dict) or value.get("id") == "":
        # A property without a name sets nothing: no property is a text, so this shape leaves it out.
        return str
    option = _FIELDS.get(value["id"]) if isinstance(value.get("id"), str) else None
    if option is None or value.get("value") is None:
        return {"id": str}
    # A property with a value of another type goes as a whole, not its value alone: it would set nothing then.
    return str if shaped(value["value"], option, Notes(), "") is ABSENT else {"id": str}


PANEL: Shape = {
    "collapsed": _SWITCH, "datasource": _SOURCE, "description": str,
    "fieldConfig": {
        "defaults": _FIELDS,
        "overrides": [{"matcher": {"id": str}, "properties": [_property]}],
    },
    "gridPos": dict, "interval": str, "libraryPanel": {"name": str, "uid": str}, "links": [dict],
    "maxDataPoints": _FORMULA, "maxPerRow": int, "options": _OPTIONS, "repeat": str, "repeatDirection": str,
    "targets": [_TARGET], "timeFrom": str, "timeShift": str, "title": str, "transformations": [{"id": str}],
    "transparent": _SWITCH, "type": str,
}  # fmt: skip
"""A panel of any version; keys that are not listed may hold anything."""
_ANY_CONFIG: Shape = {
    "defaults": {**_FIELDS, "custom": dict},
    "overrides": [{"matcher": {"id": str}, "properties": [_property]}],
}
_PLUGIN: Shape = {**PANEL, "fieldConfig": _ANY_CONFIG, "options": dict}


def _panel(value: object) -> Shape:
    """The shape of a panel; what the options of a plugin of others mean is not known here."""
    kind = value.get("type") if isinstance(value, dict) else None
    shape = PANEL if not isinstance(kind, str) or kind in OWN_TYPES else _PLUGIN
    return {**shape, "panels": [_panel]}


VARIABLE: Shape = {
    "allValue": str, "auto": _SWITCH, "auto_count": int, "auto_min": str, "current": dict,
    "datasource": _SOURCE,
    "definition": str, "description": str, "hide": (int, bool), "includeAll": _SWITCH, "label": str,
    "multi": _SWITCH,
    "name": str, "options": [{"text": _FORMULA, "value": _FORMULA}], "query": (str, dict), "refresh": (int,
    bool), "regex": str,
    "skipUrlSync": _SWITCH, "sort": (int, str), "type": str,
}  # fmt: skip
_ANNOTATION_TARGET: Shape = {"expr": str, "limit": int, "matchAny": _SWITCH, "tags": [str]}


def _annotation_target(value: object) -> Shape:
    """The shape of an annotation's query; one for Graphite may be a text, which its plugin still reads.

    Source: ``prepareAnnotation`` in ``public/app/plugins/datasource/graphite/migrations.ts`` of Grafana 12.
    """
    return str if isinstance(value, str) else _ANNOTATION_TARGET


ANNOTATION: Shape = {
    "datasource": _SOURCE, "enable": _SWITCH, "expr": str, "hide": _SWITCH, "iconColor": str, "name": str,
    "tagKeys": str, "target": _annotation_target, "textFormat": str,
    "titleFormat": str, "type": str,
}  # fmt: skip
LINK: Shape = {
    "asDropdown": _SWITCH, "icon": str, "includeVars": _SWITCH, "keepTime": _SWITCH, "tags": [str],
    "targetBlank": _SWITCH, "title": str, "tooltip": str, "type": str, "url": str,
}  # fmt: skip
_ROW: Shape = {"collapse": _SWITCH, "panels": [_panel], "repeat": str, "showTitle": _SWITCH, "title": str}
DASHBOARD: Shape = {
    "annotations": {"list": [ANNOTATION]}, "description": str, "editable": _SWITCH, "links": [LINK],
    "liveNow": _SWITCH,
    "panels": [_panel], "preload": _SWITCH, "rows": [_ROW], "tags": [str],
    "templating": {"list": [VARIABLE]}, "time": {"from": str, "to": str},
    "timepicker": {"hidden": _SWITCH, "nowDelay": str, "quick_ranges": [dict], "refresh_intervals": [str]},
    "timezone": str, "title": str, "uid": str, "weekStart": str,
}  # fmt: skip
"""A dashboard of any version."""


def shaped(value: object, shape: Shape, notes: Notes, name: str = "the dashboard") -> Any:
    """Copy a value without the parts that do not have the type of their shape, and without nulls.

    Args:
        value: the value.
        shape: a type or types, a mapping of shapes by key, a list with the shape of its items, or a function
            from a
            value to its shape.
        notes: gets what is left out.
        name: how a note calls the value.

    Returns:
        The copy; `ABSENT` when the value itself has another type.
    """
    if callable(shape) and not isinstance(shape, type):
        shape = shape(value)
    if isinstance(shape, dict):
        return _mapping(value, shape, notes) if isinstance(value, dict) else _wrong(value, notes, name)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return _wrong(value, notes, name)
        parts = (shaped(part, shape[0], notes, f"an item of {name}") for part in value)
        return [part for part in parts if part is not ABSENT]
    types = shape if isinstance(shape, tuple) else (shape,)
    # In Python true is a number, in JSON it is not.
    is_right = isinstance(value, types) and (not isinstance(value, bool) or bool in types)
    return value if is_right else _wrong(value, notes, name)


def _mapping(value: Json, shape: Shape, notes: Notes) -> Json:
    shaped_items = {}
    for key, part in value.items():
        item = shaped(part, shape[key], notes, f"`{key}`") if key in shape else part
        if item is not ABSENT and part is not None:
            shaped_items[key] = item
    return shaped_items


def _wrong(value: object, notes: Notes, name: str) -> Any:
    # Grafana takes null, an empty text and false for nothing wherever they stand; 0 equals false in Python.
    if value not in (None, "", False):
        notes.drop(f"{name}, where it has a type that Grafana does not read there")
    return ABSENT
