"""Queries."""

from dashgen.core.json_values import Json

_OF_GRAFANALIB = frozenset({"expr", "format", "instant", "intervalFactor", "legendFormat", "refId"})
"""Keys that grafanalib's Prometheus target writes, whatever it was given; fields of another plugin have a part of them."""


def migrate_target(target: Json) -> Json:
    """A query as its data source's editor writes it; only grafanalib's Prometheus target needs work.

    Before: ``{"expr": "up", "query": "up", "target": "", "metric": "", "step": 10, "intervalFactor": 2,
    "interval": "", "instant": false, …}``
    After: ``{"refId": "A", "expr": "up", "range": true, "instant": false, "editorMode": "code", …}``
    """
    if not target.keys() >= _OF_GRAFANALIB or "editorMode" in target:
        return {key: value for key, value in target.items() if value is not None}
    instant = target["instant"]
    migrated: Json = {
        "refId": target["refId"],
        "expr": target["expr"],
        "format": target["format"],
        "legendFormat": target["legendFormat"],
        "instant": instant,
        "range": target.get("range", not instant),
        "exemplar": target.get("exemplar", False),
        "editorMode": "code",
    }
    for key in ("datasource", "hide", "interval"):
        if target.get(key):
            migrated[key] = target[key]
    return migrated
