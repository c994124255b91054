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
    each,
    either,
    listing,
    names,
    obj,
)

_LANGUAGES = names("plaintext json yaml xml typescript sql go markdown html")
_STATES = ("firing", "pending", "recovering", "inactive", "noData", "normal", "error")
_LAYER = obj(
    {
        "type": TEXT,
        "name": TEXT,
        "config": ANYTHING,
        "location": FREE,
        "filterData": ANYTHING,
        "opacity": NUMBER,
        "tooltip": BOOLEAN,
    },
    required=("type", "name"),
)
_STAT_UNITS: dict[str, Shape] = {"mainStatUnit": TEXT, "secondaryStatUnit": TEXT}
_VIEW = obj(
    {
        "id": TEXT,
        **each(NUMBER, "lat lon zoom minZoom maxZoom padding"),
        **each(BOOLEAN, "allLayers lastOnly shared noRepeat"),
        "layer": TEXT,
    },
    required=("id",),
)
_ELEMENT = obj(
    {
        **each(TEXT, "type name oneClickMode"),
        "config": ANYTHING,
        **each(FREE, "background border constraint placement"),
        "connections": listing(FREE),
        "links": listing(FREE),
        "actions": listing(FREE),
    },
    required=("type", "name"),
)

OTHER: dict[str, dict[str, Shape]] = {
    "text": {
        "options": obj(
            {
                "mode": choice("markdown", "html", "code"),
                "content": TEXT,
                "code": obj(
                    {"language": choice(*_LANGUAGES), "showLineNumbers": BOOLEAN, "showMiniMap": BOOLEAN}
                ),
            }
        ),
        "custom": FREE,
    },
    "dashlist": {
        "options": obj(
            {
                **each(
                    BOOLEAN, "keepTime includeVars showStarred showRecentlyViewed showSearch showHeadings"
                ),
                **each(BOOLEAN, "showFolderNames"),
                "maxItems": INTEGER,
                "query": TEXT,
                "tags": TEXTS,
                "folderUID": TEXT,
                "folderId": INTEGER,
            }
        ),
        "custom": FREE,
    },
    "alertlist": {
        "options": obj(
            {
                "viewMode": choice("list", "stat"),
                "groupMode": choice("default", "custom"),
                "groupBy": TEXTS,
                "maxItems": INTEGER,
                "sortOrder": choice(1, 2, 3, 4, 5),
                **each(BOOLEAN, "dashboardAlerts showInstances showInactiveAlerts"),
                **each(TEXT, "alertName alertInstanceLabelFilter datasource"),
                "folder": either(FREE, TEXT),
                "stateFilter": obj(dict.fromkeys(_STATES, BOOLEAN)),
            }
        ),
        "custom": FREE,
    },
    "annolist": {
        "options": obj(
            {
                **each(BOOLEAN, "onlyFromThisDashboard onlyInTimeRange showUser showTime showTags"),
                **each(BOOLEAN, "navigateToPanel"),
                "tags": TEXTS,
                "limit": INTEGER,
                "navigateBefore": TEXT,
                "navigateAfter": TEXT,
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
                "edges": obj(_STAT_UNITS),
                "zoomMode": choice("cooperative", "greedy"),
                "layoutAlgorithm": choice("layered", "force", "grid"),
            }
        ),
        "custom": FREE,
    },
    "geomap": {
        "options": obj(
            {
                "view": _VIEW,
                "basemap": _LAYER,
                "layers": listing(_LAYER),
                "controls": obj(
                    {
                        **each(
                            BOOLEAN, "showZoom mouseWheelZoom showAttribution showScale showMeasure showDebug"
                        )
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
                **each(BOOLEAN, "inlineEditing showAdvancedTypes panZoom zoomToContent infinitePan"),
                "tooltip": obj({"mode": TEXT, "disableForOneClick": BOOLEAN}),
                "root": obj(
                    {
                        "name": TEXT,
                        "type": choice("frame"),
                        "elements": listing(_ELEMENT),
                        **each(FREE, "background border constraint placement"),
                    }
                ),
            }
        ),
        "custom": FREE,
    },
}
