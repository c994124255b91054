"""What the dashboard API adds, leaves out, turns into another version, and refuses."""

import json
from copy import deepcopy
from typing import Any

_BUILT_IN = {
    "builtIn": 1,
    "datasource": {"type": "grafana", "uid": "-- Grafana --"},
    "enable": True,
    "hide": True,
    "iconColor": "rgba(0, 211, 255, 1)",
    "name": "Annotations & Alerts",
    "type": "dashboard",
}
_DEFAULTS: dict[str, Any] = {
    "annotations": {"list": [_BUILT_IN]},
    "editable": True,
    "fiscalYearStartMonth": 0,
    "graphTooltip": 0,
    "links": [],
    "templating": {"list": []},
    "time": {"from": "now-6h", "to": "now"},
    "timepicker": {},
    "timezone": "",
    "weekStart": "",
}
_EMPTY_FIELDS: dict[str, Any] = {"defaults": {}, "overrides": []}
_REFRESHES = ["5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h", "2h", "1d"]
_NUMBER_NAMES = {int: "int", float: "float", bool: "bool", dict: "struct", list: "list", str: "string"}
_GRID = {"x": "0", "y": "0", "w": "12", "h": "9"}


def as_v1(spec: dict[str, Any]) -> dict[str, Any]:
    """A classic dashboard as ``v1beta1`` and ``v1`` show it: with defaults, without empty parts."""
    full = {**deepcopy(_DEFAULTS), **deepcopy(spec)}
    if isinstance(full.get("panels"), list):
        full["panels"] = [_panel(panel) if isinstance(panel, dict) else panel for panel in full["panels"]]
    return full


def _panel(panel: dict[str, Any]) -> dict[str, Any]:
    empty = {"options": {}, "fieldConfig": _EMPTY_FIELDS}
    return {key: value for key, value in panel.items() if not (key in empty and value == empty[key])}


def as_v2(spec: dict[str, Any]) -> dict[str, Any]:
    """A classic dashboard as ``v2beta1`` shows it, as far as plain panels in a grid go."""
    full = as_v1(spec)
    panels = full.get("panels", [])
    time = full["time"]
    return {
        "annotations": [_annotation(item) for item in full["annotations"]["list"]],
        "cursorSync": "Off",
        "editable": full["editable"],
        "elements": {f"panel-{panel['id']}": _element(panel) for panel in panels},
        "layout": {"kind": "GridLayout", "spec": {"items": [_item(panel) for panel in panels]}},
        "links": full["links"],
        "liveNow": False,
        "preload": False,
        "tags": full.get("tags", []),
        "timeSettings": {
            "timezone": full["timezone"],
            "from": time["from"],
            "to": time["to"],
            "autoRefresh": full.get("refresh", ""),
            "autoRefreshIntervals": _REFRESHES,
            "hideTimepicker": False,
            "fiscalYearStartMonth": full["fiscalYearStartMonth"],
        },
        "title": full.get("title", ""),
        "variables": [],
    }


def _query(group: str, uid: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "DataQuery",
        "group": group,
        "version": "v0",
        "datasource": {"name": uid},
        "spec": spec,
    }


def _annotation(item: dict[str, Any]) -> dict[str, Any]:
    source = item["datasource"]
    return {
        "kind": "AnnotationQuery",
        "spec": {
            "query": _query(source["type"], source["uid"], {}),
            **{key: item[key] for key in ("enable", "hide", "iconColor", "name")},
            "builtIn": bool(item.get("builtIn")),
            "legacyOptions": {"type": item["type"]},
        },
    }


def _element(panel: dict[str, Any]) -> dict[str, Any]:
    outside = ("refId", "datasource", "hide")
    queries = [
        {
            "kind": "PanelQuery",
            "spec": {
                "query": _query(
                    target["datasource"]["type"],
                    target["datasource"]["uid"],
                    {key: value for key, value in target.items() if key not in outside},
                ),
                "refId": target["refId"],
                "hidden": bool(target.get("hide")),
            },
        }
        for target in panel.get("targets", [])
    ]
    data = {"queries": queries, "transformations": [], "queryOptions": {}}
    looks = {"options": panel.get("options", {}), "fieldConfig": panel.get("fieldConfig", _EMPTY_FIELDS)}
    return {
        "kind": "Panel",
        "spec": {
            "id": panel["id"],
            "title": panel.get("title", ""),
            "description": panel.get("description", ""),
            "links": [],
            "data": {"kind": "QueryGroup", "spec": data},
            "vizConfig": {"kind": "VizConfig", "group": panel["type"], "version": "", "spec": looks},
        },
    }


def _item(panel: dict[str, Any]) -> dict[str, Any]:
    grid = panel.get("gridPos", {})
    return {
        "kind": "GridLayoutItem",
        "spec": {
            "x": grid.get("x", 0),
            "y": grid.get("y", 0),
            "width": grid.get("w", 6),
            "height": grid.get("h", 3),
            "element": {"kind": "ElementReference", "name": f"panel-{panel['id']}"},
        },
    }


def complaints(spec: dict[str, Any]) -> list[tuple[str, str]]:
    """What the strict validation refuses, as fields and messages; only the commonest kinds."""
    complaints_found: list[tuple[str, str]] = []
    if "tags" in spec and not isinstance(spec["tags"], list):
        complaints_found.append(("spec.tags", _clash(spec["tags"], "[...string]", "list")))
    complaints_found += [
        (f"spec.{key}", _clash(spec[key], "string", "string"))
        for key in ("title", "refresh", "description")
        if key in spec and not isinstance(spec[key], str)
    ]
    panels = spec.get("panels")
    for number, panel in enumerate(panels if isinstance(panels, list) else []):
        grid = panel.get("gridPos", {}) if isinstance(panel, dict) else {}
        for key, default in _GRID.items():
            if key in grid and not isinstance(grid[key], int):
                bounds = "int & >=0 & <=4294967295"
                field = f"spec.panels.{number}.gridPos.{key}"
                complaints_found.append((field, _clash(grid[key], default, "int")))
                complaints_found.append((field, _clash(grid[key], bounds, "int")))
    return complaints_found


def _clash(value: Any, expected: str, kind: str) -> str:
    actual = _NUMBER_NAMES[type(value)]
    return f"Invalid value: conflicting values {json.dumps(value)} and {expected} (mismatched types {actual} and {kind})"
