"""Dashboards of the new schema (v2alpha1, v2beta1, v2) in the classic form.

The new schema keeps panels apart from their places, and has layouts that the classic form lacks:
`ClassicDashboard.notes` lists what the classic form cannot hold. Source:
``transformSaveModelSchemaV2ToScene.ts`` and ``transformSceneToSaveModel.ts`` in
``public/app/features/dashboard-scene/serialization`` of Grafana 12, one after the other.
"""

from typing import Literal

from msgspec import Struct

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.formats.dashboard.dashboard_json import REFRESH_INTERVALS, SCHEMA_VERSION
from dashgen.formats.upgrade.v2_layout import LayoutPanels, classic_panels
from dashgen.formats.upgrade.v2_queries import query_and_source
from dashgen.formats.upgrade.v2_variables import classic_variable

_CURSOR = {"Off": 0, "Crosshair": 1, "Tooltip": 2}


UpgradeNote = tuple[Literal["converted", "dropped"], str]


class ClassicDashboard(Struct):
    """A dashboard in the classic form, with notes on what that form has no place for."""

    dashboard: Json
    notes: list[UpgradeNote] = []


def is_v2(spec: object) -> bool:
    """Whether a dashboard's spec is of the new schema."""
    return isinstance(spec, dict) and isinstance(spec.get("elements"), dict) and "layout" in spec


def classic_dashboard(spec: Json, name: str = "") -> ClassicDashboard:
    """Convert a dashboard of the new schema to the classic form.

    Before: ``{"elements": {"panel-1": {"kind": "Panel", "spec": {…}}}, "layout": {"kind": "GridLayout",
    "spec": {…}}, …}``
    After: ``{"panels": [{"id": 1, "gridPos": {…}, …}], "templating": {"list": […]}, …}``

    Args:
        spec: the ``spec`` of the resource.
        name: the resource's name, which is the uid.
    """
    placed = LayoutPanels(mapping(spec.get("elements")))
    panels = classic_panels(mapping(spec.get("layout")), placed)
    variables = [*mappings(spec.get("variables")), *placed.variables]
    time = mapping(spec.get("timeSettings"))
    dashboard: Json = {
        "uid": name,
        "title": text(spec.get("title")),
        "schemaVersion": SCHEMA_VERSION,
        "tags": spec.get("tags", []),
        "editable": spec.get("editable", True),
        "graphTooltip": _CURSOR.get(text(spec.get("cursorSync")), 0),
        "links": spec.get("links", []),
        "annotations": {"list": [_annotation(item) for item in mappings(spec.get("annotations"))]},
        "templating": {"list": [classic for item in variables if (classic := classic_variable(item))]},
        "panels": panels,
        **_time(time),
    }
    for key in ("description", "preload", "liveNow", "revision"):
        if spec.get(key):
            dashboard[key] = spec[key]
    # The layout decides what is shown: an element without a place is in the file and on no screen.
    unplaced = placed.elements.keys() - placed.used
    notes: list[UpgradeNote] = [
        ("dropped", f"the panel `{key}`, which the layout does not show") for key in sorted(unplaced)
    ]
    unread = [item for item in variables if not classic_variable(item)]
    notes += [("dropped", f"a variable of kind `{text(item.get('kind'))}`") for item in unread]
    return ClassicDashboard(dashboard, [*placed.notes, *notes])


def _time(settings: Json) -> Json:
    settings_json: Json = {
        "time": {"from": text(settings.get("from")) or "now-6h", "to": text(settings.get("to")) or "now"},
        "timezone": text(settings.get("timezone")),
        "refresh": text(settings.get("autoRefresh")),
        "weekStart": text(settings.get("weekStart")),
        "fiscalYearStartMonth": settings.get("fiscalYearStartMonth", 0),
    }
    picker: Json = {}
    intervals = settings.get("autoRefreshIntervals")
    # The new schema writes the intervals that Grafana offers anyway into every dashboard.
    if intervals and intervals != list(REFRESH_INTERVALS):
        picker["refresh_intervals"] = intervals
    names = {"hideTimepicker": "hidden", "quickRanges": "quick_ranges", "nowDelay": "nowDelay"}
    picker |= {classic: settings[name] for name, classic in names.items() if settings.get(name)}
    return {**settings_json, "timepicker": picker}


def _annotation(item: Json) -> Json:
    spec = mapping(item.get("spec"))
    query = mapping(spec.get("query"))
    source, model = query_and_source(query, spec.get("datasource"))
    annotation: Json = {
        "name": text(spec.get("name")),
        "enable": spec.get("enable") is not False,
        "hide": spec.get("hide") is True,
        "iconColor": text(spec.get("iconColor")),
    }
    if source:
        annotation["datasource"] = source
    # What the classic form has and the new schema has no key for was put here by Grafana's own conversion.
    annotation |= mapping(spec.get("legacyOptions"))
    if model:
        annotation["target"] = model
    if spec.get("builtIn"):
        return {**annotation, "builtIn": 1, "type": "dashboard"}
    for key in ("filter", "mappings", "placement"):
        if spec.get(key):
            annotation[key] = spec[key]
    return annotation
