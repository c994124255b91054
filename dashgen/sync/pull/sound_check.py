"""The sound parts of a dashboard that a Grafana answers with.

Grafana takes any JSON over its API, whatever its pages can draw: `panels` may hold null, numbers or text. A pull takes over what
is a dashboard, and nothing of that.
"""

from collections.abc import Mapping
from typing import Any, Final

_LISTS: Final = frozenset(
    ("panels", "rows", "targets", "links", "transformations", "overrides", "properties")
)
"""Keys of dashboards, panels and overrides whose values are lists of objects."""
_OBJECTS: Final = frozenset(
    ("templating", "annotations", "gridPos", "fieldConfig", "defaults", "matcher", "time")
)
"""Keys whose values are objects."""
_LISTED: Final = frozenset(("templating", "annotations"))
"""Objects with a `list` of objects."""
_TEXTS: Final = frozenset(("title", "description", "type", "refId", "expr", "legendFormat"))


def sound(data: Mapping[str, Any]) -> dict[str, Any]:
    """A dashboard, or a part of one, without what stands where objects or texts belong and is none."""
    sound_data: dict[str, Any] = {}
    for key, value in data.items():
        if key in _LISTS:
            listed = value if isinstance(value, list) else []
            sound_data[key] = [sound(item) for item in listed if isinstance(item, dict)]
        elif key in _OBJECTS:
            if isinstance(value, dict):
                sound_data[key] = _listed(value) if key in _LISTED else sound(value)
        elif key not in _TEXTS or isinstance(value, str) or value is None:
            sound_data[key] = value
    return sound_data


def _listed(value: Mapping[str, Any]) -> dict[str, Any]:
    items = value.get("list")
    listed = [sound(item) for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return {**value, "list": listed} if "list" in value else dict(value)
