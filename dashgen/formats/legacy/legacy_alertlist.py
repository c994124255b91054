"""Convert the alert list of Grafana 7.

Source: ``alertListPanelMigrationHandler`` in ``public/app/plugins/panel/alertlist`` of Grafana 9 (what is an
option holds over what stands beside the options), and the options of ``module.tsx`` there in Grafana 12.
"""

from typing import Any

from dashgen.core.json_values import Json
from dashgen.formats.legacy.legacy_values import converted

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
_REMOVED = ("dashboardTitle", "folderId", "showOptions", "tags")
_DEFAULTS: Json = {
    "alertInstanceLabelFilter": "", "alertName": "", "dashboardAlerts": False, "datasource": "",
    "groupBy": [],
    "groupMode": "default", "maxItems": 10, "showInactiveAlerts": False, "showInstances": False,
    "sortOrder": 1,
    "viewMode": "list",
}  # fmt: skip


def alertlist(panel: Json) -> Json:
    """Today's alert list; one that is of today already stays as it is.

    Before: ``{"limit": 10, "onlyAlertsOnDashboard": true, "stateFilter": ["alerting"], "show": "current",
    …}``
    After: ``{"options": {"maxItems": 10, "dashboardAlerts": true, "stateFilter": {"firing": true, …}, …},
    …}``
    """
    old_options = panel.get("options")
    options: Json = dict(old_options) if isinstance(old_options, dict) else {}
    states = options.get("stateFilter", panel.get("stateFilter"))
    is_old = any(key in panel for key in (*_OLD, "show", "stateFilter"))
    if not is_old and not _has_old_states(states) and not any(key in options for key in _REMOVED):
        return panel
    # Filters by folder and tags of dashboards are left out: alert rules of today belong to no dashboard.
    moved = {new: panel[old] for old, new in _OLD.items() if panel.get(old) is not None}
    migrated = {
        **_DEFAULTS,
        **moved,
        **{k: v for k, v in options.items() if v is not None and k not in _REMOVED},
    }
    migrated["stateFilter"] = _states(states)
    return converted(panel, "alertlist", {}, migrated)


def _has_old_states(states: object) -> bool:
    return isinstance(states, list) or (
        isinstance(states, dict) and any(s in states for s in _STATES if s != "pending")
    )


def _states(old_states: Any) -> Json:
    """The states by their names of today; all of them where none is named.

    Before: ``["alerting", "no_data"]``, or ``{"alerting": true, "ok": false}``
    After: ``{"firing": true, "noData": true, "normal": false, …}``
    """
    # The old names are in a list, or in a mapping of switches.
    if isinstance(old_states, dict):
        if set(old_states) & set(_ALL) and not _has_old_states(old_states):
            return dict(old_states)
        old_states = [state for state, on in old_states.items() if on]
    shown = {_STATES.get(state, state) for state in old_states or () if isinstance(state, str)}
    return {state: not shown or state in shown for state in _ALL}
