"""Panels that reduce each series to a value."""

from dashgen.check.json_shapes import (
    BOOLEAN,
    FREE,
    HIDEABLE,
    LEGEND,
    LEGEND_KEYS,
    NUMBER,
    SINGLE_STAT,
    SORT,
    TOOLTIP,
    Shape,
    choice,
    each,
    listing,
    obj,
)

_TEXT_MODE = choice("auto", "value", "value_and_name", "name", "none")
_SIZING = choice("auto", "manual")

STATS: dict[str, dict[str, Shape]] = {
    "stat": {
        "options": obj(
            {
                **SINGLE_STAT,
                "graphMode": choice("none", "line", "area"),
                "textMode": _TEXT_MODE,
                "colorMode": choice("value", "background", "background_solid", "none"),
                "justifyMode": choice("auto", "center"),
                "wideLayout": BOOLEAN,
                "showPercentChange": BOOLEAN,
                "percentChangeColorMode": choice("standard", "inverted", "same_as_value"),
            }
        ),
        "custom": FREE,
    },
    "gauge": {
        "options": obj(
            {
                **SINGLE_STAT,
                **each(BOOLEAN, "showThresholdLabels showThresholdMarkers sparkline"),
                "sizing": _SIZING,
                **each(NUMBER, "minVizWidth minVizHeight barWidthFactor segmentCount segmentSpacing neutral"),
                "shape": choice("circle", "gauge"),
                "barShape": choice("flat", "rounded"),
                "endpointMarker": choice("point", "glow", "none"),
                "textMode": _TEXT_MODE,
                "effects": obj({**each(BOOLEAN, "barGlow centerGlow gradient")}),
            }
        ),
        "custom": obj({"neutral": NUMBER}),
    },
    "bargauge": {
        "options": obj(
            {
                **SINGLE_STAT,
                "legend": LEGEND,
                "displayMode": choice("basic", "lcd", "gradient"),
                "valueMode": choice("color", "text", "hidden"),
                "namePlacement": choice("auto", "top", "left", "hidden"),
                "showUnfilled": BOOLEAN,
                "sizing": _SIZING,
                **each(NUMBER, "minVizWidth minVizHeight maxVizHeight"),
            }
        ),
        "custom": FREE,
    },
    "piechart": {
        "options": obj(
            {
                **SINGLE_STAT,
                "tooltip": TOOLTIP,
                "pieType": choice("pie", "donut"),
                "sort": SORT,
                "displayLabels": listing(choice("name", "value", "percent")),
                "legend": obj({**LEGEND_KEYS, "values": listing(choice("value", "percent"))}),
            }
        ),
        "custom": obj(HIDEABLE),
    },
}
