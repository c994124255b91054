"""Thresholds."""

from typing import Any

from dashgen.core.json_values import Json, without_fraction

_GREEN = ({"color": "green", "value": None},)


def migrate_thresholds(thresholds: Json) -> Json:
    """Steps of a colour and a value; the first is the base and has none.

    Before: ``{"mode": "absolute", "steps": [{"color": "green", "index": 0, "line": true, "op": "gt",
    "value": "null", "yaxis": "left"}, …]}``
    After: ``{"mode": "absolute", "steps": [{"color": "green", "value": null}, …]}``
    """
    steps = [_step(step) for step in thresholds.get("steps") or _GREEN]
    # The base step holds from minus infinity, whatever value it was given.
    steps[0]["value"] = None
    return {"mode": thresholds.get("mode") or "absolute", "steps": steps}


def _step(step: Any) -> Json:
    if type(step) is not dict:
        step = step.to_json_data()
    color, value = step["color"], step.get("value")
    today: Json = {
        "color": color if type(color) is str else as_text(color),
        "value": value if type(value) is int else number(value),
    }
    # A variable that sets the value (Grafana 13.3).
    return {**today, "valueExpr": step["valueExpr"]} if step.get("valueExpr") else today


def as_text(color: Any) -> Any:
    """A colour, which may be one of grafanalib's objects."""
    return color if type(color) is str else color.to_json_data()


def number(value: Any) -> Any:
    """A number without a needless fraction: grafanalib insists on ``80.0``."""
    if type(value) is int or value is None:
        return value
    parsed = float(value) if value not in ("null", "") else 0.0
    return without_fraction(parsed)
