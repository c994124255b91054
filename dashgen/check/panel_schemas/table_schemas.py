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
    listing,
    obj,
)

_CELL_TYPES = (
    "auto", "color-text", "color-background", "color-background-solid", "gauge", "basic", "gradient-gauge",
    "lcd-gauge",
    "sparkline", "json-view", "image", "data-links", "actions", "markdown", "pill", "geo", "custom",
)  # fmt: skip
_CELL = obj(
    {
        **GRAPH, "type": choice(*_CELL_TYPES), "mode": choice("basic", "lcd", "gradient"),
        "applyToRow": BOOLEAN,
        "wrapText": BOOLEAN, "valueDisplayMode": choice("color", "text", "hidden"), "hideValue": BOOLEAN,
        "alt": TEXT,
        "title": TEXT, "dynamicHeight": BOOLEAN, "cellComponent": ANYTHING,
    },
    required=("type",),
)  # fmt: skip
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
                "showHeader": BOOLEAN, "cellHeight": choice("sm", "md", "lg", "auto"), "frameIndex": NUMBER,
                "sortBy": listing(obj({"displayName": TEXT, "desc": BOOLEAN}, required=("displayName",))),
                "footer": _FOOTER, "showTypeIcons": BOOLEAN, "enablePagination": BOOLEAN,
                "maxRowHeight": NUMBER,
                "frozenColumns": obj({"left": NUMBER}), "disableKeyboardEvents": BOOLEAN,
            }
        ),
        "custom": obj(
            {
                **HIDEABLE, "align": choice("auto", "left", "center", "right"), "cellOptions": _CELL,
                "width": NUMBER,
                "minWidth": NUMBER, "filterable": BOOLEAN, "inspect": BOOLEAN, "hidden": BOOLEAN,
                "hideHeader": BOOLEAN,
                "wrapText": BOOLEAN, "wrapHeaderText": BOOLEAN, "styleField": TEXT,
                "footer": obj({"reducers": CALCS}),
                "tooltip": obj({"field": TEXT, "placement": choice("auto", "top", "bottom", "left",
                "right")}),
            }
        ),
    },
    "logs": {
        "options": obj(
            {
                "showTime": BOOLEAN, "showLabels": BOOLEAN, "showCommonLabels": BOOLEAN,
                "wrapLogMessage": BOOLEAN,
                "prettifyLogMessage": BOOLEAN, "enableLogDetails": BOOLEAN, "showLogContextToggle": BOOLEAN,
                "sortOrder": choice("Ascending", "Descending"), "enableInfiniteScrolling": BOOLEAN,
                "dedupStrategy": choice("none", "exact", "numbers", "signature"), "displayedFields": TEXTS,
                "showControls": BOOLEAN, "showFieldSelector": BOOLEAN, "showLogAttributes": BOOLEAN,
                "syntaxHighlighting": BOOLEAN, "noInteractions": BOOLEAN, "unwrappedColumns": BOOLEAN,
                "detailsMode": choice("inline", "sidebar"), "timestampResolution": choice("ms", "ns"),
                "fontSize": choice("default", "small"), "controlsStorageKey": TEXT,
            }
        ),
        "custom": obj({}),
    },
}  # fmt: skip
