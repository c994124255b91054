"""Upgrade dashboards of any version to schemaVersion 42 as Grafana 12 does, for import, diff and pull.

Source: ``public/app/features/dashboard/state/DashboardMigrator.ts`` of Grafana 12, and the migrations of the
panel plugins. Grafana's own upgrade leaves some values to its plugins, which fill them in when a panel is
drawn; here they are in the result.
"""

from typing import Any

from dashgen.core.json_values import Json, items, mapping, mappings, text, whole, without_nulls
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.dashboard.dashboard_json import (
    BUILT_IN,
    REFRESH_INTERVALS,
    built_in,
    migrate_annotation,
    migrate_dashboard_link,
)
from dashgen.formats.json_shapes import names
from dashgen.formats.panel_tree import drawn_panels, number_panels
from dashgen.formats.upgrade import loss_reasons
from dashgen.formats.upgrade.envelope import SourceDashboard
from dashgen.formats.upgrade.loss_reasons import is_empty
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.part_types import DASHBOARD, shaped
from dashgen.formats.upgrade.upgrade_data_sources import References, references_of
from dashgen.formats.upgrade.upgrade_dynamic import (
    dynamic_of_dashboard,
    dynamic_of_panel,
    dynamic_of_section,
)
from dashgen.formats.upgrade.upgrade_grid import place
from dashgen.formats.upgrade.upgrade_panels import upgrade_panel
from dashgen.formats.upgrade.upgrade_rows import rows_to_panels
from dashgen.formats.upgrade.upgrade_variables import upgrade_variables

_UID = lazy_pattern(r"[A-Za-z0-9_-]{1,40}")
_LONGEST_TITLE = 5000
_MARK = "__original"
_READ = frozenset(
    names(
        "annotations description dynamic editable fiscalYearStartMonth graphTooltip links liveNow panels "
        "preload",
        "refresh rows sharedCrosshair tags templating time timepicker timezone title uid weekStart",
    )
)
"""The keys that `upgrade` puts into today's form; all others stay or go by `loss_reasons`."""


