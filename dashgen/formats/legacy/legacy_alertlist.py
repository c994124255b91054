"""The alert list of Grafana 7 becomes today's.

Source: ``alertListPanelMigrationHandler`` in ``public/app/plugins/panel/alertlist`` of Grafana 9 (what is an option holds
over what stands beside the options), and the options of ``module.tsx`` there in Grafana 12.
"""

from typing import Any

from dashgen.formats.legacy.legacy_values import Json, converted

_STATES = {
    "alerting": "firing",
    "execution_error": "error",
    "no_data": "noData",
    "ok": "normal",
    "pending": "pending",
}
_ALL = ("error", "firing", "noData", "normal", "pending", "recovering")
_OLD = {
    "limit": "maxItems",
    "nameFilter": "alertName",
    "onlyAlertsOnDashboard": "dashboardAlerts",
    "sortOrder": "sortOrder",
}
_GONE = ("dashboardTitle", "folderId", "showOptions", "tags")
_DEFAULTS: Json = {
    "alertInstanceLabelFilter": "", "alertName": "", "dashboardAlerts": False, "datasource": "", "groupBy": [],
    "groupMode": "default", "maxItems": 10, "showInactiveAlerts": False, "showInstances": False, "sortOrder": 1,
    "viewMode": "list",
}  # fmt: skip


def alertlist(panel: Json) -> Json:
    """Today's alert list; one that is of today already stays. Tags of dashboards have nothing to become.

    Before: ``{"limit": 10, "onlyAlertsOnDashboard": true, "stateFilter": ["alerting"], "show": "current", …}``
    After: ``{"options": {"maxItems": 10, "dashboardAlerts": true, "stateFilter": {"firing": true, …}, …}, …}``
    """
    given = panel.get("options")
    options: Json = dict(given) if isinstance(given, dict) else {}
    states = options.get("stateFilter", panel.get("stateFilter"))
    is_old = any(key in panel for key in (*_OLD, "show", "stateFilter"))
    if not is_old and not _has_old_states(states) and not any(key in options for key in _GONE):
        return panel
    moved = {new: panel[old] for old, new in _OLD.items() if panel.get(old) is not None}
    made = {**_DEFAULTS, **moved, **{k: v for k, v in options.items() if v is not None and k not in _GONE}}
    made["stateFilter"] = _states(states)
    return converted(panel, "alertlist", {}, made)


def _has_old_states(states: Any) -> bool:
    return isinstance(states, list) or (
        isinstance(states, dict) and any(s in states for s in _STATES if s != "pending")
    )


def _states(given: Any) -> Json:
    """The states by their names of today; all of them where none is named."""
    if isinstance(given, dict):
        if set(given) & set(_ALL) and not _has_old_states(given):
            return dict(given)
        given = [state for state, on in given.items() if on]
    wanted = {_STATES.get(state, state) for state in given or () if isinstance(state, str)}
    return {state: not wanted or state in wanted for state in _ALL}
