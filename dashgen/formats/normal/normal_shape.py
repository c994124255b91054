"""The types that a comparison relies on; values of other types are left out, as Grafana cannot use them."""

from typing import Any, Final

from dashgen.core.json_values import Json

Shape = Json | list[Any] | tuple[type, ...]
TEXT: Final = (str,)
NUMBER: Final = (int, float)
_LINKS: Final = [{"title": TEXT}]
FIELD_SHAPES: Final[dict[str, Shape]] = {
    "thresholds": {"steps": [{"color": TEXT, "value": NUMBER}], "mode": TEXT},
    "mappings": [{"type": TEXT, "options": {}}],
    "links": _LINKS,
    "custom": {},
}
TARGET: Final = {"refId": TEXT}
PANEL: Final = {
    "id": (int, str),
    "title": TEXT,
    "type": TEXT,
    "targets": [TARGET],
    "options": {},
    "transformations": [{"id": TEXT}],
    "links": _LINKS,
    "libraryPanel": {"uid": TEXT},
    "fieldConfig": {
        "defaults": FIELD_SHAPES,
        "overrides": [{"matcher": {"id": TEXT}, "properties": [{"id": TEXT}]}],
    },
}
DASHBOARD: Final = {
    "title": TEXT,
    "links": _LINKS,
    "tags": [TEXT],
    "time": {"from": TEXT, "to": TEXT},
    "graphTooltip": (int,),
    "templating": {"list": [{"name": TEXT, "type": TEXT, "hide": (int,), "sort": (int,), "refresh": (int,)}]},
    "annotations": {"list": [{"name": TEXT}]},
}
MODEL: Final = {"refId": TEXT, "type": TEXT, "expression": TEXT, "conditions": [{"evaluator": {}}]}
RULE: Final = {
    "title": TEXT,
    "condition": TEXT,
    "labels": {},
    "annotations": {},
    "notification_settings": {},
    "record": {},
    "data": [
        {
            "refId": TEXT,
            "datasourceUid": TEXT,
            "model": MODEL,
            "relativeTimeRange": {"from": NUMBER, "to": NUMBER},
        }
    ],
}
RECEIVER: Final = {"uid": TEXT, "type": TEXT, "settings": {}}
RULE_OF_SERVER: Final = {"alert": TEXT, "record": TEXT, "labels": {}, "annotations": {}}


def shaped(value: object, shape: Shape) -> Any:
    """The value without what does not have the shape; None when it does not have it itself.

    A mapping of a shape says what some of its keys hold, a list what its items are, a tuple which types a
    value may be of.
    """
    if isinstance(shape, dict):
        return _mapping(value, shape) if isinstance(value, dict) else None
    # Items of another type go one by one: the others can be read.
    if isinstance(shape, list):
        items = (shaped(item, shape[0]) for item in value) if isinstance(value, list) else ()
        return [item for item in items if item is not None]
    return value if isinstance(value, shape) and not isinstance(value, bool) else None


def _mapping(value: Json, shape: Json) -> Json:
    # Null stays: the base of thresholds has one, and in other places `without_empty` takes it out.
    shaped_items = {
        key: item if key not in shape else shaped(item, shape[key]) for key, item in value.items()
    }
    return {key: item for key, item in shaped_items.items() if item is not None or value[key] is None}
