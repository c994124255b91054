"""Dashboards of schema v2 (v2alpha1, v2beta1, v2) in the extended classic form."""

from typing import Final

from msgspec import Struct

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.formats.dashboard.dashboard_json import SCHEMA_VERSION
from dashgen.formats.v2.v2_annotations import classic_annotation
from dashgen.formats.v2.v2_layout import DashboardNote, LayoutPanels, classic_panels
from dashgen.formats.v2.v2_time import classic_time

CURSOR: Final = ("Off", "Crosshair", "Tooltip")
SAME: Final = ("description", "preload", "liveNow", "revision")
"""Keys that both forms have, each absent where it has no value."""


class ClassicDashboard(Struct):
    """A dashboard in the classic form, with notes on what that form has no place for."""

    dashboard: Json
    notes: list[DashboardNote] = []


def is_v2(spec: object) -> bool:
    """Whether a dashboard's spec is of the new schema."""
    return isinstance(spec, dict) and isinstance(spec.get("elements"), dict) and "layout" in spec


def extended_dashboard(spec: Json, name: str = "") -> ClassicDashboard:
    """Read a dashboard of schema v2 into the extended classic form.

    Before: ``{"elements": {"panel-1": {"kind": "Panel", "spec": {…}}}, "layout": {"kind": "TabsLayout",
    "spec": {…}}, …}``
    After: ``{"panels": [{"type": "row", "dynamic": {"kind": "tab"}, …}, {"id": 1, "gridPos": {…}, …}], …}``

    Args:
        spec: the ``spec`` of the resource; what is not of the schema is left out.
        name: the resource's name, which is the uid.
    """
    placed = LayoutPanels(mapping(spec.get("elements")))
    panels = classic_panels(mapping(spec.get("layout")), placed)
    placed.drop_unplaced()
    cursor = text(spec.get("cursorSync"))
    dashboard: Json = {
        "uid": name,
        "title": text(spec.get("title")),
        "schemaVersion": SCHEMA_VERSION,
        "tags": spec.get("tags", []),
        "editable": spec.get("editable", True),
        "graphTooltip": CURSOR.index(cursor) if cursor in CURSOR else 0,
        "links": spec.get("links", []),
        "annotations": {"list": [classic_annotation(item) for item in mappings(spec.get("annotations"))]},
        "templating": {"list": placed.variables(spec.get("variables"))},
        "panels": panels,
        **classic_time(mapping(spec.get("timeSettings"))),
    }
    dashboard |= {key: spec[key] for key in SAME if spec.get(key)}
    dynamic = {"layout": placed.layout, "preferences": mapping(spec.get("preferences"))}
    dynamic = {key: value for key, value in dynamic.items() if value}
    return ClassicDashboard({**dashboard, "dynamic": dynamic} if dynamic else dashboard, placed.notes)
