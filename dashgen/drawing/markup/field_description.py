"""How the values of a field are written and coloured, for the script of a page (`value_formats.js`)."""

from collections.abc import Sequence
from typing import Final

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.drawing.fields.field_colors import (
    color_mode,
    continuous_stops,
    is_by_value,
    series_color,
)
from dashgen.drawing.fields.field_display import FieldDisplay
from dashgen.drawing.fields.frames import number_or_none
from dashgen.drawing.fields.thresholds import thresholds_of
from dashgen.drawing.values.value_formats import format_description, is_time_unit

_UNTRIMMED: Final = ("currency", "bool")
_FULL_BOUNDS: Final = (0.0, 100.0)


def field_description(display: FieldDisplay, *, is_percent: bool = False) -> Json:
    """The format, decimals, mappings and colours of a field.

    Texts of values that are no numbers are not described: a chart has them as they are shown.

    Args:
        display: of the field.
        is_percent: whether its values are shares of a stack, which are written as percentages.
    """
    unit = "percentunit" if is_percent else display.unit
    description: Json = {
        "format": format_description(unit),
        "color": series_color(display.field, display.theme),
        "isTrimmed": _is_trimmed(display, unit),
    }
    optional: Json = {
        "decimals": None if is_time_unit(unit) else display.decimals,
        "noValue": text(display.field.config.get("noValue")) or None,
        "mappings": _mappings(display) or None,
        "colors": _colors(display),
    }
    if is_time_unit(unit):
        optional |= {"now": display.clock.now_ms, "zone": display.clock.zone}
    return description | {name: value for name, value in optional.items() if value is not None}


def _is_trimmed(display: FieldDisplay, unit: str) -> bool:
    is_plain = not unit.startswith(_UNTRIMMED) and unit != "locale" and not is_time_unit(unit)
    return is_plain and display.decimals is None and display.field.kind == "number"


def _mappings(display: FieldDisplay) -> list[Json]:
    described = []
    for one in mappings(display.field.config.get("mappings")):
        options = mapping(one.get("options"))
        if one.get("type") == "value":
            described += [
                _mapping("value", mapping(result), display, value=key) for key, result in options.items()
            ]
        elif one.get("type") == "range":
            ends = {"from": number_or_none(options.get("from")), "to": number_or_none(options.get("to"))}
            described.append(_mapping("range", mapping(options.get("result")), display, **ends))
        elif one.get("type") == "special" and options.get("match") in {"null", "nan", "null+nan"}:
            described.append(_mapping(text(options.get("match")), mapping(options.get("result")), display))
    return described


def _mapping(kind: str, result: Json, display: FieldDisplay, **test: object) -> Json:
    color = text(result.get("color"))
    shown = {"text": result.get("text"), "color": display.theme.color(color) if color else None}
    return {"kind": kind} | {name: value for name, value in (test | shown).items() if value is not None}


def _colors(display: FieldDisplay) -> Json | None:
    # By value: steps with the value from which they are valid (None: from below), or stops between bounds.
    field, theme = display.field, display.theme
    if not is_by_value(field):
        return None
    bounds = field.bounds or _FULL_BOUNDS
    if color_mode(field) != "thresholds":
        return {"stops": continuous_stops(color_mode(field), theme), "bounds": list(bounds)}
    steps = thresholds_of(field.config).placed(bounds)
    return {"steps": [[finite_or_none(step.value), theme.color(step.color)] for step in steps]}


def finite_or_none(value: float) -> float | None:
    """A number that JSON can hold."""
    return value if abs(value) < float("inf") else None


def distinct(descriptions: Sequence[Json]) -> tuple[list[Json], list[int]]:
    """Each description once, and for each of those given the index of its own."""
    once: list[Json] = []
    places = []
    for one in descriptions:
        if one not in once:
            once.append(one)
        places.append(once.index(one))
    return once, places
