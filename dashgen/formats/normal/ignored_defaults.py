"""What Grafana means when a dashboard does not say it."""

from typing import Any, Final

from dashgen.formats.dashboard.panel_defaults import (
    AXIS_CUSTOM,
    BAR_CUSTOM,
    BAR_GAUGE_OPTIONS,
    GAUGE_OPTIONS,
    GRAPH_CUSTOM,
    STAT_OPTIONS,
    TABLE_OPTIONS,
)

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
_REDUCE = {"calcs": ["lastNotNull"], "values": False}
_LEGEND = {"displayMode": "list", "placement": "bottom", "showLegend": True}
_TOOLTIP = {"mode": "single", "sort": "none", "hideZeros": False}
_GRAPH = {"legend": _LEGEND, "tooltip": _TOOLTIP}
OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "stat": {**STAT_OPTIONS, "reduceOptions": _REDUCE},
    "gauge": {**GAUGE_OPTIONS, "reduceOptions": _REDUCE},
    "bargauge": {**BAR_GAUGE_OPTIONS, "reduceOptions": _REDUCE, "legend": {**_LEGEND, "showLegend": False}},
    "piechart": {"reduceOptions": _REDUCE, "tooltip": _TOOLTIP},
    "table": {**TABLE_OPTIONS, "footer": {"show": False, "countRows": False, "reducer": ["sum"]}},
    "timeseries": _GRAPH,
    "barchart": _GRAPH,
    "histogram": _GRAPH,
    "state-timeline": _GRAPH,
    "status-history": _GRAPH,
    "text": {
        "mode": "markdown",
        "code": {"language": "plaintext", "showLineNumbers": False, "showMiniMap": False},
    },
}
_ALWAYS: dict[str, Any] = {
    "hideFrom": {"legend": False, "tooltip": False, "viz": False},
    "scaleDistribution": {"type": "linear"},
    "thresholdsStyle": {"mode": "off"},
}
_GRAPH_CUSTOM = {**GRAPH_CUSTOM, **_ALWAYS, "stacking": {"group": "A", "mode": "none"}}
CUSTOM: Final[dict[str, dict[str, Any]]] = {
    "timeseries": {**_GRAPH_CUSTOM, "showValues": False},
    "barchart": {**BAR_CUSTOM, **_ALWAYS},
    "histogram": {**AXIS_CUSTOM, **_ALWAYS},
    "table": {"align": "auto", "cellOptions": {"type": "auto"}, "inspect": False, "filterable": False},
}
CUSTOM_OF_ANY: Final = _ALWAYS
