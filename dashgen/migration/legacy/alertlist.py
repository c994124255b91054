"""The alert list of Grafana 7 becomes today's."""

from dashgen.migration.legacy.shared import Json, converted

_STATES = {
    "alerting": "firing",
    "execution_error": "error",
    "no_data": "noData",
    "ok": "normal",
    "pending": "pending",
}
_ALL = ("error", "firing", "noData", "normal", "pending", "recovering")


def alertlist(panel: Json) -> Json:
    """Today's alert list; one that is of today already stays. Tags of dashboards have nothing to become.

    Before: ``{"limit": 10, "onlyAlertsOnDashboard": true, "stateFilter": ["alerting"], "show": "current", …}``
    After: ``{"options": {"maxItems": 10, "dashboardAlerts": true, "stateFilter": {"firing": true, …}, …}, …}``
    """
    if "show" not in panel:
        return panel
    wanted = {_STATES[state] for state in panel.get("stateFilter") or () if state in _STATES}
    name = (panel.get("options") or {}).get("alertName") or panel.get("nameFilter") or ""
    options = {
        "alertInstanceLabelFilter": "",
        "alertName": name,
        "dashboardAlerts": panel.get("onlyAlertsOnDashboard", True),
        "datasource": "",
        "groupBy": [],
        "groupMode": "default",
        "maxItems": panel.get("limit", 10),
        "showInactiveAlerts": False,
        "showInstances": False,
        "sortOrder": panel.get("sortOrder", 1),
        "stateFilter": {state: not wanted or state in wanted for state in _ALL},
        "viewMode": "list",
    }
    return converted(panel, "alertlist", {}, options)
