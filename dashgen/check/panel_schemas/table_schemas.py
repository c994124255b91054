"""Tables and logs."""

from dashgen.check.json_shapes import (
    ANYTHING,
    BOOLEAN,
    CALCS,
    GRAPH,
    HIDEABLE,
    NUMBER,
    TEXT,
    TEXTS,
    Shape,
    choice,
    each,
    listing,
    names,
    obj,
)

_CELL_TYPES = names(
    "auto color-text color-background color-background-solid gauge basic gradient-gauge",
    "lcd-gauge sparkline json-view image data-links actions markdown pill geo custom",
)
_CELL = obj(
    {
        **GRAPH,
        "type": choice(*_CELL_TYPES),
        "mode": choice("basic", "lcd", "gradient"),
        **each(BOOLEAN, "applyToRow wrapText hideValue dynamicHeight"),
        "valueDisplayMode": choice("color", "text", "hidden"),
        "alt": TEXT,
        "title": TEXT,
        "cellComponent": ANYTHING,
    },
    required=("type",),
)
_FOOTER = obj(
    {
        "show": BOOLEAN,
        "reducer": CALCS,
        "fields": {"anyOf": [TEXT, TEXTS]},
        "countRows": BOOLEAN,
        "enablePagination": BOOLEAN,
    }
)

TABLES: dict[str, dict[str, Shape]] = {
    "table": {
        "options": obj(
            {
                **each(BOOLEAN, "showHeader showTypeIcons enablePagination disableKeyboardEvents"),
                "cellHeight": choice("sm", "md", "lg", "auto"),
                "frameIndex": NUMBER,
                "sortBy": listing(obj({"displayName": TEXT, "desc": BOOLEAN}, required=("displayName",))),
                "footer": _FOOTER,
                "maxRowHeight": NUMBER,
                "frozenColumns": obj({"left": NUMBER}),
            }
        ),
        "custom": obj(
            {
                **HIDEABLE,
                "align": choice("auto", "left", "center", "right"),
                "cellOptions": _CELL,
                "width": NUMBER,
                "minWidth": NUMBER,
                **each(BOOLEAN, "filterable inspect hidden hideHeader wrapText wrapHeaderText"),
                "styleField": TEXT,
                "footer": obj({"reducers": CALCS}),
                "tooltip": obj(
                    {"field": TEXT, "placement": choice("auto", "top", "bottom", "left", "right")}
                ),
            }
        ),
    },
    "logs": {
        "options": obj(
            {
                **each(BOOLEAN, "showTime showLabels showCommonLabels wrapLogMessage prettifyLogMessage"),
                **each(BOOLEAN, "enableLogDetails showLogContextToggle enableInfiniteScrolling showControls"),
                **each(BOOLEAN, "showFieldSelector showLogAttributes syntaxHighlighting noInteractions"),
                **each(BOOLEAN, "unwrappedColumns"),
                "sortOrder": choice("Ascending", "Descending"),
                "dedupStrategy": choice("none", "exact", "numbers", "signature"),
                "displayedFields": TEXTS,
                "detailsMode": choice("inline", "sidebar"),
                "timestampResolution": choice("ms", "ns"),
                "fontSize": choice("default", "small"),
                "controlsStorageKey": TEXT,
            }
        ),
        "custom": obj({}),
    },
}
