"""What the dashboard API adds, leaves out, turns into another version, and refuses."""

import json
from copy import deepcopy
from typing import Any

from tests.grafana.fake.classic_to_v2 import as_v2_spec
from tests.grafana.fake.v2_to_classic import LostElementError, as_v1_spec
from tests.grafana.fake.v2_versions import at_version, from_version

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


def converted(spec: dict[str, Any], stored_as: str, version: str) -> tuple[dict[str, Any], str]:
    """What a version shows of a dashboard that is stored at another one, and why that failed.

    (`normalizeConversion` in apps/dashboard/pkg/migration/conversion/conversion.go, commit 04e520d5: a conversion
    that fails is answered all the same, with an empty `spec` and the error in `status`.)
    """
    is_v2, to_v2 = stored_as.startswith("v2"), version.startswith("v2")
    if version == stored_as or (version == "v0alpha1" and not is_v2):
        return deepcopy(spec), ""
    if not is_v2:
        return (at_version(as_v2_spec(as_v1(spec)), version) if to_v2 else as_v1(spec)), ""
    plain = from_version(spec, stored_as)
    if to_v2:
        return at_version(plain, version), ""
    try:
        return as_v1_spec(plain), ""
    except LostElementError as error:
        return {"title": plain.get("title", "")}, f"failed to convert panels: {error}"


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
