"""Annotation queries."""

from dashgen.core.json_values import Json

BUILT_IN: Json = {
    "builtIn": 1,
    "datasource": {"type": "grafana", "uid": "-- Grafana --"},
    "enable": True,
    "hide": True,
    "iconColor": "rgba(0, 211, 255, 1)",
    "name": "Annotations & Alerts",
    "type": "dashboard",
}


def migrate_annotation(annotation: Json) -> Json:
    """An annotation query without nulls.

    Before: ``{"name": "Launches", "datasource": "loki", "limit": null, …}``
    After: ``{"name": "Launches", "datasource": {"type": "loki", "uid": "loki"}, "enable": true, "hide": false, …}``
    """
    annotation_json = {key: value for key, value in annotation.items() if value is not None}
    return {"enable": True, "hide": False, "iconColor": "red", **annotation_json}
