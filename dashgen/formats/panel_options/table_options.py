"""Tables and logs."""

from dashgen.formats.json_shapes import (
    ANYTHING,
    BOOLEAN,
    CALCS,
    GRAPH,
    HIDEABLE,
    NUMBER,
    OFF,
    ON,
    TEXT,
    TEXTS,
    Shape,
    choice,
    each,
    flags,
    listing,
    names,
    obj,
    option,
    plain_schemas,
)

_CELL_TYPES = names(
    "auto color-text color-background color-background-solid gauge basic gradient-gauge",
    "lcd-gauge sparkline json-view image data-links actions markdown pill geo custom",
)
_CELL = obj(
    {
        **plain_schemas(GRAPH),
        "type": option(choice(*_CELL_TYPES), "auto", "cell type"),
        "mode": option(choice("basic", "lcd", "gradient"), label="cell mode"),
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
                "showHeader": option(ON, label="header"),
                **each(BOOLEAN, "showTypeIcons disableKeyboardEvents"),
                "enablePagination": OFF,
                "cellHeight": option(choice("sm", "md", "lg", "auto"), "sm", "cell height"),
                "frameIndex": option(NUMBER, 0),
                "sortBy": option(
                    listing(obj({"displayName": TEXT, "desc": BOOLEAN}, required=("displayName",))),
                    (),
                    "order",
                ),
                "footer": _FOOTER,
                "maxRowHeight": NUMBER,
                "frozenColumns": obj({"left": NUMBER}),
            }
        ),
        "custom": obj(
            {
                **plain_schemas(HIDEABLE),
                "align": option(choice("auto", "left", "center", "right"), "auto", "alignment"),
                "cellOptions": _CELL,
                "width": option(NUMBER, label="column width"),
                "minWidth": NUMBER,
                **flags(off="filterable inspect"),
                **each(BOOLEAN, "hidden hideHeader wrapText wrapHeaderText"),
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
                "showTime": option(OFF, label="times"),
                **flags(off="showLabels showCommonLabels"),
                "wrapLogMessage": option(OFF, label="wrapped lines"),
                **flags(off="prettifyLogMessage", on="enableLogDetails"),
                **flags(off="showLogContextToggle enableInfiniteScrolling"),
                **each(BOOLEAN, "showControls showFieldSelector showLogAttributes syntaxHighlighting"),
                **each(BOOLEAN, "noInteractions unwrappedColumns"),
                "sortOrder": option(choice("Ascending", "Descending"), "Descending", "order"),
                "dedupStrategy": option(
                    choice("none", "exact", "numbers", "signature"), "none", "deduplication"
                ),
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
