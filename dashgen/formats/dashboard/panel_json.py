"""What panels of all types have in common; what is special about one is in `panel_types`."""

from collections.abc import Iterable

from dashgen.core.json_values import Json
from dashgen.formats.dashboard.panel_types import BARE, FIELDLESS, TYPES, default_color
from dashgen.formats.dashboard.plain_objects import as_json
from dashgen.formats.dashboard.thresholds_json import migrate_thresholds
from dashgen.formats.json_shapes import names

_PANEL_KEYS = frozenset(
    names(
        "cacheTimeout datasource description hideTimeOverride id interval maxDataPoints pluginVersion",
        "queryCachingTTL timeCompare timeFrom timeShift transparent type",
    )
)

_OF_GRAFANALIB = frozenset({"expr", "format", "instant", "intervalFactor", "legendFormat", "refId"})
"""Keys that grafanalib's Prometheus target always writes; queries of other plugins have some of them."""
_EMPTY: tuple[object, ...] = (None, "", [])


def migrate_panel(panel: Json) -> Json:
    """A panel with today's keys only.

    Before: ``{"editable": true, "error": false, "span": null, "height": null, "gridPos": <GridPos>, …}``
    After: ``{"id": 1, "type": "stat", "gridPos": {"h": 4, …}, "fieldConfig": {"defaults": {…},
    "overrides": []}, …}``
    """
    if panel.get("libraryPanel"):
        return _library_panel(panel)
    kind = panel["type"]
    if kind == "row":
        return _row(panel)
    migrated = {key: value for key, value in panel.items() if value and key in _PANEL_KEYS}
    migrated["title"] = panel.get("title") or ""
    migrated["gridPos"] = as_json(panel["gridPos"])
    if panel.get("repeat"):
        _repeat(panel, migrated)
    if links := panel.get("links"):
        migrated["links"] = [as_json(link) for link in links]
    if transformations := panel.get("transformations"):
        migrated["transformations"] = list(transformations)
    if targets := panel.get("targets"):
        migrated["targets"] = [migrate_target(as_json(target)) for target in targets]
    config = panel.get("fieldConfig") or {}
    defaults, overrides = config.get("defaults") or {}, config.get("overrides") or ()
    migrated.update(draw(kind, defaults, panel.get("options") or {}, overrides, panel))
    return migrated


def draw(
    kind: str, field_defaults: Json, panel_options: Json, overrides: Iterable[Json], panel: Json | None = None
) -> Json:
    """The field options and options of a panel: cleaned, then completed by its type.

    Args:
        kind: the panel's type.
        field_defaults: what holds for all fields; ``custom`` in it has the options of the type.
        panel_options: the options of the panel.
        overrides: what holds for some fields.
        panel: the whole panel of an older Grafana or of grafanalib, which has some options elsewhere.
    """
    defaults = {key: value for key, value in field_defaults.items() if value or value not in _EMPTY}
    custom = defaults.pop("custom", None) or {}
    defaults["custom"] = {key: value for key, value in custom.items() if value is not None}
    options = {key: value for key, value in panel_options.items() if value is not None}
    complete = TYPES.get(kind)
    if complete is not None:
        options = complete(panel or {}, defaults, options) or options
    # Types without field options of their own have no `custom`, not an empty one.
    if not defaults["custom"]:
        del defaults["custom"]
    if kind in FIELDLESS:
        return {"options": options}
    completed = [_override(override) for override in overrides]
    if kind in BARE:
        bare = {key: defaults[key] for key in BARE[kind] if key in defaults}
        return {"options": options, "fieldConfig": {"defaults": bare, "overrides": completed}}
    defaults["thresholds"] = migrate_thresholds(defaults.get("thresholds") or {})
    defaults["mappings"] = [as_json(mapping) for mapping in defaults.get("mappings") or ()]
    if "color" not in defaults:
        defaults["color"] = default_color(kind)
    return {"options": options, "fieldConfig": {"defaults": defaults, "overrides": completed}}


def _override(override: Json) -> Json:
    """An override whose thresholds have a base without a value, like those of the panel."""
    properties = [
        {**field_property, "value": migrate_thresholds(field_property["value"])}
        if field_property.get("id") == "thresholds"
        else field_property
        for field_property in override.get("properties") or ()
    ]
    return {**override, "properties": properties}


def _repeat(panel: Json, migrated: Json) -> None:
    migrated["repeat"] = panel["repeat"]
    migrated["repeatDirection"] = panel.get("repeatDirection") or "h"
    if panel.get("maxPerRow"):
        migrated["maxPerRow"] = panel["maxPerRow"]


def _row(panel: Json) -> Json:
    """A row's header.

    Before: a panel like any other, with targets, thresholds and nulls
    After: ``{"type": "row", "collapsed": false, "panels": [], "gridPos": {"h": 1, "w": 24, …}, …}``
    """
    row = {
        "type": "row",
        "id": panel["id"],
        "title": panel.get("title") or "",
        "collapsed": bool(panel.get("collapsed")),
        "gridPos": as_json(panel["gridPos"]),
        "panels": [migrate_panel(as_json(child)) for child in panel.get("panels") or ()],
    }
    if panel.get("repeat"):
        row["repeat"] = panel["repeat"]
    return row


def _library_panel(panel: Json) -> Json:
    """A reference to a library panel: Grafana takes all else from the library."""
    reference = {
        "id": panel["id"],
        "gridPos": as_json(panel["gridPos"]),
        "libraryPanel": panel["libraryPanel"],
    }
    if panel.get("title"):
        reference["title"] = panel["title"]
    if panel.get("repeat"):
        _repeat(panel, reference)
    return reference


def migrate_target(target: Json) -> Json:
    """A query as its data source's editor writes it; only grafanalib's Prometheus target needs work.

    Before: ``{"expr": "up", "query": "up", "target": "", "metric": "", "step": 10, "intervalFactor": 2,
    "interval": "", "instant": false, …}``
    After: ``{"refId": "A", "expr": "up", "range": true, "instant": false, "editorMode": "code", …}``
    """
    # `editorMode` is of Grafana itself: such a target was migrated before.
    if not target.keys() >= _OF_GRAFANALIB or "editorMode" in target:
        return {key: value for key, value in target.items() if value is not None}
    instant = target["instant"]
    migrated: Json = {
        "refId": target["refId"],
        "expr": target["expr"],
        "format": target["format"],
        "legendFormat": target["legendFormat"],
        "instant": instant,
        # grafanalib knows the switch `instant` only; in Grafana a query may be of both.
        "range": target.get("range", not instant),
        "exemplar": target.get("exemplar", False),
        "editorMode": "code",
    }
    for key in ("datasource", "hide", "interval"):
        if target.get(key):
            migrated[key] = target[key]
    return migrated
