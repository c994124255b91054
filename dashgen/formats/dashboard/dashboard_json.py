"""Whole dashboards: grafanalib's JSON at schemaVersion 12 as Grafana's at 42."""

from dashgen.core.json_values import Json
from dashgen.formats.dashboard.panel_json import migrate_panel
from dashgen.formats.dashboard.plain_objects import as_json
from dashgen.formats.dashboard.variable_json import migrate_variable
from dashgen.model.times import USERS_ZONE

SCHEMA_VERSION = 42
_ZONES = {"browser": "browser", USERS_ZONE: ""}
_COPIED = ("description", "preload", "gnetId")
REFRESH_INTERVALS = ("5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h", "2h", "1d")
"""The refresh intervals that Grafana offers where a dashboard's time picker has no ``refresh_intervals``."""
BUILT_IN: Json = {
    "builtIn": 1,
    "datasource": {"type": "grafana", "uid": "-- Grafana --"},
    "enable": True,
    "hide": True,
    "iconColor": "rgba(0, 211, 255, 1)",
    "name": "Annotations & Alerts",
    "type": "dashboard",
}
"""Grafana's own annotations and alert states, which every dashboard shows."""
_LINK = {
    "asDropdown": False,
    "icon": "external link",
    "includeVars": False,
    "keepTime": False,
    "tags": (),
    "targetBlank": False,
    "title": "",
    "tooltip": "",
    "type": "link",
    "url": "",
}
"""A link of a dashboard with all the keys that Grafana writes."""


def migrate(dashboard: object) -> Json:
    """Migrate a lowered dashboard, or JSON that was migrated before: a second time changes nothing more.

    Before: ``{"schemaVersion": 12, "rows": [], "style": "dark", "sharedCrosshair": false, "id": null, …}``
    After: ``{"schemaVersion": 42, "graphTooltip": 0, "annotations": {"list": [<built in>]}, …}``
    """
    data = as_json(dashboard)
    variables = as_json(data.get("templating") or {}).get("list") or ()
    return {
        **{key: data[key] for key in _COPIED if data.get(key)},
        "uid": data.get("uid") or "",
        "title": data["title"],
        "tags": list(data.get("tags") or ()),
        "timezone": _ZONES.get(data.get("timezone") or "browser", data.get("timezone")),
        "editable": data.get("editable", True),
        "graphTooltip": data.get("graphTooltip", 0),
        "schemaVersion": SCHEMA_VERSION,
        "refresh": data.get("refresh") or "",
        "time": _time(data),
        "timepicker": _time_picker(as_json(data.get("timepicker") or {})),
        "weekStart": data.get("weekStart") or "",
        "fiscalYearStartMonth": data.get("fiscalYearStartMonth") or 0,
        "liveNow": bool(data.get("liveNow")),
        "links": [migrate_dashboard_link(as_json(link)) for link in data.get("links") or ()],
        "annotations": {"list": _annotations(data.get("annotations") or {})},
        "templating": {"list": [migrate_variable(as_json(item)) for item in variables]},
        "panels": [migrate_panel(as_json(panel)) for panel in data.get("panels") or ()],
    }


def _time(data: Json) -> dict[str, str]:
    time = as_json(data.get("time") or {})
    return {"from": time.get("from") or "now-6h", "to": time.get("to") or "now"}


def _time_picker(picker: Json) -> Json:
    """The settings of the time picker that have a value.

    Before: ``{"refresh_intervals": […], "time_options": […], "nowDelay": null, "hidden": false}``
    After: ``{"refresh_intervals": […]}``
    """
    # Grafana has not read `time_options` since it offers ranges by itself.
    return {key: value for key, value in picker.items() if value and key != "time_options"}


def _annotations(annotations: object) -> list[Json]:
    """The annotations, after Grafana's own, which it adds to any dashboard that has no entry for it."""
    migrated = [migrate_annotation(as_json(item)) for item in as_json(annotations).get("list") or ()]
    return migrated if any(item.get("builtIn") for item in migrated) else [built_in(), *migrated]


def built_in() -> Json:
    """Grafana's own annotations and alert states."""
    return {**BUILT_IN, "datasource": dict(BUILT_IN["datasource"])}


def migrate_annotation(annotation: Json) -> Json:
    """An annotation query without nulls.

    Before: ``{"name": "Launches", "datasource": "loki", "limit": null, …}``
    After: ``{"name": "Launches", "datasource": {"type": "loki", "uid": "loki"}, "enable": true,
    "hide": false, …}``
    """
    # The colour is the one that Grafana's editor gives a new annotation.
    annotation_json = {key: value for key, value in annotation.items() if value is not None}
    return {"enable": True, "hide": False, "iconColor": "red", **annotation_json}


def migrate_dashboard_link(link: Json) -> Json:
    """Complete a link of a dashboard with all the keys that Grafana writes.

    Before: ``{"keepTime": false, "title": "Runbooks", "type": "link", "url": "https://…"}`` (grafanalib's
    ``ExternalLink``)
    After: the same with ``icon``, ``tooltip``, ``tags``, ``asDropdown``, ``includeVars``, ``targetBlank``
    """
    migrated: Json = {**_LINK, **{k: v for k, v in link.items() if v is not None}}
    migrated["tags"] = list(migrated["tags"])
    return migrated
