"""Panels that draw over time or along an axis."""

from dashgen.formats.json_shapes import (
    ANNOTATIONS,
    ANYTHING,
    AXIS,
    AXIS_PLACEMENT,
    BOOLEAN,
    GRADIENT,
    GRAPH,
    HIDEABLE,
    INTEGER,
    LEGEND_AND_TOOLTIP,
    LINE_STYLE,
    MATCHER,
    NUMBER,
    OFF,
    ON,
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
    flags,
    listing,
    number,
    obj,
    option,
    plain_schema,
    plain_schemas,
)

_BY_MATCHER = obj({"matcher": MATCHER}, required=("matcher",))
_STATE_ROWS: dict[str, Shape] = {
    **LEGEND_AND_TOOLTIP,
    "timezone": TEXTS,
    "annotations": ANNOTATIONS,
    "rowHeight": option(number(0, 1), 0.9),
    "showValue": option(VISIBILITY, "auto"),
    "perPage": NUMBER,
}


def _bars(line_width: int, fill_opacity: int) -> dict[str, Shape]:
    """How the outline and the inside of bars and cells are drawn."""
    return {
        "lineWidth": option(number(0, 10), line_width, "line width"),
        "fillOpacity": option(number(0, 100), fill_opacity, "fill"),
    }


# States have the settings of an axis in their type, and no axis: Grafana writes no default of them.
_STATES: dict[str, Shape] = {**plain_schemas(AXIS), **HIDEABLE}
_BARS: dict[str, Shape] = {
    **AXIS,
    **HIDEABLE,
    **_bars(1, 80),
    "gradientMode": option(GRADIENT, "none", "gradient"),
}
# Candlesticks and trends write down the style of lines that time series take for granted.
_LINES: dict[str, Shape] = {**GRAPH, "lineStyle": option(LINE_STYLE, {"fill": "solid"})}
_BUCKETS = obj({"mode": choice("size", "count"), "value": TEXT, "scale": plain_schema(SCALE)})
_HEATMAP_COLOR = obj(
    {
        "mode": option(choice("opacity", "scheme"), "scheme"),
        "scheme": option(TEXT, "Oranges"),
        "fill": option(TEXT, "dark-orange"),
        "scale": option(choice("linear", "exponential"), "exponential"),
        "exponent": option(NUMBER, 0.5),
        **each(NUMBER, "min max"),
        "steps": option(number(2, 128), 64),
        "reverse": OFF,
    }
)
_HEATMAP = obj(
    {
        "calculate": OFF,
        "calculation": obj({"xBuckets": _BUCKETS, "yBuckets": _BUCKETS}),
        "color": _HEATMAP_COLOR,
        # Cells below this value are not drawn, so that empty buckets have no colour.
        "filterValues": obj({"le": option(NUMBER, 1e-9), "ge": NUMBER}),
        "rowsFrame": obj(
            {
                "layout": option(choice("auto", "le", "ge", "unknown"), "auto"),
                "value": TEXT,
                "yBucketScale": plain_schema(SCALE),
            }
        ),
        "showValue": option(VISIBILITY, "auto"),
        "cellGap": option(NUMBER, 1),
        "cellRadius": NUMBER,
        "cellValues": option(obj({"unit": TEXT, "decimals": NUMBER}), {}),
        "yAxis": obj(
            {
                **plain_schemas(AXIS),
                "axisPlacement": option(AXIS_PLACEMENT, "left"),
                "unit": TEXT,
                **each(NUMBER, "decimals min max"),
                "reverse": OFF,
            }
        ),
        "legend": obj({"show": ON}),
        "tooltip": obj(
            {
                "mode": option(choice("single", "multi", "none"), "single"),
                **flags(off="yHistogram showColorScale"),
                **each(NUMBER, "maxWidth maxHeight"),
            }
        ),
        "exemplars": obj({"color": option(TEXT, "rgba(255,0,255,0.7)")}),
        "annotations": ANNOTATIONS,
        "selectionMode": choice("x", "y", "xy"),
    }
)
_XY_SERIES = obj(
    {"name": obj({"fixed": TEXT, "field": ANYTHING}), **each(_BY_MATCHER, "frame x y color size")}
)

