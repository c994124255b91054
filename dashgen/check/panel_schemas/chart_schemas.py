"""Panels that draw over time or along an axis."""

from dashgen.check.json_shapes import (
    ANNOTATIONS,
    ANYTHING,
    AXIS,
    BOOLEAN,
    GRADIENT,
    GRAPH,
    HIDEABLE,
    INTEGER,
    LEGEND,
    LEGEND_AND_TOOLTIP,
    LINE_STYLE,
    MATCHER,
    NUMBER,
    ORIENTATION,
    SCALE,
    STACKING,
    STACKING_MODE,
    TEXT,
    TEXTS,
    THRESHOLDS_STYLE,
    VALUE_TEXT,
    VISIBILITY,
    Shape,
    choice,
    each,
    either,
    listing,
    number,
    obj,
)

_BY_MATCHER = obj({"matcher": MATCHER}, required=("matcher",))
_ROWS_OF_STATES: dict[str, Shape] = {
    **LEGEND_AND_TOOLTIP,
    "timezone": TEXTS,
    "annotations": ANNOTATIONS,
    "rowHeight": number(0, 1),
    "showValue": VISIBILITY,
    "perPage": NUMBER,
}
_STATES: dict[str, Shape] = {**AXIS, **HIDEABLE, "fillOpacity": number(0, 100), "lineWidth": number(0, 10)}
_BUCKETS = obj({"mode": choice("size", "count"), "value": TEXT, "scale": SCALE})
_CELL_LAYOUT = choice("auto", "le", "ge", "unknown")
_HEATMAP = obj(
    {
        "calculate": BOOLEAN,
        "calculation": obj({"xBuckets": _BUCKETS, "yBuckets": _BUCKETS}),
        "color": obj(
            {
                "mode": choice("opacity", "scheme"),
                "scheme": TEXT,
                "fill": TEXT,
                "scale": choice("linear", "exponential"),
                **each(NUMBER, "exponent min max"),
                "steps": number(2, 128),
                "reverse": BOOLEAN,
            }
        ),
        "filterValues": obj({"le": NUMBER, "ge": NUMBER}),
        "rowsFrame": obj({"layout": _CELL_LAYOUT, "value": TEXT, "yBucketScale": SCALE}),
        "showValue": VISIBILITY,
        "cellGap": NUMBER,
        "cellRadius": NUMBER,
        "cellValues": obj({"unit": TEXT, "decimals": NUMBER}),
        "yAxis": obj({**AXIS, "unit": TEXT, **each(NUMBER, "decimals min max"), "reverse": BOOLEAN}),
        "legend": obj({"show": BOOLEAN}),
        "tooltip": obj(
            {
                "mode": choice("single", "multi", "none"),
                "yHistogram": BOOLEAN,
                "showColorScale": BOOLEAN,
                "maxWidth": NUMBER,
                "maxHeight": NUMBER,
            }
        ),
        "exemplars": obj({"color": TEXT}),
        "annotations": ANNOTATIONS,
        "selectionMode": choice("x", "y", "xy"),
    }
)
_XY_SERIES = obj(
    {
        "name": obj({"fixed": TEXT, "field": ANYTHING}),
        "frame": _BY_MATCHER,
        "x": _BY_MATCHER,
        "y": _BY_MATCHER,
        "color": _BY_MATCHER,
        "size": _BY_MATCHER,
    }
)

CHARTS: dict[str, dict[str, Shape]] = {
    "timeseries": {
        "options": obj(
            {
                **LEGEND_AND_TOOLTIP,
                "timezone": TEXTS,
                "annotations": ANNOTATIONS,
                "orientation": ORIENTATION,
                "disableKeyboardEvents": BOOLEAN,
                "timeCompare": obj({"timeCompare": BOOLEAN}),
            }
        ),
        "custom": obj(GRAPH),
    },
    "trend": {"options": obj({**LEGEND_AND_TOOLTIP, "xField": TEXT}), "custom": obj(GRAPH)},
    "candlestick": {
        "options": obj(
            {
                **LEGEND_AND_TOOLTIP,
                "annotations": ANNOTATIONS,
                "mode": choice("candles+volume", "candles", "volume"),
                "candleStyle": choice("candles", "ohlcbars"),
                "colorStrategy": choice("open-close", "close-close"),
                "fields": obj({**each(TEXT, "open high low close volume")}),
                "colors": obj({**each(TEXT, "up down flat")}),
                "includeAllFields": BOOLEAN,
            }
        ),
        "custom": obj(GRAPH),
    },
    "barchart": {
        "options": obj(
            {
                **LEGEND_AND_TOOLTIP,
                "text": VALUE_TEXT,
                "xField": TEXT,
                "colorByField": TEXT,
                "orientation": ORIENTATION,
                "barRadius": number(0, 0.5),
                "xTickLabelRotation": number(-90, 90),
                "xTickLabelMaxLength": INTEGER,
                "xTickLabelSpacing": INTEGER,
                "stacking": STACKING_MODE,
                "showValue": VISIBILITY,
                "barWidth": number(0, 1),
                "groupWidth": number(0, 1),
                "fullHighlight": BOOLEAN,
            }
        ),
        "custom": obj(
            {
                **AXIS,
                **HIDEABLE,
                "lineWidth": number(0, 10),
                "fillOpacity": number(0, 100),
                "gradientMode": GRADIENT,
                "thresholdsStyle": THRESHOLDS_STYLE,
            }
        ),
    },
    "histogram": {
        "options": obj(
            {
                **LEGEND_AND_TOOLTIP,
                "bucketCount": INTEGER,
                "bucketSize": NUMBER,
                "bucketOffset": NUMBER,
                "combine": BOOLEAN,
            }
        ),
        "custom": obj(
            {
                **AXIS,
                **HIDEABLE,
                "lineWidth": number(0, 10),
                "fillOpacity": number(0, 100),
                "gradientMode": GRADIENT,
                "stacking": STACKING,
            }
        ),
    },
    "heatmap": {"options": _HEATMAP, "custom": obj({**HIDEABLE, "scaleDistribution": SCALE})},
    "state-timeline": {
        "options": obj(
            {**_ROWS_OF_STATES, "alignValue": choice("left", "center", "right"), "mergeValues": BOOLEAN}
        ),
        "custom": obj(
            {**_STATES, "spanNulls": either(BOOLEAN, NUMBER), "insertNulls": either(BOOLEAN, NUMBER)}
        ),
    },
    "status-history": {"options": obj({**_ROWS_OF_STATES, "colWidth": number(0, 1)}), "custom": obj(_STATES)},
    "xychart": {
        "options": obj(
            {
                "legend": LEGEND,
                "tooltip": LEGEND_AND_TOOLTIP["tooltip"],
                "mapping": choice("auto", "manual"),
                "series": listing(_XY_SERIES),
            }
        ),
        "custom": obj(
            {
                **AXIS,
                **HIDEABLE,
                "show": choice("points", "lines", "points+lines"),
                "pointSize": obj({**each(NUMBER, "fixed min max")}),
                "pointShape": choice("circle", "square"),
                "pointStrokeWidth": NUMBER,
                "fillOpacity": number(0, 100),
                "lineWidth": NUMBER,
                "lineStyle": LINE_STYLE,
            }
        ),
    },
}
