"""The names of the fields of dashboards in sentences."""

from typing import Final

from dashgen.formats.panel_options import panel_labels

PANEL: Final = {
    "type": "type",
    "description": "description",
    "libraryPanel": "library panel",
    "repeat": "repeated for",
    "repeatDirection": "repeat direction",
    "maxPerRow": "panels per row",
    "interval": "min interval",
    "maxDataPoints": "max data points",
    "timeFrom": "own time range",
    "timeShift": "time shift",
    "timeCompare": "time comparison",
    "transparent": "transparent background",
    "cacheTimeout": "cache timeout",
    "collapsed": "collapsed",
}
QUERY: Final = {
    "legendFormat": "legend",
    "mode": "mode",
    "interval": "min step",
    "step": "step",
    "format": "format",
    "maxLines": "max lines",
    "exemplar": "exemplars",
    "limit": "limit",
    "queryType": "query type",
    "direction": "direction",
    "reducer": "reducer",
    "tableType": "table type",
}
QUERY_TEXTS: Final = ("expr", "query", "expression", "rawSql", "target", "rawQuery", "serviceMapQuery")
FIELD: Final = {
    "unit": "unit",
    "decimals": "decimals",
    "min": "min",
    "max": "max",
    "displayName": "display name",
    "displayNameFromDS": "display name of the data source",
    "description": "field description",
    "noValue": "text without a value",
    "filterable": "filter",
    "color.mode": "colour mode",
    "color.fixedColor": "colour",
    "color.seriesBy": "colour by",
    **{f"custom.{path}": label for path, label in panel_labels("custom").items()},
}
OPTION: Final = panel_labels("options")
DASHBOARD: Final = {
    "description": "description",
    "refresh": "refresh",
    "timezone": "time zone",
    "weekStart": "week start",
    "editable": "editable",
    "liveNow": "live",
    "preload": "preload",
    "fiscalYearStartMonth": "fiscal year start",
}
VARIABLE: Final = {
    "label": "label",
    "type": "type",
    "query": "query",
    "regex": "regex",
    "multi": "multiple values",
    "includeAll": "option All",
    "allValue": "value of All",
    "description": "description",
    "auto": "automatic interval",
    "current": "default",
    "options": "values",
}
ANNOTATION: Final = {
    "enable": "enabled",
    "hide": "hidden toggle",
    "iconColor": "colour",
    "titleFormat": "title",
    "textFormat": "text",
    "tagKeys": "tags",
}
LINK: Final = {
    "url": "address",
    "title": "title",
    "type": "type",
    "tags": "tags",
    "tooltip": "tooltip",
    "targetBlank": "new tab",
    "includeVars": "variables",
    "keepTime": "time range",
    "asDropdown": "dropdown",
    "icon": "icon",
}
HIDE: Final = {None: "shown", 1: "label hidden", 2: "hidden", 3: "in the controls menu"}
SORT: Final = {
    None: "unsorted", 1: "A to Z", 2: "Z to A", 3: "numbers up", 4: "numbers down", 5: "A to Z without case",
    6: "Z to A without case", 7: "natural up", 8: "natural down",
}  # fmt: skip
REFRESH: Final = {None: "on load", 2: "on time range change"}
TOOLTIP: Final = {None: "off", 1: "shared crosshair", 2: "shared tooltip"}
