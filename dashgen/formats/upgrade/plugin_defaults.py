"""What Grafana's panel plugins do when an option is not there, beyond what the migration fills in.

Source: ``public/app/plugins/panel/<type>/panelcfg.cue`` and ``module.tsx`` of Grafana 12.
"""

from typing import Any

_LEGEND = {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": True}
_REDUCE = {"calcs": ["lastNotNull"], "fields": "", "values": False}
_TOOLTIP = {"hideZeros": False, "mode": "single", "sort": "none"}
_BARS = {"fillOpacity": 80, "gradientMode": "none", "lineWidth": 1}

OPTIONS: dict[str, dict[str, Any]] = {
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
        "barRadius": 0, "barWidth": 0.97, "fullHighlight": False, "groupWidth": 0.7, "orientation": "auto",
        "showValue": "auto", "stacking": "none", "xTickLabelRotation": 0, "xTickLabelSpacing": 0,
    },
    "bargauge": {"legend": {**_LEGEND, "showLegend": False}, "reduceOptions": _REDUCE},
    "candlestick": {
        "candleStyle": "candles", "colorStrategy": "open-close", "includeAllFields": False, "mode": "candles+volume",
        "colors": {"down": "red", "up": "green"}, "fields": {},
    },
    "canvas": {"infinitePan": False, "inlineEditing": True, "panZoom": False, "showAdvancedTypes": True},
    "dashlist": {
        "maxItems": 10, "query": "", "showHeadings": True, "showRecentlyViewed": False, "showSearch": False,
        "showStarred": True, "tags": [],
    },
    "gauge": {"reduceOptions": _REDUCE},
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
    "histogram": {"bucketOffset": 0, "combine": False},
    "logs": {
        "dedupStrategy": "none", "enableInfiniteScrolling": False, "enableLogDetails": True,
        "prettifyLogMessage": False, "showCommonLabels": False, "showLabels": False, "showLogContextToggle": False,
        "showTime": False, "sortOrder": "Descending", "wrapLogMessage": False,
    },
    "news": {"showImage": True},
    "nodeGraph": {"edges": {}, "nodes": {}, "zoomMode": "cooperative"},
    "piechart": {"pieType": "pie", "reduceOptions": _REDUCE},
    "stat": {"reduceOptions": _REDUCE},
    "state-timeline": {
        "alignValue": "left", "legend": _LEGEND, "mergeValues": True, "rowHeight": 0.9, "showValue": "auto",
        "tooltip": _TOOLTIP,
    },
    "status-history": {
        "colWidth": 0.9, "legend": _LEGEND, "rowHeight": 0.9, "showValue": "auto", "tooltip": _TOOLTIP,
    },
    "table": {"enablePagination": False, "frameIndex": 0},
    "text": {"code": {"language": "plaintext", "showLineNumbers": False, "showMiniMap": False}},
    "xychart": {"mapping": "auto", "series": [{}]},
}  # fmt: skip
CUSTOM: dict[str, dict[str, Any]] = {
    "timeseries": {"showValues": False},
    "barchart": {**_BARS, "hideFrom": {"legend": False, "tooltip": False, "viz": False}},
    "candlestick": {"lineStyle": {"fill": "solid"}, "showValues": False},
    "geomap": {"hideFrom": {"legend": False, "tooltip": False, "viz": False}},
    "heatmap": {
        "hideFrom": {"legend": False, "tooltip": False, "viz": False}, "scaleDistribution": {"type": "linear"},
    },
    "histogram": _BARS,
    "state-timeline": {"fillOpacity": 70, "lineWidth": 0},
    "status-history": {"fillOpacity": 70, "lineWidth": 1},
    "table": {"filterable": False},
    "trend": {"lineStyle": {"fill": "solid"}, "showValues": False},
    "xychart": {
        "axisBorderShow": False, "axisCenteredZero": False, "axisColorMode": "text", "axisLabel": "",
        "axisPlacement": "auto", "fillOpacity": 50, "pointShape": "circle", "pointSize": {"fixed": 5},
        "pointStrokeWidth": 1, "scaleDistribution": {"type": "linear"}, "show": "points",
    },
}  # fmt: skip
"""Field options of panel types under ``custom``."""