def upgrade(source: SourceDashboard, notes: Notes, *, fills_defaults: bool = True) -> Json:
    """Upgrade a dashboard; its panels come in the order of their places.

    Before: ``{"schemaVersion": 14, "rows": [{"panels": [{"type": "graph", "span": 6, …}]}],
    "sharedCrosshair": true}``
    After: ``{"panels": [{"type": "timeseries", "gridPos": {"w": 12, …}, …}], "graphTooltip": 1, …}``,
    without a version

    Args:
        source: the dashboard in the classic form.
        notes: gets what is converted and dropped, and the panels that each panel comes from.
        fills_defaults: whether what the dashboard leaves open gets its default: the data source, the colours,
            the options.
            A spec has to name them; in a comparison each would be a difference that nobody made.
    """
    for kind, what in source.notes:
        (notes.convert if kind == "converted" else notes.drop)(what)
    marked, originals = _marked(source.dashboard)
    data = shaped(marked, DASHBOARD, notes)
    references = references_of(data, source.inputs, fills_defaults=fills_defaults)
    # Before schemaVersion 14 there was a switch for the shared crosshair alone.
    tooltip = whole(data.get("graphTooltip")) or int(data.get("sharedCrosshair") is True)
    upgraded: Json = {
        "uid": _uid(text(data.get("uid")), notes),
        "title": text(data.get("title")).strip()[:_LONGEST_TITLE] or "No Title",
        "tags": [tag for tag in items(data.get("tags")) if isinstance(tag, str)],
        "timezone": text(data.get("timezone")),  # an empty one is that of the user's profile
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
    if dynamic := dynamic_of_dashboard(mapping(data.get("dynamic"))):
        upgraded["dynamic"] = dynamic
    return {**_unknown(data, notes), **upgraded}


def _marked(dashboard: Json) -> tuple[Json, list[Json]]:
    """A dashboard whose panels are numbered, and the panels by these numbers.

    Placing sorts panels and leaves some out, so only a mark that travels with a panel tells which original it
    comes from.
    """
    originals: list[Json] = []

    def mark(panel: object) -> Any:
        if not isinstance(panel, dict):
            return panel
        originals.append(panel)
        copy = {**panel, _MARK: len(originals) - 1}
        if items(panel.get("panels")):
            copy["panels"] = [mark(child) for child in panel["panels"]]
        return copy

    def mark_row(row: object) -> Any:
        return {**row, "panels": list(map(mark, items(row.get("panels"))))} if isinstance(row, dict) else row

    marked = dict(dashboard)
    for key, mark_item in (("panels", mark), ("rows", mark_row)):
        if items(marked.get(key)):
            marked[key] = list(map(mark_item, marked[key]))
    return marked, originals


def _unknown(data: Json, notes: Notes) -> Json:
    """The keys of a dashboard that nothing here reads, without those that have a reason to go."""
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
    """The settings of the time picker that differ from what Grafana offers anyway."""
    # Before schemaVersion 7 they were the only item of `nav`.
    picker = mapping(data.get("timepicker")) or next(iter(mappings(data.get("nav"))), {})
    keys = ("hidden", "nowDelay", "quick_ranges", "refresh_intervals")
    usual = {"refresh_intervals": list(REFRESH_INTERVALS)}
    return {key: picker[key] for key in keys if picker.get(key) and picker[key] != usual.get(key)}


def _link(old_link: Json) -> Json:
    link = {key: value for key, value in without_nulls(old_link).items() if key != "$$hashKey"}
    # Links to dashboards by tag keep the address of the link to a page that they were before.
    if link.get("type") == "dashboards":
        link.pop("url", None)
    if not isinstance(link.get("tags", []), list):
        link["tags"] = []
    return migrate_dashboard_link(link)


def _annotations(old_annotations: object, references: References) -> list[Json]:
    upgraded = []
    for item in mappings(mapping(old_annotations).get("list")):
        annotation = {k: v for k, v in without_nulls(item).items() if k not in loss_reasons.ANNOTATION}
        source = references.find(annotation.pop("datasource", None))
        if annotation.get("builtIn"):
            upgraded.append(_built_in(annotation))
        elif text(annotation.get("name")):
            annotation["datasource"] = source or references.default(annotation)
            complete = migrate_annotation(annotation)
            upgraded.append(
                complete
                if references.fills_defaults
                else {k: complete[k] for k in annotation if k in complete}
            )
    return upgraded if any(item.get("builtIn") for item in upgraded) else [built_in(), *upgraded]


def _built_in(old_annotation: Json) -> Json:
    """Grafana's own annotations, in the one spelling that `BUILT_IN` has of them where they are as usual."""
    fixed = {"datasource": dict(BUILT_IN["datasource"]), "builtIn": 1, "type": "dashboard"}
    annotation = {**old_annotation, **fixed}
    color = text(annotation.get("iconColor")).replace(" ", "")
    if color == BUILT_IN["iconColor"].replace(" ", ""):
        annotation["iconColor"] = BUILT_IN["iconColor"]
    # Newer versions write down the query that these annotations ask anyway: all of the dashboard's, at
    # most 100.
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
    # Places before numbers: of two panels with one id, the one further up keeps it, as in Grafana.
    place(old_panels)
    number_panels(old_panels)
    panels = []
    for panel in old_panels:
        if panel["type"] == "row":
            children = [_upgraded(child, references, notes) for child in panel["panels"]]
            panels.append({**_row(panel), **_section(panel, references, notes), "panels": children})
        else:
            panels.append(_upgraded(panel, references, notes))
    return panels


def _section(header: Json, references: References, notes: Notes) -> Json:
    """What only schema v2 has of a row or tab; empty for a plain row."""
    dynamic = dynamic_of_section(mapping(header.get("dynamic")), references, notes)
    if "annotations" in dynamic:
        listed = _annotations({"list": dynamic["annotations"]}, references)
        dynamic["annotations"] = [item for item in listed if not item.get("builtIn")]
    return {"dynamic": dynamic} if dynamic else {}


def _upgraded(panel: Json, references: References, notes: Notes) -> Json:
    number, dynamic = panel.pop(_MARK), dynamic_of_panel(mapping(panel.pop("dynamic", None)))
    upgraded = upgrade_panel(panel, references, notes)
    return {**upgraded, **({"dynamic": dynamic} if dynamic else {}), _MARK: number}


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
    """Leave out clones of repeated panels, and give each panel the keys that placing and numbering read."""
    # Over a copy: panels are removed from the list, and those of open rows are added to it.
    for panel in list(panels):
        if panel.get("repeatPanelId") or panel.get("repeatedByRow"):
            notes.drop("copies that Grafana makes of repeated panels by itself", harmless=True)
            panels.remove(panel)
            continue
        # A panel without a type is one that Grafana draws as a time series.
        panel["type"] = text(panel.get("type")) or "timeseries"
        if isinstance(panel.get("id"), bool) or not isinstance(panel.get("id"), int):
            panel["id"] = None
        if panel["type"] == "row":
            _unwrap_row(panel, panels, notes)


def _unwrap_row(row: Json, panels: list[Json], notes: Notes) -> None:
    """Leave the panels of a collapsed row in it, and put those in an open one behind it."""
    # Rows do not nest: Grafana shows no row inside a row.
    children = [child for child in mappings(row.get("panels")) if child.get("type") != "row"]
    _unwrap(children, notes)
    if row.get("collapsed") is not True:
        panels += children
        children = []
    row["panels"] = children
