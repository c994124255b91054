"""What Grafana means when a dashboard does not say it."""

from typing import Any, Final

from dashgen.formats.panel_defaults import OPTIONS as PANEL_OPTIONS

DASHBOARD: Final[dict[str, Any]] = {
    "title": "No Title",
    "editable": True,
    "graphTooltip": 0,
    "fiscalYearStartMonth": 0,
    "liveNow": False,
    "preload": False,
    "style": "dark",
    "hideControls": False,
    "sharedCrosshair": False,
    "time": {"from": "now-6h", "to": "now"},
    "timepicker": {"hidden": False},
}
DROPPED_FROM_DASHBOARD: Final = frozenset(
    (
        "id", "uid", "version", "iteration", "nav", "pulldowns", "meta", "variables", "gnetId",
        "__inputs", "__elements", "__requires", "schemaVersion", "originalTitle", "rows", "slug", "folderId", "folderUid",
    )
)  # fmt: skip
BUILT_IN_ANNOTATION: Final[dict[str, Any]] = {
    "builtIn": 1,
    "datasource": {"type": "grafana", "uid": "-- Grafana --"},
    "enable": True,
    "hide": True,
    "iconColor": "rgba(0, 211, 255, 1)",
    "name": "Annotations & Alerts",
    "type": "dashboard",
}
PANEL: Final[dict[str, Any]] = {
    "transparent": False,
    "collapsed": False,
    "repeatDirection": "h",
    "editable": True,
    "error": False,
    "isNew": False,
    "hideTimeOverride": False,
}
DROPPED_FROM_PANEL: Final = frozenset(
    (
        "pluginVersion", "snapshotData", "cachedPluginOptions", "scopedVars", "autoMigrateFrom", "panels",
        "libraryPanel", "height", "span", "minSpan", "hasRefreshed", "events",
    )
)  # fmt: skip
VARIABLE: Final[dict[str, Any]] = {
    "hide": 0,
    "multi": False,
    "includeAll": False,
    "skipUrlSync": False,
    "sort": 0,
    "allowCustomValue": True,
    "auto": False,
    "auto_count": 30,
    "auto_min": "10s",
    "useTags": False,
}
ANNOTATION: Final[dict[str, Any]] = {"enable": True, "hide": False, "builtIn": 0}
LINK: Final[dict[str, Any]] = {
    "asDropdown": False,
    "includeVars": False,
    "keepTime": False,
    "targetBlank": False,
    "icon": "external link",
    "type": "link",
}
OPTIONS: Final[dict[str, dict[str, Any]]] = {
    **PANEL_OPTIONS,
    # A footer that is not shown; Grafana 12 moved it to the fields, so an import does not write it.
    "table": {**PANEL_OPTIONS["table"], "footer": {"show": False, "countRows": False, "reducer": ["sum"]}},
}
