"""Panels that show something else than numbers: texts, lists, traces, maps and drawings."""

from dashgen.formats.json_shapes import (
    ANYTHING,
    BOOLEAN,
    FREE,
    HIDEABLE,
    INTEGER,
    NUMBER,
    ON,
    TEXT,
    TEXTS,
    Shape,
    choice,
    each,
    either,
    flags,
    listing,
    names,
    obj,
    option,
)

_LANGUAGES = names("plaintext json yaml xml typescript sql go markdown html")
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
        "id": option(TEXT, "zero"),
        **each(option(NUMBER, 0), "lat lon"),
        "zoom": option(NUMBER, 1),
        **each(NUMBER, "minZoom maxZoom padding"),
        "allLayers": ON,
        **each(BOOLEAN, "lastOnly shared noRepeat"),
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
                "mode": option(choice("markdown", "html", "code"), "markdown", "mode"),
                "content": option(TEXT, label="text"),
                "code": obj(
                    {
                        "language": option(choice(*_LANGUAGES), "plaintext"),
                        **flags(off="showLineNumbers showMiniMap"),
                    }
                ),
            }
        ),
        "custom": FREE,
    },
    "dashlist": {
        "options": obj(
            {
                **each(BOOLEAN, "keepTime includeVars"),
                **flags(on="showStarred showHeadings", off="showRecentlyViewed showSearch"),
                "showFolderNames": BOOLEAN,
                "maxItems": option(INTEGER, 10, "limit"),
                "query": option(TEXT, "", "query"),
                "tags": option(TEXTS, []),
                "folderUID": TEXT,
                "folderId": INTEGER,
            }
        ),
        "custom": FREE,
    },
    "alertlist": {
        "options": obj(
            {
                "viewMode": option(choice("list", "stat"), "list"),
                "groupMode": option(choice("default", "custom"), "default"),
                "groupBy": option(TEXTS, []),
                "maxItems": option(INTEGER, 20, "limit"),
                "sortOrder": option(choice(1, 2, 3, 4, 5), 1, "order"),
                **flags(off="dashboardAlerts showInstances showInactiveAlerts"),
                **each(option(TEXT, ""), "alertName alertInstanceLabelFilter datasource"),
                "folder": either(FREE, TEXT),
                "stateFilter": obj(
                    {**flags(on="firing pending recovering error", off="noData normal"), "inactive": BOOLEAN}
                ),
            }
        ),
        "custom": FREE,
    },
    "annolist": {
        "options": obj(
            {
                **flags(off="onlyFromThisDashboard onlyInTimeRange"),
                **flags(on="showUser showTime showTags navigateToPanel"),
                "tags": option(TEXTS, []),
                "limit": option(INTEGER, 10),
                **each(option(TEXT, "10m"), "navigateBefore navigateAfter"),
            }
        ),
        "custom": FREE,
    },
    "news": {"options": obj({"feedUrl": TEXT, "showImage": ON}), "custom": FREE},
    "traces": {"options": obj({"spanFilters": FREE}), "custom": FREE},
    "flamegraph": {"options": obj({"showFlameGraphOnly": BOOLEAN}), "custom": FREE},
    "nodeGraph": {
        "options": obj(
            {
                "nodes": option(
                    obj({**_STAT_UNITS, "arcs": listing(obj({"field": TEXT, "color": TEXT}))}), {}
                ),
                "edges": option(obj(_STAT_UNITS), {}),
                "zoomMode": option(choice("cooperative", "greedy"), "cooperative"),
                "layoutAlgorithm": choice("layered", "force", "grid"),
            }
        ),
        "custom": FREE,
    },
    "geomap": {
        "options": obj(
            {
                "view": _VIEW,
                "basemap": option(_LAYER, {"config": {}, "name": "Base map", "type": "default"}),
                "layers": listing(_LAYER),
                "controls": obj(
                    flags(on="showZoom mouseWheelZoom showAttribution", off="showScale showMeasure showDebug")
                ),
                "tooltip": obj({"mode": option(choice("none", "details"), "details")}),
            }
        ),
        "custom": obj(HIDEABLE),
    },
    "canvas": {
        "options": obj(
            {
                **flags(on="inlineEditing showAdvancedTypes", off="panZoom infinitePan"),
                "zoomToContent": BOOLEAN,
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
