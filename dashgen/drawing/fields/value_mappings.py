"""What values are shown instead of themselves. Source: utils/valueMappings.ts of @grafana/data 12.4.3."""

import math
from collections.abc import Sequence

from dashgen.core.json_values import Json, mapping, text
from dashgen.drawing.fields.field_matchers import script_pattern
from dashgen.drawing.fields.frames import Cell, number_or_none
from dashgen.drawing.values.javascript_numbers import number_text


def mapped(mappings: Sequence[Json], value: Cell) -> Json | None:
    """The text, colour and icon that the first mapping for a value gives; None when none is for it."""
    for one in mappings:
        options = mapping(one.get("options"))
        result = _RESULTS.get(text(one.get("type")), _special)(options, value)
        if result is not None:
            return result
    return None


def cell_text(value: Cell) -> str:
    """A value as JavaScript makes a text of it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value)
    return "" if value is None else str(value)


def _by_value(options: Json, value: Cell) -> Json | None:
    return None if value is None else mapping(options.get(cell_text(value))) or None


def _by_range(options: Json, value: Cell) -> Json | None:
    number = number_or_none(value)
    if number is None and isinstance(value, str):
        number = _leading_number(value)
    if number is None:
        return None
    low, high = number_or_none(options.get("from")), number_or_none(options.get("to"))
    if (low is not None and number < low) or (high is not None and number > high):
        return None
    return mapping(options.get("result"))


def _leading_number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return None if math.isnan(number) else number


def _by_pattern(options: Json, value: Cell) -> Json | None:
    pattern = script_pattern(text(options.get("pattern")))
    if not isinstance(value, str) or pattern is None or not pattern.search(value):
        return None
    result = dict(mapping(options.get("result")))
    shown = result.get("text")
    if isinstance(shown, str):
        result["text"] = pattern.sub(lambda match: _with_groups(shown, match.groups()), value, count=1)
    return result


def _with_groups(pattern: str, groups: Sequence[str | None]) -> str:
    # References to groups are those of JavaScript.
    for number, group in enumerate(groups, start=1):
        pattern = pattern.replace(f"${number}", group or "")
    return pattern


def _special(options: Json, value: Cell) -> Json | None:
    is_nan = isinstance(value, float) and math.isnan(value)
    matches = {
        "null": value is None,
        "nan": is_nan,
        "null+nan": value is None or is_nan,
        "true": value is True or value == "true",
        "false": value is False or value == "false",
        "empty": value == "",
    }
    return mapping(options.get("result")) if matches.get(text(options.get("match"))) else None


_RESULTS = {"value": _by_value, "range": _by_range, "regex": _by_pattern, "special": _special}
