"""What the conversions of several old panel types share."""

from math import isfinite
from typing import Any

from dashgen.core.json_values import Json, without_fraction
from dashgen.formats.json_shapes import names

CALCS = {
    "avg": "mean", "count": "count", "current": "lastNotNull", "delta": "delta", "diff": "diff",
    "first": "firstNotNull", "max": "max", "min": "min", "name": "lastNotNull", "range": "range",
    "total": "sum",
}  # fmt: skip
_COMMON = names(
    "id title description datasource targets gridPos repeat repeatDirection maxPerRow interval",
    "maxDataPoints timeFrom timeShift hideTimeOverride transparent links transformations cacheTimeout",
)


def converted(
    panel: Json, kind: str, defaults: Json, options: Json, overrides: list[Json] | None = None
) -> Json:
    """A panel of another type with what all types have in common.

    Before: ``{"type": "graph", "id": 1, "gridPos": {…}, "targets": […], "lines": true, "fieldConfig": {…},
    …}``
    After: ``{"id": 1, "gridPos": {…}, "targets": […], "type": <kind>, "fieldConfig": {…},
    "options": <options>}``
    """
    common = {key: panel[key] for key in _COMMON if key in panel}
    # Grafana wrote an empty field configuration into old panels; their own options hold over what is in it.
    old = panel.get("fieldConfig") or {}
    old_defaults = {
        k: v for k, v in (old.get("defaults") or {}).items() if k != "thresholds" and v not in ("", {})
    }
    config = {
        "defaults": {**old_defaults, **defaults},
        "overrides": [*(old.get("overrides") or []), *(overrides or [])],
    }
    return {**common, "type": kind, "fieldConfig": config, "options": options}


def fixed(color: object) -> Json:
    """A fixed colour."""
    return {"mode": "fixed", "fixedColor": color}


def alias_colors(colors: Json | None) -> list[Json]:
    """Colours by series name as overrides.

    Before: ``{"errors": "red"}``
    After: ``[{"matcher": {"id": "byName", "options": "errors"}, "properties": [{"id": "color", …}]}]``
    """
    return [
        {"matcher": {"id": "byName", "options": name}, "properties": [{"id": "color", "value": fixed(color)}]}
        for name, color in (colors or {}).items()
    ]


def value_mappings(
    values: list[Json] | None, ranges: list[Json] | None, colors: Json | None = None
) -> list[Json]:
    """Value and range maps as Grafana's mappings.

    Before: ``[{"op": "=", "text": "N/A", "value": "null"}]``, ``[{"from": "1", "to": "5", "text": "low"}]``
    After: ``[{"type": "special", …}, {"type": "range", "options": {"from": 1, "to": 5, "result": {…}}}]``
    """
    mappings: list[Json] = []
    shown = colors or {}
    for index, item in enumerate([*(values or []), *(ranges or [])]):
        text = item.get("text", "")
        result = {"index": index, "text": text, **({"color": shown[text]} if text in shown else {})}
        if "from" in item:
            bounds = {key: number(item[key]) for key in ("from", "to") if number(item.get(key)) is not None}
            mappings.append({"type": "range", "options": {**bounds, "result": result}})
        elif item.get("value") == "null":
            mappings.append({"type": "special", "options": {"match": "null", "result": result}})
        else:
            mappings.append({"type": "value", "options": {str(item.get("value", "")): result}})
    return mappings


def number(value: Any) -> int | float | None:
    """A number from text, without a needless fraction; None for anything else."""
    try:
        parsed = float(value)
    except (TypeError, ValueError):
        return None
    return without_fraction(parsed) if isfinite(parsed) else None


def stepped(limits: str, colors: list[Any]) -> Json:
    """Thresholds from limits and one colour more than limits.

    Before: ``"5,10"``, ``["green", "orange", "red"]``
    After: ``{"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "orange",
    "value": 5}, …]}``
    """
    values = [limit for part in limits.split(",") if (limit := number(part)) is not None]
    # Too few colours: the last one goes on, as it did in the old panels.
    palette = [*(colors or ["green"]), *(colors[-1:] or ["red"]) * len(values)]
    bounds = [None, *values]
    return {
        "mode": "absolute",
        "steps": [{"color": color, "value": v} for color, v in zip(palette, bounds, strict=False)],
    }


def axis_scale(base: object) -> Json:
    """A linear or logarithmic axis."""
    return {"type": "log", "log": base} if base in (2, 10) else {"type": "linear"}
