"""Numbers of figures and tables as text."""

from typing import Final

from dashgen.drawing.values.value_formats import format_value
from dashgen.model.condition import format_number
from dashgen.model.settled_report import SettledFigure, SettledTable

WORDS: Final = "words"
"""The unit of numbers that have texts of their own: a difference of them means nothing."""
_NO_UNIT: Final = "short"


def number_text(number: float, part: SettledFigure | SettledTable) -> str:
    """A number as Grafana formats it, or the text that stands for it."""
    text = part.spec.texts.get(format_number(number))
    return text if text is not None else format_value(number, part.query.unit or _NO_UNIT, part.spec.decimals)


def unit_of(part: SettledFigure | SettledTable) -> str:
    """Grafana's unit of a number; without one it has K, Mil and Bil for thousands and more."""
    return WORDS if part.spec.texts else part.query.unit or _NO_UNIT
