"""Panels that reduce each series to a value."""

from dashgen.formats.json_shapes import (
    BOOLEAN,
    FREE,
    HIDEABLE,
    LEGEND_KEYS,
    NUMBER,
    OFF,
    ON,
    ORIENTATION,
    SINGLE_STAT,
    SORT,
    TOOLTIP,
    Shape,
    choice,
    each,
    flags,
    listing,
    obj,
    option,
)

_TEXT_MODE = choice("auto", "value", "value_and_name", "name", "none")
_SIZING = option(choice("auto", "manual"), "auto")

STATS: dict[str, dict[str, Shape]] = {
    "stat": {
        "options": obj(
            {
                **SINGLE_STAT,
                "graphMode": option(choice("none", "line", "area"), "area", "graph mode"),
                "textMode": option(_TEXT_MODE, "auto", "text mode"),
                "colorMode": option(
                    choice("value", "background", "background_solid", "none"), "value", "colour mode"
                ),
                "justifyMode": option(choice("auto", "center"), "auto", "alignment"),
                **flags(on="wideLayout", off="showPercentChange"),
                "percentChangeColorMode": option(choice("standard", "inverted", "same_as_value"), "standard"),
            }
        ),
        "custom": FREE,
    },
    "gauge": {
        "options": obj(
            {
                **SINGLE_STAT,
                "showThresholdLabels": option(OFF, label="threshold labels"),
                "showThresholdMarkers": option(ON, label="threshold markers"),
                "sparkline": BOOLEAN,
                "sizing": _SIZING,
                **each(option(NUMBER, 75), "minVizWidth minVizHeight"),
                **each(NUMBER, "barWidthFactor segmentCount segmentSpacing neutral"),
                "shape": choice("circle", "gauge"),
                "barShape": choice("flat", "rounded"),
                "endpointMarker": choice("point", "glow", "none"),
                "textMode": option(_TEXT_MODE, label="text mode"),
                "effects": obj({**each(BOOLEAN, "barGlow centerGlow gradient")}),
            }
        ),
        "custom": obj({"neutral": NUMBER}),
    },
    "bargauge": {
        "options": obj(
            {
                **SINGLE_STAT,
                "legend": obj({**LEGEND_KEYS, "showLegend": option(OFF, label="legend")}),
                "displayMode": option(choice("basic", "lcd", "gradient"), "gradient", "display mode"),
                "valueMode": option(choice("color", "text", "hidden"), "color", "value mode"),
                "namePlacement": option(choice("auto", "top", "left", "hidden"), "auto"),
                "showUnfilled": ON,
                "sizing": _SIZING,
                "minVizWidth": option(NUMBER, 8),
                "minVizHeight": option(NUMBER, 16),
                "maxVizHeight": option(NUMBER, 300),
            }
        ),
        "custom": FREE,
    },
    "piechart": {
        "options": obj(
            {
                **SINGLE_STAT,
                "orientation": option(ORIENTATION, label="orientation"),
                "tooltip": TOOLTIP,
                "pieType": option(choice("pie", "donut"), "pie", "pie type"),
                "sort": SORT,
                "displayLabels": option(listing(choice("name", "value", "percent")), [], "labels"),
                "legend": obj({**LEGEND_KEYS, "values": option(listing(choice("value", "percent")), [])}),
            }
        ),
        "custom": obj(HIDEABLE),
    },
}
