"""Dashboards of the new schema (v2alpha1, v2beta1, v2) in the classic form.

The new schema keeps panels apart from their places, and has places that the classic form lacks. What the classic form
cannot hold is said in `Classic.notes`.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.formats.dashboard.dashboard_json import SCHEMA_VERSION
from dashgen.formats.upgrade.v2_layout import Placed, classic_panels
from dashgen.formats.upgrade.v2_queries import asked
from dashgen.formats.upgrade.v2_variables import classic_variable

_CURSOR = {"Off": 0, "Crosshair": 1, "Tooltip": 2}
_REFRESH_INTERVALS = ["5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h", "2h", "1d"]

Said = tuple[Literal["converted", "dropped"], str]


@dataclass(slots=True)
class Classic:
    """A dashboard in the classic form, and what became of what it has no place for."""

    dashboard: Json
    notes: list[Said] = field(default_factory=list)


def is_v2(spec: Any) -> bool:
    """Whether a dashboard's spec is of the new schema."""
    return isinstance(spec, dict) and isinstance(spec.get("elements"), dict) and "layout" in spec


def classic_dashboard(spec: Json, name: str = "") -> Classic:
    """A dashboard of the new schema in the classic form.

    Args:
        spec: the ``spec`` of the resource.
        name: the resource's name, which is the uid.
    """
    placed = Placed(mapping(spec.get("elements")))
    panels = classic_panels(mapping(spec.get("layout")), placed)
    variables = [*mappings(spec.get("variables")), *placed.variables]
    time = mapping(spec.get("timeSettings"))
    made: Json = {
        "uid": name,
        "title": text(spec.get("title")),
        "schemaVersion": SCHEMA_VERSION,
        "tags": spec.get("tags", []),
        "editable": spec.get("editable", True),
        "graphTooltip": _CURSOR.get(text(spec.get("cursorSync")), 0),
        "links": spec.get("links", []),
        "annotations": {"list": [_annotation(item) for item in mappings(spec.get("annotations"))]},
        "templating": {"list": [found for item in variables if (found := classic_variable(item))]},
        "panels": panels,
        **_time(time),
    }
    for key in ("description", "preload", "liveNow", "revision"):
        if spec.get(key):
            made[key] = spec[key]
    unplaced = placed.elements.keys() - placed.used
    notes: list[Said] = [
        ("dropped", f"the panel `{key}`, which the layout does not show") for key in sorted(unplaced)
    ]
    unread = [item for item in variables if not classic_variable(item)]
    notes += [("dropped", f"a variable of kind `{text(item.get('kind'))}`") for item in unread]
    return Classic(made, [*placed.notes, *notes])


def _time(settings: Json) -> Json:
    found: Json = {
        "time": {"from": text(settings.get("from")) or "now-6h", "to": text(settings.get("to")) or "now"},
        "timezone": text(settings.get("timezone")),
        "refresh": text(settings.get("autoRefresh")),
        "weekStart": text(settings.get("weekStart")),
        "fiscalYearStartMonth": settings.get("fiscalYearStartMonth", 0),
    }
    picker: Json = {}
    intervals = settings.get("autoRefreshIntervals")
    if intervals and intervals != _REFRESH_INTERVALS:
        picker["refresh_intervals"] = intervals
    for theirs, ours in (
        ("hideTimepicker", "hidden"),
        ("quickRanges", "quick_ranges"),
        ("nowDelay", "nowDelay"),
    ):
        if settings.get(theirs):
            picker[ours] = settings[theirs]
    return {**found, "timepicker": picker}


def _annotation(item: Json) -> Json:
    spec = mapping(item.get("spec"))
    query = mapping(spec.get("query"))
    source, model = asked(query, spec.get("datasource"))
    made: Json = {
        "name": text(spec.get("name")),
        "enable": spec.get("enable") is not False,
        "hide": spec.get("hide") is True,
        "iconColor": text(spec.get("iconColor")),
    }
    if source:
        made["datasource"] = source
    made |= mapping(spec.get("legacyOptions"))
    if model:
        made["target"] = model
    if spec.get("builtIn"):
        return {**made, "builtIn": 1, "type": "dashboard"}
    for key in ("filter", "mappings", "placement"):
        if spec.get(key):
            made[key] = spec[key]
    return made
