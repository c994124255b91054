"""Thresholds."""

from typing import Any

from dashgen.migration.plain import as_json


def migrate_thresholds(thresholds: dict[str, Any]) -> dict[str, Any]:
    """Steps of a colour and a value; the first is the base and has none.

    Before: ``{"mode": "absolute", "steps": [{"color": "green", "index": 0, "line": true, "op": "gt",
    "value": "null", "yaxis": "left"}, …]}``
    After: ``{"mode": "absolute", "steps": [{"color": "green", "value": null}, …]}``
    """
    given = thresholds.get("steps") or ()
    steps: list[dict[str, Any]] = []
    for step in given:
        json = as_json(step)
        # The base step holds from minus infinity, whatever value it was given.
        steps.append({"color": as_text(json["color"]), "value": number(json.get("value")) if steps else None})
    mode = thresholds.get("mode") or "absolute"
    return {"mode": mode, "steps": steps or [{"color": "green", "value": None}]}


def as_text(color: Any) -> Any:
    """A colour, which may be one of grafanalib's objects."""
    return color if type(color) is str else color.to_json_data()


def number(value: Any) -> Any:
    """A number without a needless fraction: grafanalib insists on ``80.0``."""
    if isinstance(value, str):
        value = float(value) if value not in ("null", "") else 0
    return int(value) if isinstance(value, float) and value.is_integer() else value
