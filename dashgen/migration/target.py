"""Queries."""

from typing import Any

_PROMETHEUS = ("refId", "datasource", "expr", "format", "legendFormat")


def migrate_target(target: dict[str, Any]) -> dict[str, Any]:
    """A query as its data source's editor writes it; only grafanalib's Prometheus target needs work.

    Before: ``{"expr": "up", "query": "up", "target": "", "metric": "", "step": 10, "intervalFactor": 2,
    "interval": "", "instant": false, …}``
    After: ``{"refId": "A", "expr": "up", "range": true, "instant": false, "editorMode": "code", …}``
    """
    if "intervalFactor" not in target:
        return {key: value for key, value in target.items() if value is not None}
    instant = target["instant"]
    migrated: dict[str, Any] = {key: value for key in _PROMETHEUS if (value := target.get(key)) is not None}
    migrated["instant"] = instant
    migrated["range"] = target.get("range", not instant)
    migrated["exemplar"] = target.get("exemplar", False)
    migrated["editorMode"] = "code"
    if target["interval"]:
        migrated["interval"] = target["interval"]
    if target["hide"]:
        migrated["hide"] = True
    return migrated
