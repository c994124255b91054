"""Convert panels of plugins that Grafana no longer runs: maps, discrete values, status maps and pie charts.

Source for pie charts: ``PieChartPanelChangedHandler`` in ``public/app/plugins/panel/piechart/migrations.ts``
of Grafana 12. The other plugins have no successor that converts their panels.
"""

from dashgen.core.json_values import Json
from dashgen.formats.legacy.legacy_values import CALCS, alias_colors, converted, stepped, value_mappings

# The latitude, longitude and zoom of the regions that a world map could be centred on.
_CENTERS = {
    "North America": (40, -100, 4),
    "Europe": (46, 14, 4),
    "West Asia": (26, 53, 4),
    "SE Asia": (10, 106, 4),
}


def discrete(panel: Json) -> Json:
    """A state timeline.

    Before: ``{"type": "natel-discrete-panel", "valueMaps": […], "colorMaps": [{"text": "Down",
    "color": "red"}], …}``
    After: ``{"type": "state-timeline", "fieldConfig": {"defaults": {"mappings": […]}}, "options": {…}, …}``
    """
    colors = {item["text"]: item["color"] for item in panel.get("colorMaps") or []}
    defaults: Json = {"unit": panel.get("units") or "none", "custom": {"lineWidth": 0, "fillOpacity": 70}}
    mappings = value_mappings(panel.get("valueMaps"), panel.get("rangeMaps"), colors)
    if mappings:
        defaults["mappings"] = mappings
    options = {
        "alignValue": "left",
        "legend": {"showLegend": panel.get("showLegend", True)},
        "mergeValues": True,
        "rowHeight": 0.9,
        "showValue": "auto" if panel.get("writeLastValue") or panel.get("writeAllValues") else "never",
        "tooltip": {"mode": "single"},
    }
    return converted(panel, "state-timeline", defaults, options)


def statusmap(panel: Json) -> Json:
    """A status history.

    Before: ``{"type": "flant-statusmap-panel", "color": {"mode": "discrete", "thresholds": [{"value": 0,
    …}]}, …}``
    After: ``{"type": "status-history", "fieldConfig": {"defaults": {"mappings": […]}}, "options": {…}, …}``
    """
    steps = [item for item in (panel.get("color") or {}).get("thresholds") or [] if "value" in item]
    defaults: Json = {"custom": {"lineWidth": 1, "fillOpacity": 70}}
    if steps:
        values = [
            {"text": item.get("tooltip") or str(item["value"]), "value": item["value"]} for item in steps
        ]
        colors = {v["text"]: item.get("color", "text") for v, item in zip(values, steps, strict=True)}
        defaults["mappings"] = value_mappings(values, None, colors)
    options = {
        "colWidth": 0.9,
        "legend": {"showLegend": (panel.get("legend") or {}).get("show", True)},
        "rowHeight": 0.9,
        "showValue": "never",
        "tooltip": {"mode": "single"},
    }
    return converted(panel, "status-history", defaults, options)


def worldmap(panel: Json) -> Json:
    """A map of markers.

    Before: ``{"type": "grafana-worldmap-panel", "locationData": "countries", "mapCenter": "Europe", …}``
    After: ``{"type": "geomap", "options": {"layers": [{"type": "markers", "location": {"mode": "lookup"}}],
    …}, …}``
    """
    size = {"fixed": 5, "max": panel.get("circleMaxSize", 30), "min": panel.get("circleMinSize", 2)}
    layer = {
        "config": {
            "showLegend": True,
            "style": {"color": {"fixed": "dark-green"}, "opacity": 0.4, "size": size},
        },
        "location": _location(panel),
        "name": "Values",
        "tooltip": True,
        "type": "markers",
    }
    options = {
        "basemap": {"type": "default", "name": "Base map", "config": {}},
        # The old map did not zoom under the wheel unless it was switched on; today's does by default.
        "controls": {"mouseWheelZoom": panel.get("mouseWheelZoom", False), "showZoom": True},
        "layers": [layer],
        "tooltip": {"mode": "details"},
        "view": _view(panel),
    }
    defaults: Json = {"decimals": panel.get("decimals", 0)}
    if panel.get("thresholds"):
        defaults["thresholds"] = stepped(panel["thresholds"], panel.get("colors") or [])
    return converted(panel, "geomap", defaults, options)


def _location(panel: Json) -> Json:
    kind = panel.get("locationData", "countries")
    if kind == "geohash":
        return {"mode": "geohash", "geohash": panel.get("esGeoPoint") or "geohash"}
    if kind in ("countries", "countries_3letter"):
        return {"mode": "lookup", "gazetteer": "public/gazetteer/countries.json"}
    if kind == "states":
        return {"mode": "lookup", "gazetteer": "public/gazetteer/usa-states.json"}
    return {"mode": "auto"}


def _view(panel: Json) -> Json:
    name = panel.get("mapCenter", "")
    lat, lon, zoom = _CENTERS.get(name, (0, 0, 1))
    if name == "custom":
        lat, lon = panel.get("mapCenterLatitude", 0), panel.get("mapCenterLongitude", 0)
    is_named = name in _CENTERS or name == "custom"
    initial = panel.get("initialZoom", 1)
    view_id = "coords" if is_named else "zero"
    return {"allLayers": True, "id": view_id, "lat": lat, "lon": lon, "zoom": max(zoom, initial)}


_LEGEND_PLACES = {"Right side": "right", "Under graph": "bottom"}


def piechart(panel: Json) -> Json:
    """Grafana's own pie chart.

    Before: ``{"type": "grafana-piechart-panel", "pieType": "donut", "legendType": "Right side", …}``
    After: ``{"type": "piechart", "options": {"pieType": "donut", "legend": {"placement": "right", …}}, …}``
    """
    legend = panel.get("legend") or {}
    values = [name for name, key in (("value", "values"), ("percent", "percentage")) if legend.get(key)]
    is_on_graph = panel.get("legendType") == "On graph"
    calc = CALCS.get(panel.get("valueName", "current"), "lastNotNull")
    options = {
        "displayLabels": ["name", *values] if is_on_graph else [],
        "legend": {
            "displayMode": "table",
            "placement": _LEGEND_PLACES.get(panel.get("legendType", ""), "right"),
            "showLegend": legend.get("show", True) and not is_on_graph,
            "values": values,
        },
        "pieType": "donut" if panel.get("pieType") == "donut" else "pie",
        "reduceOptions": {"calcs": [calc], "fields": "", "values": False},
    }
    # The old one showed no decimals unless it had a number of them, today's shows one.
    defaults = {"unit": panel.get("format") or "none", "decimals": panel.get("decimals") or 0}
    return converted(panel, "piechart", defaults, options, alias_colors(panel.get("aliasColors")))
