"""Find the keys of conditions on which something is shown, and of layouts that arrange their panels."""

from typing import Final

from dashgen.core.json_values import Json, mapping, mappings, same, text
from dashgen.formats.v2.auto_grid import AUTO_LAYOUT
from dashgen.model.visibility_spec import COMPARISONS

_LAYOUT: Final = {
    "columns": "columns",
    "columnWidth": "column_width",
    "rowHeight": "row_height",
    "fill": "fill",
}


def layout_key(dynamic: Json) -> Json:
    """``layout`` of a section or dashboard; empty where its panels have places.

    Before: ``{"layout": {"kind": "auto", "columns": 4, "columnWidth": "standard", …}}``
    After: ``{"layout": {"columns": 4}}``
    """
    layout = mapping(dynamic.get("layout"))
    if layout.get("kind") != "auto":
        return {}
    keys = {
        key: layout[name]
        for name, key in _LAYOUT.items()
        if name in layout and not same(layout[name], AUTO_LAYOUT[name])
    }
    return {"layout": keys or "auto"}


def condition_key(dynamic: Json) -> Json:
    """``show_when`` or ``hide_when``; empty for what is shown always, or where the keys cannot say it."""
    condition = mapping(dynamic.get("showWhen"))
    items = [_condition(item) for item in mappings(condition.get("items"))]
    if not items or not all(items):
        return {}
    key = "hide_when" if condition.get("visibility") == "hide" else "show_when"
    if len(items) == 1:
        return {key: items[0]}
    return {key: {"any": items} if condition.get("join") == "or" else items}


_KEYS: Final = {operator: key for key, operator in COMPARISONS.items()}


def _condition(item: Json) -> Json:
    kind, value = item.get("kind"), item.get("value")
    if kind == "data" and isinstance(value, bool):
        return {"has_data": value}
    if kind == "timeRange" and isinstance(value, str):
        return {"time_range": value}
    key = _KEYS.get(text(item.get("operator")))
    if kind == "variable" and key and isinstance(value, str) and text(item.get("variable")):
        return {"variable": item["variable"], key: value}
    return {}
