"""What only schema v2 has, in the one spelling that a build of specs has of it: every default written out."""

from typing import Final

from dashgen.core.json_values import Json, mapping, mappings, text, whole
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.upgrade_data_sources import References
from dashgen.formats.upgrade.upgrade_variables import upgrade_variables
from dashgen.formats.v2.auto_grid import AUTO_LAYOUT

_ELEMENT: Final = "element"


def dynamic_of_dashboard(dynamic: Json) -> Json:
    """How a dashboard arranges its panels, and its other settings that only schema v2 has."""
    rest = {key: value for key, value in dynamic.items() if key != "layout"}
    return {**_layout(dynamic), **rest}


def dynamic_of_panel(dynamic: Json) -> Json:
    """The subtitle and the conditions of a panel; the name of its element ties it to its place only."""
    rest = {key: value for key, value in dynamic.items() if key not in ("showWhen", _ELEMENT) and value}
    return {**rest, **_show_when(dynamic)}


def dynamic_of_section(dynamic: Json, references: References, notes: Notes) -> Json:
    """What a row or tab is beyond a plain row; empty for a plain row."""
    header_keys = ("kind", "level", "layout", "showWhen", "variables")
    own = {**_layout(dynamic), **_show_when(dynamic)}
    if variables := upgrade_variables({"list": dynamic.get("variables")}, references, notes):
        own["variables"] = variables
    own |= {key: value for key, value in dynamic.items() if key not in header_keys and value}
    kind, level = text(dynamic.get("kind")) or "row", whole(dynamic.get("level"))
    return {"kind": kind, "level": level, **own} if own or level or kind != "row" else {}


def _layout(dynamic: Json) -> Json:
    layout = mapping(dynamic.get("layout"))
    return {"layout": {**AUTO_LAYOUT, **layout}} if layout.get("kind") == "auto" else {}


def _show_when(dynamic: Json) -> Json:
    condition = mapping(dynamic.get("showWhen"))
    items = mappings(condition.get("items"))
    if not items:
        return {}
    visibility = "hide" if condition.get("visibility") == "hide" else "show"
    join = "or" if condition.get("join") == "or" and len(items) > 1 else "and"
    return {"showWhen": {"visibility": visibility, "join": join, "items": items}}
