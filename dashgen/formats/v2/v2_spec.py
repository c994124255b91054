"""Dashboards of the extended classic form in schema v2, as Grafana 13.3 writes them."""

from collections.abc import Mapping
from typing import Final

from dashgen.core.json_values import Json, items, mapping, mappings, text, whole
from dashgen.formats.v2.v2_annotations import v2_annotation
from dashgen.formats.v2.v2_dashboard import CURSOR
from dashgen.formats.v2.v2_layout_spec import elements_and_layout
from dashgen.formats.v2.v2_time import time_settings
from dashgen.formats.v2.v2_variables import v2_variable

API_VERSION: Final = "dashboard.grafana.app/v2"
_LINK_TEXTS: Final = ("title", "type", "icon", "tooltip")
_LINK_FLAGS: Final = ("asDropdown", "targetBlank", "includeVars", "keepTime")


def v2_envelope(dashboard: Json, annotations: Mapping[str, str] | None = None) -> Json:
    """The resource of a dashboard in schema v2.

    Args:
        dashboard: the dashboard in the classic form; its uid becomes the resource's name.
        annotations: the annotations of the resource, such as that of its folder.
    """
    metadata: Json = {"name": text(dashboard.get("uid"))}
    if annotations:
        metadata["annotations"] = dict(annotations)
    return {
        "apiVersion": API_VERSION,
        "kind": "Dashboard",
        "metadata": metadata,
        "spec": v2_spec(dashboard),
    }


def v2_spec(dashboard: Json) -> Json:
    """A dashboard in schema v2.

    Before: ``{"panels": [{"id": 1, "type": "stat", "gridPos": {…}, …}], "graphTooltip": 1, …}``
    After: ``{"elements": {"panel-1": {"kind": "Panel", …}}, "layout": {"kind": "GridLayout", …},
    "cursorSync": "Crosshair", …}``

    Args:
        dashboard: classic JSON at schemaVersion 42, with or without ``dynamic``.
    """
    dynamic = mapping(dashboard.get("dynamic"))
    listed = mappings(dashboard.get("panels"))
    elements, layout = elements_and_layout(_in_order(listed), mapping(dynamic.get("layout")))
    tooltip = whole(dashboard.get("graphTooltip"))
    variables = mappings(mapping(dashboard.get("templating")).get("list"))
    annotations = mappings(mapping(dashboard.get("annotations")).get("list"))
    spec: Json = {
        "annotations": [v2_annotation(item) for item in annotations],
        "cursorSync": CURSOR[tooltip] if 0 <= tooltip < len(CURSOR) else CURSOR[0],
        "editable": dashboard.get("editable") is not False,
        "elements": elements,
        "layout": layout,
        "links": [_link(link) for link in mappings(dashboard.get("links"))],
        "liveNow": dashboard.get("liveNow") is True,
        "preload": dashboard.get("preload") is True,
        "tags": [tag for tag in items(dashboard.get("tags")) if isinstance(tag, str)],
        "timeSettings": time_settings(dashboard),
        "title": text(dashboard.get("title")),
        "variables": [variable for item in variables if (variable := v2_variable(item))],
    }
    if text(dashboard.get("description")):
        spec["description"] = dashboard["description"]
    if whole(dashboard.get("revision")) > 0:
        spec["revision"] = whole(dashboard["revision"])
    preferences = mapping(dynamic.get("preferences"))
    return {**spec, "preferences": preferences} if preferences else spec


def _in_order(panels: list[Json]) -> list[Json]:
    """Panels in the order in which sections are read from them.

    Grafana sorts the panels of a classic dashboard by their places before it looks for rows; where sections
    nest, the list has their order.
    """
    if any("dynamic" in panel for panel in panels if panel.get("type") == "row"):
        return panels
    return sorted(panels, key=_place)


def _place(panel: Json) -> tuple[int, int]:
    grid_pos = mapping(panel.get("gridPos"))
    return whole(grid_pos.get("y")), whole(grid_pos.get("x"))


def _link(link: Json) -> Json:
    texts = {key: text(link.get(key)) for key in _LINK_TEXTS}
    written: Json = {
        **texts,
        "type": texts["type"] or "link",
        "tags": [tag for tag in items(link.get("tags")) if isinstance(tag, str)],
        **{key: link.get(key) is True for key in _LINK_FLAGS},
    }
    if "url" in link:
        written["url"] = text(link["url"])
    return written | {key: link[key] for key in ("placement", "origin") if link.get(key)}