CHARTS: dict[str, dict[str, Shape]] = {
    "timeseries": {
        "options": obj(
            {
                **LEGEND_AND_TOOLTIP,
                "timezone": TEXTS,
                "annotations": ANNOTATIONS,
                "orientation": option(ORIENTATION, label="orientation"),
                "disableKeyboardEvents": BOOLEAN,
                "timeCompare": obj({"timeCompare": BOOLEAN}),
            }
        ),
        "custom": obj(GRAPH),
    },
    "trend": {"options": obj({**LEGEND_AND_TOOLTIP, "xField": TEXT}), "custom": obj(_LINES)},
    "candlestick": {
        "options": obj(
            {
                **LEGEND_AND_TOOLTIP,
                "annotations": ANNOTATIONS,
                "mode": option(choice("candles+volume", "candles", "volume"), "candles+volume", "mode"),
                "candleStyle": option(choice("candles", "ohlcbars"), "candles"),
                "colorStrategy": option(choice("open-close", "close-close"), "open-close"),
                "fields": option(obj({**each(TEXT, "open high low close volume")}), {}),
                "colors": obj({"up": option(TEXT, "green"), "down": option(TEXT, "red"), "flat": TEXT}),
                "includeAllFields": OFF,
            }
        ),
        "custom": obj(_LINES),
    },
    "barchart": {
        "options": obj(
            {
                **LEGEND_AND_TOOLTIP,
                "text": VALUE_TEXT,
                "xField": TEXT,
                "colorByField": TEXT,
                "orientation": option(ORIENTATION, "auto", "orientation"),
                "barRadius": option(number(0, 0.5), 0),
                "xTickLabelRotation": option(number(-90, 90), 0),
                "xTickLabelMaxLength": INTEGER,
                "xTickLabelSpacing": option(INTEGER, 0),
                "stacking": option(STACKING_MODE, "none"),
                "showValue": option(VISIBILITY, "auto"),
                "barWidth": option(number(0, 1), 0.97),
                "groupWidth": option(number(0, 1), 0.7),
                "fullHighlight": OFF,
            }
        ),
        "custom": obj({**_BARS, "thresholdsStyle": THRESHOLDS_STYLE}),
    },
    "histogram": {
        "options": obj(
            {
                **LEGEND_AND_TOOLTIP,
                "bucketCount": INTEGER,
                "bucketSize": NUMBER,
                "bucketOffset": option(NUMBER, 0),
                "combine": OFF,
            }
        ),
        "custom": obj({**_BARS, "stacking": STACKING}),
    },
    "heatmap": {"options": _HEATMAP, "custom": obj({**HIDEABLE, "scaleDistribution": SCALE})},
    "state-timeline": {
        "options": obj(
            {
                **_STATE_ROWS,
                "alignValue": option(choice("left", "center", "right"), "left"),
                "mergeValues": ON,
            }
        ),
        "custom": obj(
            {
                **_STATES,
                **_bars(0, 70),
                "spanNulls": option(either(BOOLEAN, NUMBER), label="connected gaps"),
                "insertNulls": either(BOOLEAN, NUMBER),
            }
        ),
    },
    "status-history": {
        "options": obj({**_STATE_ROWS, "colWidth": option(number(0, 1), 0.9)}),
        "custom": obj({**_STATES, **_bars(1, 70)}),
    },
    "xychart": {
        "options": obj(
            {
                **LEGEND_AND_TOOLTIP,
                "mapping": option(choice("auto", "manual"), "auto"),
                "series": option(listing(_XY_SERIES), [{}]),
            }
        ),
        "custom": obj(
            {
                **AXIS,
                **HIDEABLE,
                "show": option(choice("points", "lines", "points+lines"), "points"),
                "pointSize": obj({"fixed": option(NUMBER, 5), **each(NUMBER, "min max")}),
                "pointShape": option(choice("circle", "square"), "circle"),
                "pointStrokeWidth": option(NUMBER, 1),
                "fillOpacity": option(number(0, 100), 50, "fill"),
                "lineWidth": option(NUMBER, label="line width"),
                "lineStyle": LINE_STYLE,
            }
        ),
    },
}
