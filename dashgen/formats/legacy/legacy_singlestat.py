"""Convert the single stat of Grafana 6 and before to a stat or a gauge.

Source: ``sharedSingleStatPanelChangedHandler`` of @grafana/ui, with ``statPanelChangedHandler`` and
``gaugePanelChangedHandler`` of the two panels, in Grafana 12.
"""

from dashgen.core.json_values import Json
from dashgen.formats.legacy.legacy_values import CALCS, converted, stepped, value_mappings


def singlestat(panel: Json) -> Json:
    """A stat, or a gauge where it drew one.

    Before: ``{"type": "singlestat", "valueName": "current", "format": "s", "sparkline": {"show": true}, …}``
    After: ``{"type": "stat", "options": {"graphMode": "area", "reduceOptions": {"calcs": ["lastNotNull"]}},
    …}``
    """
    gauge = panel.get("gauge") or {}
    column = panel.get("tableColumn")
    fields = f"/^{column}$/" if column else ""
    reduce = {"calcs": [CALCS.get(panel.get("valueName", "avg"), "mean")], "fields": fields, "values": False}
    defaults = _defaults(panel)
    if gauge.get("show"):
        defaults.update(min=gauge.get("minValue", 0), max=gauge.get("maxValue", 100))
        options: Json = {
            "reduceOptions": reduce,
            "showThresholdLabels": gauge.get("thresholdLabels", False),
            "showThresholdMarkers": gauge.get("thresholdMarkers", True),
        }
        return converted(panel, "gauge", defaults, options)
    background, value = panel.get("colorBackground"), panel.get("colorValue")
    options = {
        "colorMode": "background" if background else "value" if value else "none",
        "graphMode": "area" if (panel.get("sparkline") or {}).get("show") else "none",
        "reduceOptions": reduce,
        "textMode": "name" if panel.get("valueName") == "name" else "auto",
    }
    return converted(panel, "stat", defaults, options)


def _defaults(panel: Json) -> Json:
    defaults: Json = {"unit": _unit(panel)}
    if panel.get("decimals") is not None:
        defaults["decimals"] = panel["decimals"]
    if panel.get("nullText"):
        defaults["noValue"] = panel["nullText"]
    # Both kinds of maps are in the JSON, and `mappingType` says which of them counts: 1 values, 2 ranges.
    kind = panel.get("mappingType") or (1 if panel.get("valueMaps") else 2)
    by_range = kind == 2
    ranges = panel.get("rangeMaps") if by_range else None
    mappings = value_mappings(None if by_range else panel.get("valueMaps"), ranges)
    if mappings:
        defaults["mappings"] = mappings
    if panel.get("thresholds"):
        defaults["thresholds"] = stepped(str(panel["thresholds"]), panel.get("colors") or [])
    return defaults


def _unit(panel: Json) -> str:
    unit = panel.get("format") or "none"
    if unit != "none":
        return str(unit)
    if panel.get("postfix"):
        return f"suffix:{panel['postfix']}"
    return f"prefix:{panel['prefix']}" if panel.get("prefix") else "none"
