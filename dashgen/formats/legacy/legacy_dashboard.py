"""Whole dashboards from before schemaVersion 42."""

from collections.abc import Mapping
from typing import Any

from dashgen.formats.legacy.legacy_grid import number_panels, place_panels, rows_to_panels
from dashgen.formats.legacy.legacy_panels import modernise_panel
from dashgen.formats.legacy.legacy_references import References


def modernise(data: dict[str, Any], datasources: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Plain JSON of a grafanalib dashboard in the form that dashgen's own have before they are migrated.

    Before: ``{"rows": [{"title": "Latency", "panels": [{"span": 6, …}]}], "sharedCrosshair": true, …}``
    After: ``{"panels": [{"type": "row", …}, {"gridPos": {…}, …}], "graphTooltip": 1, …}``
    """
    references = References(datasources)
    panels = [*rows_to_panels(data.get("rows") or []), *(data.get("panels") or [])]
    panels = [modernise_panel(panel, references) for panel in panels]
    place_panels(panels)
    number_panels(panels)
    return {
        **data,
        "graphTooltip": data.get("graphTooltip") or int(bool(data.get("sharedCrosshair"))),
        "refresh": data.get("refresh") or "",
        "panels": panels,
        "templating": {"list": [references.resolved(item) for item in _list(data, "templating")]},
        "annotations": {"list": [references.resolved(item) for item in _list(data, "annotations")]},
    }


def _list(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return list((data.get(key) or {}).get("list") or [])
