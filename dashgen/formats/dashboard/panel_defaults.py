"""Options that Grafana's editor writes for a type, whether they were touched or not."""

from typing import Any

AXIS_CUSTOM = {
    "axisBorderShow": False,
    "axisCenteredZero": False,
    "axisColorMode": "text",
    "axisLabel": "",
    "axisPlacement": "auto",
}
BAR_CUSTOM = {**AXIS_CUSTOM, "thresholdsStyle": {"mode": "off"}}
GRAPH_CUSTOM = {
    **AXIS_CUSTOM,
    "barAlignment": 0,
    "barWidthFactor": 0.6,
    "drawStyle": "line",
    "fillOpacity": 0,
    "gradientMode": "none",
    "insertNulls": False,
    "lineInterpolation": "linear",
    "lineWidth": 1,
    "pointSize": 5,
    "showPoints": "auto",
    "spanNulls": False,
}
STAT_OPTIONS = {
    "colorMode": "value",
    "graphMode": "area",
    "justifyMode": "auto",
    "orientation": "auto",
    "percentChangeColorMode": "standard",
    "showPercentChange": False,
    "textMode": "auto",
    "wideLayout": True,
}
GAUGE_OPTIONS = {
    "minVizHeight": 75,
    "minVizWidth": 75,
    "orientation": "auto",
    "showThresholdLabels": False,
    "showThresholdMarkers": True,
    "sizing": "auto",
}
BAR_GAUGE_OPTIONS = {
    "displayMode": "gradient",
    "maxVizHeight": 300,
    "minVizHeight": 16,
    "minVizWidth": 8,
    "namePlacement": "auto",
    "orientation": "auto",
    "showUnfilled": True,
    "sizing": "auto",
    "valueMode": "color",
}
TABLE_OPTIONS: dict[str, Any] = {"cellHeight": "sm", "showHeader": True, "sortBy": ()}
CELL_OPTIONS = {
    "basic": {"type": "gauge", "mode": "basic"},
    "color-background": {"type": "color-background", "mode": "gradient"},
    "color-background-solid": {"type": "color-background", "mode": "basic"},
    "gradient-gauge": {"type": "gauge", "mode": "gradient"},
    "lcd-gauge": {"type": "gauge", "mode": "lcd"},
}
DASHLIST_KEYS = {
    "headings": "showHeadings",
    "limit": "maxItems",
    "query": "query",
    "recent": "showRecentlyViewed",
    "search": "showSearch",
    "starred": "showStarred",
    "tags": "tags",
}
CODE = {"language": "plaintext", "showLineNumbers": False, "showMiniMap": False}
