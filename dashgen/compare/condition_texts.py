"""Conditions under which panels and sections are shown, and layouts that arrange themselves, in words."""

from collections.abc import Callable
from typing import Final

from dashgen.compare.change_texts import show
from dashgen.core.json_values import Json, mappings

_OPERATORS: Final = {
    "equals": "is",
    "notEquals": "is not",
    "matches": "matches",
    "notMatches": "does not match",
}
_JOINS: Final = {"or": " or "}


def condition_text(condition: Json) -> str:
    """A condition in its normal form: ``shown only when $tier is pro and it has data``; empty without one."""
    phrases = [_PHRASES.get(str(item.get("kind")), show)(item) for item in mappings(condition.get("items"))]
    if not phrases:
        return ""
    start = "hidden when" if condition.get("visibility") == "hide" else "shown only when"
    return f"{start} {_JOINS.get(str(condition.get('join')), ' and ').join(phrases)}"


def _variable(item: Json) -> str:
    operator = _OPERATORS.get(str(item.get("operator")), str(item.get("operator")))
    return f"${item.get('variable', '')} {operator} {show(item.get('value', ''))}"


def _data(item: Json) -> str:
    return "it has data" if item.get("value") else "it has no data"


def _time_range(item: Json) -> str:
    return f"the time range is at most {show(item.get('value', ''))}"


_PHRASES: Final[dict[str, Callable[[Json], str]]] = {
    "variable": _variable,
    "data": _data,
    "timeRange": _time_range,
}


def layout_text(layout: Json) -> str:
    """A layout in its normal form: ``3 columns``, ``2 columns 400 pixels wide, tall rows``."""
    columns = layout.get("columns", 3)
    text = f"{show(columns)} column{'s' * (columns != 1)}"
    width, height = layout.get("columnWidth"), layout.get("rowHeight")
    if width is not None:
        text += f" {_pixels(width)} wide" if isinstance(width, int | float) else f" of {show(width)} width"
    if height is not None:
        text += (
            f", rows {_pixels(height)} high" if isinstance(height, int | float) else f", {show(height)} rows"
        )
    return f"{text}, filling the screen" if layout.get("fill") else text


def _pixels(value: float) -> str:
    return f"{show(value)} pixels"
