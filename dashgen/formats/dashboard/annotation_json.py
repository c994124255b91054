"""Annotation queries."""

from typing import Any

BUILT_IN: dict[str, Any] = {
    "builtIn": 1,
    "datasource": {"type": "grafana", "uid": "-- Grafana --"},
    "enable": True,
    "hide": True,
    "iconColor": "rgba(0, 211, 255, 1)",
    "name": "Annotations & Alerts",
    "type": "dashboard",
}


def migrate_annotation(annotation: dict[str, Any]) -> dict[str, Any]:
    """An annotation query without nulls.

    Before: ``{"name": "Launches", "datasource": "loki", "limit": null, …}``
    After: ``{"name": "Launches", "datasource": {"type": "loki", "uid": "loki"}, "enable": true, "hide": false, …}``
    """
    annotation_json = {key: value for key, value in annotation.items() if value is not None}
    return {"enable": True, "hide": False, "iconColor": "red", **annotation_json}
