"""Ids for rows and tabs of schema v2, which has none: those of the same ones in another dashboard."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from dashgen.core.json_values import Json, mappings
from dashgen.sync.pull.leaves import panel_pairs


def with_header_ids(data: Mapping[str, Any]) -> Json:
    """A dashboard whose rows and tabs all have ids; those that Grafana does not give are below zero."""
    free = count(-1, -1)
    panels = [
        {**one, "id": next(free)} if one.get("type") == "row" and not isinstance(one.get("id"), int) else one
        for one in mappings(data.get("panels"))
    ]
    return {**data, "panels": panels} if "panels" in data else dict(data)


def with_paired_headers(data: Mapping[str, Any], other: Mapping[str, Any]) -> Json:
    """A dashboard whose rows and tabs have the ids that the same ones have in another dashboard.

    Args:
        data: the dashboard.
        other: a dashboard whose rows and tabs have ids.
    """
    numbered = with_header_ids(data)
    if not any(_is_unknown(one) for one in numbered.get("panels", ())):
        return numbered
    ids = {new: old for old, new in panel_pairs(other, numbered).items()}
    panels = [
        {**one, "id": ids.get(one["id"], one["id"])} if _is_unknown(one) else one
        for one in numbered["panels"]
    ]
    return {**numbered, "panels": panels}


def _is_unknown(panel: Json) -> bool:
    number = panel.get("id")
    return panel.get("type") == "row" and isinstance(number, int) and number < 0
