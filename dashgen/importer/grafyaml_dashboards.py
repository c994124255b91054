"""Dashboards of grafyaml: Grafana's JSON of 2016 as YAML, with defaults of its own.

Source: grafana_dashboards/schema of grafyaml 0.0.9 and deliveryhero/grafyaml: `templating` is a list, the
time zone is UTC, rows hide their titles, a panel is 12 columns wide, and lines are 2 pixels.
"""

from typing import Any, Final

from dashgen.core.json_values import Json, mapping, mappings

_DOCUMENTS: Final = frozenset({"dashboard", "datasource", "datasources", "permissions"})
_PANEL: Final[Json] = {"span": 12}
_GRAPH: Final[Json] = {
    "bars": False, "fill": 1, "lines": True, "linewidth": 2, "percentage": False, "pointradius": 5,
    "points": False, "stack": False, "steppedLine": False,
}  # fmt: skip


def without_grafyaml(data: Any) -> Any:
    """A dashboard of grafyaml as Grafana gets it; any other data as it is."""
    dashboard = mapping(mapping(data).get("dashboard"))
    if not set(mapping(data)) <= _DOCUMENTS or not dashboard or "schemaVersion" in dashboard:
        return data
    written = dashboard.get("templating")
    variables = written if isinstance(written, list) else mapping(written).get("list", [])
    return {
        "timezone": "utc",
        **dashboard,
        "templating": {"list": variables},
        "rows": [_row(row) for row in mappings(dashboard.get("rows"))],
    }


def _row(row: Json) -> Json:
    panels = [_panel(panel) for panel in mappings(row.get("panels"))]
    return {"collapse": False, "showTitle": False, **row, "panels": panels}


def _panel(panel: Json) -> Json:
    if panel.get("type") != "graph":
        return {**_PANEL, **panel}
    legend = {"legend": {"show": False, **panel["legend"]}} if mapping(panel.get("legend")) else {}
    return {**_PANEL, **_GRAPH, **panel, **legend}
