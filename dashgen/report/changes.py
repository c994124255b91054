"""How values of two periods differ, as numbers and as words."""

import math
from collections.abc import Callable
from typing import Final

from dashgen.model.condition import Condition, Kind
from dashgen.report.number_texts import WORDS
from dashgen.report.report_result import FigureChange, Value

Formatter = Callable[[float], str]
SHARES: Final = frozenset(("percent", "percentunit"))
_WORDS: Final = {
    "day before": "the day before",
    "same weekday last week": "the same weekday last week",
    "week before": "the week before",
    "four weeks before": "four weeks before",
}
_LEAST_SHARE: Final = 0.05
_SAME: Final = "±0"
_HUGE: Final = 10_000


def change_of(value: Value, before: Value, word: str, better: str, unit: str) -> FigureChange:
    """How a value differs from an earlier one.

    Args:
        value: the value of the period.
        before: the value of the earlier period.
        word: the earlier period, as specs have it.
        better: ``higher`` or ``lower``; empty when neither is good news.
        unit: Grafana's unit; of shares the difference is in points.
    """
    other = _WORDS[word]
    if value.number is None or before.number is None:
        reason = "the query failed for" if before.failed else "no data for"
        # When the value itself is missing there is nothing to compare, and that is said already.
        sentence = f"{reason} {other}" if value.number is not None else ""
        return FigureChange(word, before, sentence=sentence)
    difference = value.number - before.number
    text, sentence = _texts(difference, before, other, unit)
    if text.startswith(_SAME) or unit == WORDS:
        return FigureChange(word, before, text, sentence)
    is_more = difference > 0
    is_good = is_more == (better == "higher") if better else None
    return FigureChange(word, before, text, sentence, 1 if is_more else -1, is_good)


def incomplete_change(before: Value, word: str) -> FigureChange:
    """The change since a period of which data is missing: a difference to a part of it would mean nothing."""
    sentence = f"{before.text} {_WORDS[word]}, of which data is missing"
    return FigureChange(word, before, sentence=sentence, incomplete=True)


def _texts(difference: float, before: Value, other: str, unit: str) -> tuple[str, str]:
    """A difference as text and as a part of a sentence."""
    if not difference:
        return _SAME, f"the same as {other}"
    if unit == WORDS:
        return "", f"{before.text} {other}"
    amount, is_small = _amount(difference, before.number or 0.0, unit)
    if not amount:
        # Nothing can be divided by zero: how much there was says it all.
        return "", f"{before.text} {other}"
    if is_small:
        return f"{_SAME} {amount.partition(' ')[2]}", f"about the same as {other}"
    more = "more" if difference > 0 else "less"
    return f"{_sign(difference)}{amount}", f"{amount} {more} than {other}"


def _amount(difference: float, before: float, unit: str) -> tuple[str, bool]:
    """The size of a difference in points or percent, and whether it is too small to matter.

    Empty where it has no size: since zero, or too many times as much.
    """
    if unit in SHARES:
        points = abs(difference) * (100 if unit == "percentunit" else 1)
        digits = _digits(points)
        return f"{digits} {'point' if digits == '1' else 'points'}", points < _LEAST_SHARE
    share = abs(difference / before) * 100 if before else math.inf
    return (f"{_digits(share)} %" if share < _HUGE else ""), share < _LEAST_SHARE


def _sign(difference: float) -> str:
    return "+" if difference > 0 else "\N{MINUS SIGN}"


def _digits(number: float) -> str:
    """A number with as many digits as somebody reads: 0.04, 0.4, 3.2, 12."""
    if number >= 9.95:
        return f"{number:,.0f}"
    text = f"{number:.1f}".removesuffix(".0")
    return text if text != "0" else f"{number:.1g}"


def target_text(condition: Condition, write: Formatter) -> str:
    """A target as words, its numbers in the unit of the figure."""
    numbers = [write(number) for number in condition.values]
    comparisons = {Kind.OUTSIDE: "outside", Kind.BETWEEN: "between", Kind.EQUALS: ""}
    return f"{comparisons.get(condition.kind, str(condition.kind))} {' and '.join(numbers)}".strip()
