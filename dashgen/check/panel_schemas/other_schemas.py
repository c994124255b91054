"""Panels that show something else than numbers: texts, lists, traces, maps and drawings."""

from dashgen.check.json_shapes import (
    ANYTHING,
    BOOLEAN,
    FREE,
    HIDEABLE,
    INTEGER,
    NUMBER,
    TEXT,
    TEXTS,
    Shape,
    choice,
    either,
    listing,
    obj,
)

_LANGUAGES = ("plaintext", "json", "yaml", "xml", "typescript", "sql", "go", "markdown", "html")
_STATES = ("firing", "pending", "recovering", "inactive", "noData", "normal", "error")
_LAYER = obj(
    {
        "type": TEXT, "name": TEXT, "config": ANYTHING, "location": FREE, "filterData": ANYTHING,
        "opacity": NUMBER,
        "tooltip": BOOLEAN,
    },
    required=("type", "name"),
)  # fmt: skip
_STAT_UNITS: dict[str, Shape] = {"mainStatUnit": TEXT, "secondaryStatUnit": TEXT}
_VIEW = obj(
    {
        "id": TEXT, "lat": NUMBER, "lon": NUMBER, "zoom": NUMBER, "minZoom": NUMBER, "maxZoom": NUMBER,
        "padding": NUMBER,
        "allLayers": BOOLEAN, "lastOnly": BOOLEAN, "layer": TEXT, "shared": BOOLEAN, "noRepeat": BOOLEAN,
    },
    required=("id",),
)  # fmt: skip
_ELEMENT = obj(
    {
        "type": TEXT, "name": TEXT, "config": ANYTHING, "background": FREE, "border": FREE,
        "constraint": FREE,
        "placement": FREE, "connections": listing(FREE), "links": listing(FREE), "oneClickMode": TEXT,
        "actions": listing(FREE),
    },
    required=("type", "name"),
)  # fmt: skip

OTHER: dict[str, dict[str, Shape]] = {
    "text": {
        "options": obj(
            {
                "mode": choice("markdown", "html", "code"), "content": TEXT,
                "code": obj({"language": choice(*_LANGUAGES), "showLineNumbers": BOOLEAN,
                "showMiniMap": BOOLEAN}),
            }
        ),
        "custom": FREE,
    },
    "dashlist": {
        "options": obj(
            {
                "keepTime": BOOLEAN, "includeVars": BOOLEAN, "showStarred": BOOLEAN,
                "showRecentlyViewed": BOOLEAN,
                "showSearch": BOOLEAN, "showHeadings": BOOLEAN, "showFolderNames": BOOLEAN,
                "maxItems": INTEGER, "query": TEXT,
                "tags": TEXTS, "folderUID": TEXT, "folderId": INTEGER,
            }
        ),
        "custom": FREE,
    },
    "alertlist": {
        "options": obj(
            {
                "viewMode": choice("list", "stat"), "groupMode": choice("default", "custom"),
                "groupBy": TEXTS,
                "maxItems": INTEGER, "sortOrder": choice(1, 2, 3, 4, 5), "dashboardAlerts": BOOLEAN,
                "alertName": TEXT,
                "alertInstanceLabelFilter": TEXT, "datasource": TEXT, "showInstances": BOOLEAN,
                "showInactiveAlerts": BOOLEAN, "folder": either(FREE, TEXT),
                "stateFilter": obj(dict.fromkeys(_STATES, BOOLEAN)),
            }
        ),
        "custom": FREE,
    },
    "annolist": {
        "options": obj(
            {
                "onlyFromThisDashboard": BOOLEAN, "onlyInTimeRange": BOOLEAN, "tags": TEXTS, "limit": INTEGER,
                "showUser": BOOLEAN, "showTime": BOOLEAN, "showTags": BOOLEAN, "navigateToPanel": BOOLEAN,
                "navigateBefore": TEXT, "navigateAfter": TEXT,
            }
        ),
        "custom": FREE,
    },
    "news": {"options": obj({"feedUrl": TEXT, "showImage": BOOLEAN}), "custom": FREE},
    "traces": {"options": obj({"spanFilters": FREE}), "custom": FREE},
    "flamegraph": {"options": obj({"showFlameGraphOnly": BOOLEAN}), "custom": FREE},
    "nodeGraph": {
        "options": obj(
            {
                "nodes": obj({**_STAT_UNITS, "arcs": listing(obj({"field": TEXT, "color": TEXT}))}),
                "edges": obj(_STAT_UNITS), "zoomMode": choice("cooperative", "greedy"),
                "layoutAlgorithm": choice("layered", "force", "grid"),
            }
        ),
        "custom": FREE,
    },
    "geomap": {
        "options": obj(
            {
                "view": _VIEW, "basemap": _LAYER, "layers": listing(_LAYER),
                "controls": obj(
                    {
                        "showZoom": BOOLEAN, "mouseWheelZoom": BOOLEAN, "showAttribution": BOOLEAN,
                        "showScale": BOOLEAN,
                        "showMeasure": BOOLEAN, "showDebug": BOOLEAN,
                    }
                ),
                "tooltip": obj({"mode": choice("none", "details")}),
            }
        ),
        "custom": obj(HIDEABLE),
    },
    "canvas": {
        "options": obj(
            {
                "inlineEditing": BOOLEAN, "showAdvancedTypes": BOOLEAN, "panZoom": BOOLEAN,
                "zoomToContent": BOOLEAN,
                "infinitePan": BOOLEAN, "tooltip": obj({"mode": TEXT, "disableForOneClick": BOOLEAN}),
                "root": obj(
                    {
                        "name": TEXT, "type": choice("frame"), "elements": listing(_ELEMENT),
                        "background": FREE,
                        "border": FREE, "constraint": FREE, "placement": FREE,
                    }
                ),
            }
        ),
        "custom": FREE,
    },
}  # fmt: skip
