"""Dashboards and rules to compare."""

import copy
from typing import Any

from dashgen.compare import Change, Detail, Resource, Resources, compare
from dashgen.formats.normal.normal_dashboard import dashboard_resource

PROMETHEUS = {"type": "prometheus", "uid": "prometheus"}


def panel(number: int, title: str, **changes: Any) -> dict[str, Any]:
    """A time series of one query; ``x``, ``y``, ``w`` and ``h`` are its place."""
    place = {key: changes.pop(key, default) for key, default in (("x", 0), ("y", 0), ("w", 12), ("h", 8))}
    made = {
        "id": number,
        "type": "timeseries",
        "title": title,
        "datasource": PROMETHEUS,
        "gridPos": place,
        "targets": [
            {"refId": "A", "datasource": PROMETHEUS, "expr": f"sum(rate(metric_{number}_total[5m]))"}
        ],
        "fieldConfig": {"defaults": {"unit": "s"}, "overrides": []},
        "options": {"legend": {"placement": "bottom"}},
    }
    return {**made, **changes}


def row(number: int, title: str, y: int, **changes: Any) -> dict[str, Any]:
    """A row."""
    return {
        "id": number,
        "type": "row",
        "title": title,
        "gridPos": {"x": 0, "y": y, "w": 24, "h": 1},
        **changes,
    }


def dashboard(*panels: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A dashboard of panels."""
    made = {"uid": "shop", "title": "Shop", "schemaVersion": 42, "panels": list(panels)}
    return {**made, **changes}


def compared(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """The changes between two dashboards."""
    return compare(Resources([dashboard_resource(before)]), Resources([dashboard_resource(after)]))


def details(before: Resource, after: Resource) -> list[Detail]:
    """The details between two resources of which the one became the other."""
    found = compare(Resources([before]), Resources([after]))
    assert len(found) <= 1
    return [detail for change in found for detail in change.details]


def said(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The sentences between two dashboards, with their subjects."""
    found = details(dashboard_resource(before), dashboard_resource(after))
    return [f"{one.subject}: {one.sentence}" if one.subject else one.sentence for one in found]


def changed(data: Any, path: str, value: Any) -> Any:
    """A copy with the value at a dotted path set, or taken away when it is ``...``."""
    made = copy.deepcopy(data)
    inner = made
    *steps, last = path.split(".")
    for step in steps:
        inner = inner[int(step)] if isinstance(inner, list) else inner.setdefault(step, {})
    if isinstance(inner, list):
        last = int(last)
        inner += [None] * (last + 1 - len(inner))
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return made
