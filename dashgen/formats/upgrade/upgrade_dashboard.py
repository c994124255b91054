"""Whole dashboards of any version in the form that Grafana 12 gives them."""

import re
from typing import Any

from dashgen.core.json_values import Json, items, mapping, mappings, text, whole, without_nulls
from dashgen.formats.dashboard.dashboard_json import (
    BUILT_IN,
    built_in,
    migrate_annotation,
    migrate_dashboard_link,
)
from dashgen.formats.panel_tree import drawn_panels, number_panels
from dashgen.formats.upgrade import loss_reasons
from dashgen.formats.upgrade.envelope import SourceDashboard
from dashgen.formats.upgrade.loss_reasons import is_empty
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.part_types import DASHBOARD, shaped
from dashgen.formats.upgrade.upgrade_data_sources import References, references_of
from dashgen.formats.upgrade.upgrade_grid import place
from dashgen.formats.upgrade.upgrade_panels import upgrade_panel
from dashgen.formats.upgrade.upgrade_rows import rows_to_panels
from dashgen.formats.upgrade.upgrade_variables import upgrade_variables

_UID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_LONGEST_TITLE = 5000
_MARK = "__original"
_READ = frozenset(
    {
        "annotations", "description", "editable", "fiscalYearStartMonth", "graphTooltip", "links", "liveNow",
        "panels", "preload", "refresh", "rows", "sharedCrosshair", "tags", "templating", "time", "timepicker",
        "timezone", "title", "uid", "weekStart",
    }
)  # fmt: skip


def upgrade(source: SourceDashboard, notes: Notes) -> Json:
    """A dashboard at schemaVersion 42, its panels in the order of their places."""
    for kind, what in source.notes:
        (notes.convert if kind == "converted" else notes.drop)(what)
    marked, originals = _marked(source.dashboard)
    data = shaped(marked, DASHBOARD, notes)
    references = references_of(data, source.inputs)
    tooltip = whole(data.get("graphTooltip")) or int(data.get("sharedCrosshair") is True)
    upgraded: Json = {
        "uid": _uid(text(data.get("uid")), notes),
        "title": text(data.get("title")).strip()[:_LONGEST_TITLE] or "No Title",
        "tags": [tag for tag in items(data.get("tags")) if isinstance(tag, str)],
        "timezone": text(data.get("timezone")),  # without one it is what each user has chosen
        "editable": data.get("editable") is not False,
        "graphTooltip": tooltip if tooltip in (0, 1, 2) else 0,
        "refresh": text(data.get("refresh")),
        "time": _time(mapping(data.get("time"))),
        "timepicker": _time_picker(data),
        "weekStart": text(data.get("weekStart")),
        "fiscalYearStartMonth": whole(data.get("fiscalYearStartMonth")),
        "liveNow": data.get("liveNow") is True,
        "links": [_link(link) for link in mappings(data.get("links"))],
        "annotations": {"list": _annotations(data.get("annotations"), references)},
        "templating": {"list": upgrade_variables(data.get("templating"), references, notes)},
        "panels": _panels(data, references, notes),
    }
    notes.originals = [originals[panel.pop(_MARK)] for panel in drawn_panels(upgraded["panels"])]
    for key in ("description", "preload"):
        if data.get(key):
            upgraded[key] = data[key]
    return {**_unknown(data, notes), **upgraded}


def _marked(dashboard: Json) -> tuple[Json, list[Json]]:
    """A dashboard whose panels have numbers, and the panels by these numbers: what became of each is compared with it."""
    originals: list[Json] = []

    def mark(panel: Any) -> Any:
        if not isinstance(panel, dict):
            return panel
        originals.append(panel)
        copy = {**panel, _MARK: len(originals) - 1}
        return (
            {**copy, "panels": [mark(child) for child in panel["panels"]]}
            if items(panel.get("panels"))
            else copy
        )

    marked = dict(dashboard)
    if items(marked.get("panels")):
        marked["panels"] = [mark(panel) for panel in marked["panels"]]
    if items(marked.get("rows")):
        marked["rows"] = [
            {**row, "panels": [mark(panel) for panel in items(row.get("panels"))]}
            if isinstance(row, dict)
            else row
            for row in marked["rows"]
        ]
    return marked, originals


def _unknown(data: Json, notes: Notes) -> Json:
    """The keys of a dashboard that nothing here reads, and that have no reason to go."""
    unknown: Json = {}
    for key in [key for key in data if key not in _READ]:
        reason = loss_reasons.DASHBOARD.get(key)
        if reason is None and not is_empty(data[key]):
            unknown[key] = data[key]
        elif reason is not None and not reason.harmless and not is_empty(data[key]):
            notes.drop(reason.why)
    return unknown


