"""The pie chart plugin of Grafana 7 and before becomes Grafana's own.

Source: ``PieChartPanelChangedHandler`` in ``public/app/plugins/panel/piechart/migrations.ts`` of Grafana 12.
"""

from dashgen.core.json_values import Json
from dashgen.formats.legacy.legacy_values import CALCS, alias_colors, converted

_PLACES = {"Right side": "right", "Under graph": "bottom"}


def piechart(panel: Json) -> Json:
    """Grafana's own pie chart.

    Before: ``{"type": "grafana-piechart-panel", "pieType": "donut", "legendType": "Right side", …}``
    After: ``{"type": "piechart", "options": {"pieType": "donut", "legend": {"placement": "right", …}}, …}``
    """
    legend = panel.get("legend") or {}
    values = [name for name, key in (("value", "values"), ("percent", "percentage")) if legend.get(key)]
    options = {
        "displayLabels": ["name", *values] if panel.get("legendType") == "On graph" else [],
        "legend": {
            "displayMode": "table",
            "placement": _PLACES.get(panel.get("legendType", ""), "right"),
            "showLegend": legend.get("show", True) and panel.get("legendType") != "On graph",
            "values": values,
        },
        "pieType": "donut" if panel.get("pieType") == "donut" else "pie",
        "reduceOptions": {
            "calcs": [CALCS.get(panel.get("valueName", "current"), "lastNotNull")],
            "fields": "",
            "values": False,
        },
    }
    # The old one showed no decimals unless it was told to, today's shows one.
    defaults = {"unit": panel.get("format") or "none", "decimals": panel.get("decimals") or 0}
    return converted(panel, "piechart", defaults, options, alias_colors(panel.get("aliasColors")))
