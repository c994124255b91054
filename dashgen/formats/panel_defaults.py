"""What Grafana's panel types do when an option is not there: the one table that import, diff and the compiler share.

`OPTIONS` and `CUSTOM` have the defaults by type: an import fills them in, a diff takes them for not written. The tables
before them are those that Grafana's editor writes down whether they were touched or not, and so does dashgen.
Source: ``public/app/plugins/panel/<type>/panelcfg.cue`` and ``module.tsx`` of Grafana 12.
"""

from typing import Final

from dashgen.core.json_values import Json

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
TABLE_OPTIONS: Json = {"cellHeight": "sm", "showHeader": True, "sortBy": ()}
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
LEGEND = {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": True}
REDUCE = {"calcs": ["lastNotNull"], "fields": "", "values": False}
TOOLTIP = {"hideZeros": False, "mode": "single", "sort": "none"}
HIDE_FROM = {"legend": False, "tooltip": False, "viz": False}
SCALE = {"type": "linear"}
STACKING = {"group": "A", "mode": "none"}
CODE = {"language": "plaintext", "showLineNumbers": False, "showMiniMap": False}
CUSTOM_OF_ANY: Final[Json] = {
    "hideFrom": HIDE_FROM,
    "scaleDistribution": SCALE,
    "thresholdsStyle": {"mode": "off"},
}
"""Field options under ``custom`` that mean the same in every type that has them."""
_CHART = {"legend": LEGEND, "tooltip": TOOLTIP}
_BARS = {"fillOpacity": 80, "gradientMode": "none", "lineWidth": 1}
_GRAPH = {**GRAPH_CUSTOM, **CUSTOM_OF_ANY, "stacking": STACKING}
OPTIONS: Final[dict[str, Json]] = {
    "alertlist": {
        "alertInstanceLabelFilter": "", "alertName": "", "dashboardAlerts": False, "datasource": "", "groupBy": [],
        "groupMode": "default", "maxItems": 20, "showInactiveAlerts": False, "showInstances": False, "sortOrder": 1,
        "viewMode": "list",
        "stateFilter": {
            "error": True, "firing": True, "noData": False, "normal": False, "pending": True, "recovering": True,
        },
    },
    "annolist": {
        "limit": 10, "navigateAfter": "10m", "navigateBefore": "10m", "navigateToPanel": True,
        "onlyFromThisDashboard": False, "onlyInTimeRange": False, "showTags": True, "showTime": True,
        "showUser": True, "tags": [],
    },
    "barchart": {
        **_CHART, "barRadius": 0, "barWidth": 0.97, "fullHighlight": False, "groupWidth": 0.7, "orientation": "auto",
        "showValue": "auto", "stacking": "none", "xTickLabelRotation": 0, "xTickLabelSpacing": 0,
    },
    "bargauge": {**BAR_GAUGE_OPTIONS, "legend": {**LEGEND, "showLegend": False}, "reduceOptions": REDUCE},
    "candlestick": {
        **_CHART, "candleStyle": "candles", "colorStrategy": "open-close", "includeAllFields": False, "mode": "candles+volume",
        "colors": {"down": "red", "up": "green"}, "fields": {},
    },
    "canvas": {"infinitePan": False, "inlineEditing": True, "panZoom": False, "showAdvancedTypes": True},
    "dashlist": {
        "maxItems": 10, "query": "", "showHeadings": True, "showRecentlyViewed": False, "showSearch": False,
        "showStarred": True, "tags": [],
    },
    "gauge": {**GAUGE_OPTIONS, "reduceOptions": REDUCE},
    "geomap": {
        "basemap": {"config": {}, "name": "Base map", "type": "default"},
        "controls": {
            "mouseWheelZoom": True, "showAttribution": True, "showDebug": False, "showMeasure": False,
            "showScale": False, "showZoom": True,
        },
        "tooltip": {"mode": "details"},
        "view": {"allLayers": True, "id": "zero", "lat": 0, "lon": 0, "zoom": 1},
    },
    "heatmap": {
        "calculate": False, "cellGap": 1, "cellValues": {},
        "color": {
            "exponent": 0.5, "fill": "dark-orange", "mode": "scheme", "reverse": False, "scale": "exponential",
            "scheme": "Oranges", "steps": 64,
        },
        "exemplars": {"color": "rgba(255,0,255,0.7)"}, "filterValues": {"le": 1e-9}, "legend": {"show": True},
        "rowsFrame": {"layout": "auto"}, "showValue": "auto",
        "tooltip": {"mode": "single", "showColorScale": False, "yHistogram": False},
        "yAxis": {"axisPlacement": "left", "reverse": False},
    },
    "histogram": {**_CHART, "bucketOffset": 0, "combine": False},
    "logs": {
        "dedupStrategy": "none", "enableInfiniteScrolling": False, "enableLogDetails": True,
        "prettifyLogMessage": False, "showCommonLabels": False, "showLabels": False, "showLogContextToggle": False,
        "showTime": False, "sortOrder": "Descending", "wrapLogMessage": False,
    },
    "news": {"showImage": True},
    "nodeGraph": {"edges": {}, "nodes": {}, "zoomMode": "cooperative"},
    "piechart": {
        "displayLabels": [], "legend": {**LEGEND, "values": []}, "pieType": "pie", "reduceOptions": REDUCE, "tooltip": TOOLTIP,
    },
    "stat": {**STAT_OPTIONS, "reduceOptions": REDUCE},
    "state-timeline": {**_CHART, "alignValue": "left", "mergeValues": True, "rowHeight": 0.9, "showValue": "auto"},
    "status-history": {**_CHART, "colWidth": 0.9, "rowHeight": 0.9, "showValue": "auto"},
    "table": {**TABLE_OPTIONS, "enablePagination": False, "frameIndex": 0},
    "timeseries": _CHART,
    "trend": _CHART,
    "text": {"mode": "markdown", "code": CODE},
    "xychart": {**_CHART, "mapping": "auto", "series": [{}]},
}  # fmt: skip
"""Options of panel types."""
CUSTOM: Final[dict[str, Json]] = {
    "timeseries": {**_GRAPH, "showValues": False},
    "barchart": {**BAR_CUSTOM, **CUSTOM_OF_ANY, **_BARS},
    "candlestick": {**_GRAPH, "lineStyle": {"fill": "solid"}, "showValues": False},
    "geomap": {"hideFrom": HIDE_FROM},
    "heatmap": {"hideFrom": HIDE_FROM, "scaleDistribution": SCALE},
    "histogram": {**AXIS_CUSTOM, "hideFrom": HIDE_FROM, "scaleDistribution": SCALE, "stacking": STACKING, **_BARS},
    "piechart": {"hideFrom": HIDE_FROM},
    "state-timeline": {"fillOpacity": 70, "hideFrom": HIDE_FROM, "lineWidth": 0},
    "status-history": {"fillOpacity": 70, "hideFrom": HIDE_FROM, "lineWidth": 1},
    "table": {"align": "auto", "cellOptions": {"type": "auto"}, "inspect": False, "filterable": False},
    "trend": {**_GRAPH, "lineStyle": {"fill": "solid"}, "showValues": False},
    "xychart": {
        **AXIS_CUSTOM, "fillOpacity": 50, "pointShape": "circle", "pointSize": {"fixed": 5},
        "hideFrom": HIDE_FROM, "pointStrokeWidth": 1, "scaleDistribution": SCALE, "show": "points",
    },
}  # fmt: skip
"""Field options of panel types under ``custom``."""