def _uid(uid: str, notes: Notes) -> str:
    if uid and not _UID.fullmatch(uid):
        notes.drop("the uid, which Grafana does not accept; it is made from the title")
        return ""
    return uid


def _time(time: Json) -> Json:
    return {"from": text(time.get("from")) or "now-6h", "to": text(time.get("to")) or "now"}


def _time_picker(data: Json) -> Json:
    picker = mapping(data.get("timepicker")) or next(iter(mappings(data.get("nav"))), {})
    keys = ("hidden", "nowDelay", "quick_ranges", "refresh_intervals")
    return {key: picker[key] for key in keys if picker.get(key)}


def _link(old_link: Json) -> Json:
    link = {key: value for key, value in without_nulls(old_link).items() if key != "$$hashKey"}
    if link.get("type") == "dashboards":
        link.pop("url", None)
    if not isinstance(link.get("tags", []), list):
        link["tags"] = []
    return migrate_dashboard_link(link)


def _annotations(old_annotations: Any, references: References) -> list[Json]:
    upgraded = []
    for item in mappings(mapping(old_annotations).get("list")):
        annotation = {k: v for k, v in without_nulls(item).items() if k not in loss_reasons.ANNOTATION}
        source = references.find(annotation.pop("datasource", None))
        if annotation.get("builtIn"):
            upgraded.append(_built_in(annotation))
        elif text(annotation.get("name")):
            annotation["datasource"] = source or references.default(annotation)
            upgraded.append(migrate_annotation(annotation))
    return upgraded if any(item.get("builtIn") for item in upgraded) else [built_in(), *upgraded]


def _built_in(old_annotation: Json) -> Json:
    """Grafana's own annotations; the query that newer versions write down is what it asks anyway."""
    annotation = {
        **old_annotation,
        "datasource": dict(BUILT_IN["datasource"]),
        "builtIn": 1,
        "type": "dashboard",
    }
    color = text(annotation.get("iconColor")).replace(" ", "")
    if color == BUILT_IN["iconColor"].replace(" ", ""):
        annotation["iconColor"] = BUILT_IN["iconColor"]
    target = mapping(annotation.get("target"))
    if target.get("type", "dashboard") == "dashboard" and not target.get("tags"):
        annotation.pop("target", None)
    for key in ("limit", "matchAny", "tags"):
        if annotation.get(key) in (None, 100, False, []):
            annotation.pop(key, None)
    return annotation


def _panels(data: Json, references: References, notes: Notes) -> list[Json]:
    """Panels with places and ids; clones that repetition left behind are not panels of their own."""
    old_panels = [*rows_to_panels(mappings(data.get("rows"))), *mappings(data.get("panels"))]
    _unwrap(old_panels, notes)
    place(old_panels)
    number_panels(old_panels)
    panels = []
    for panel in old_panels:
        if panel["type"] == "row":
            children = [_upgraded(child, references, notes) for child in panel["panels"]]
            panels.append({**_row(panel), "panels": children})
        else:
            panels.append(_upgraded(panel, references, notes))
    return panels


def _upgraded(panel: Json, references: References, notes: Notes) -> Json:
    number = panel.pop(_MARK)
    return {**upgrade_panel(panel, references, notes), _MARK: number}


def _row(panel: Json) -> Json:
    row: Json = {
        "type": "row",
        "id": panel["id"],
        "title": text(panel.get("title")),
        "collapsed": panel.get("collapsed") is True,
        "gridPos": panel["gridPos"],
    }
    if text(panel.get("repeat")):
        row["repeat"] = panel["repeat"]
    return row


def _unwrap(panels: list[Json], notes: Notes) -> None:
    """Leave out clones, and give every panel the keys that placing and numbering read."""
    # Over a copy: panels are removed from the list, and those of open rows are added to it.
    for panel in list(panels):
        if panel.get("repeatPanelId") or panel.get("repeatedByRow"):
            notes.drop("copies that Grafana makes of repeated panels by itself", harmless=True)
            panels.remove(panel)
            continue
        panel["type"] = text(panel.get("type")) or "timeseries"
        if isinstance(panel.get("id"), bool) or not isinstance(panel.get("id"), int):
            panel["id"] = None
        if panel["type"] == "row":
            _unwrap_row(panel, panels, notes)


def _unwrap_row(row: Json, panels: list[Json], notes: Notes) -> None:
    """The panels of a folded row stay in it; those in an open one stand beside it."""
    children = [child for child in mappings(row.get("panels")) if child.get("type") != "row"]
    _unwrap(children, notes)
    if row.get("collapsed") is not True:
        panels += children
        children = []
    row["panels"] = children
