"""Move options that were beside ``options`` before Grafana 7, where Grafana's plugins still look for them."""

from typing import Any

from dashgen.core.json_values import Json, mapping
from dashgen.formats.panel_options import DASHLIST_KEYS

_TEXT_MOVED = 7.1
_FIRST = 6.1


def text_panel(panel: Json) -> Json:
    """A text panel with its text among its options.

    Before: ``{"type": "text", "mode": "html", "content": "<b>Shop</b>"}``
    After: ``{"type": "text", "options": {"mode": "html", "content": "<b>Shop</b>"}}``

    Source: ``textPanelMigrationHandler`` in ``public/app/plugins/panel/text`` of Grafana 12.
    """
    options = mapping(panel.get("options"))
    old = {key: panel[key] for key in ("content", "mode") if isinstance(panel.get(key), str)}
    rest = {key: value for key, value in panel.items() if key not in ("content", "mode")}
    # A panel that Grafana 7.1 or later saved may have kept an old text beside the options, which nobody sees.
    if len(old) == 2 and _version(panel) < _TEXT_MOVED:
        return {**rest, "options": {**options, **old}}
    return {**rest, "options": {**old, **options}}


def dashboard_list(panel: Json) -> Json:
    """A list of dashboards with its search among its options.

    Before: ``{"type": "dashlist", "search": true, "limit": 5}``
    After: ``{"type": "dashlist", "options": {"showSearch": true, "maxItems": 5}}``

    Source: ``dashlistMigrationHandler`` in ``public/app/plugins/panel/dashlist`` of Grafana 12.
    """
    old = {new: panel[key] for key, new in DASHLIST_KEYS.items() if panel.get(key) is not None}
    rest = {key: value for key, value in panel.items() if key not in DASHLIST_KEYS}
    return {**rest, "options": {**old, **mapping(panel.get("options"))}}


def _version(panel: Json) -> float:
    """The version of the Grafana that saved a panel, as ``parseFloat`` reads it: ``7.0.3`` is 7.0."""
    parts: Any = str(panel.get("pluginVersion") or _FIRST).split(".")
    try:
        return float(".".join(parts[:2]))
    except ValueError:
        return _FIRST
