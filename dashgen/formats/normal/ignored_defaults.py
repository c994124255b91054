"""The defaults of a dashboard's keys, and the keys that Grafana sets by itself: a comparison ignores both."""

from typing import Final

from dashgen.core.json_values import Json
from dashgen.formats.dashboard.dashboard_json import REFRESH_INTERVALS
from dashgen.formats.json_shapes import names
from dashgen.formats.panel_options import OPTIONS as PANEL_OPTIONS

DASHBOARD: Final[Json] = {
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
    "timepicker": {"hidden": False, "refresh_intervals": list(REFRESH_INTERVALS)},
}
# The uid identifies a resource and is compared as such; `rows` of old dashboards are among the panels by
# then.
DROPPED_FROM_DASHBOARD: Final = frozenset(
    names(
        "id uid version iteration nav pulldowns meta variables gnetId __inputs __elements __requires",
        "schemaVersion originalTitle rows slug folderId folderUid",
    )
)
PANEL: Final[Json] = {
    "transparent": False,
    "collapsed": False,
    "repeatDirection": "h",
    "editable": True,
    "error": False,
    "isNew": False,
    "hideTimeOverride": False,
}
DROPPED_FROM_PANEL: Final = frozenset(
    names(
        "pluginVersion snapshotData cachedPluginOptions scopedVars autoMigrateFrom panels libraryPanel",
        "height span minSpan hasRefreshed events",
    )
)
VARIABLE: Final[Json] = {
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
    "enableGroupBy": False,
    "regexApplyTo": "value",
    "valuesFormat": "csv",
}
ANNOTATION: Final[Json] = {"enable": True, "hide": False, "builtIn": 0}
LINK: Final[Json] = {
    "asDropdown": False,
    "includeVars": False,
    "keepTime": False,
    "targetBlank": False,
    "icon": "external link",
    "type": "link",
}
OPTIONS: Final[dict[str, Json]] = {
    **PANEL_OPTIONS,
    # A footer that is not shown; Grafana 12 moved it to the fields, so an import does not write it.
    "table": {**PANEL_OPTIONS["table"], "footer": {"show": False, "countRows": False, "reducer": ["sum"]}},
}
