"""Many values of a field as one. Source: transformations/fieldReducer.ts of @grafana/data 12.4.3."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.fields.frames import Cell, Field, number_or_none
from dashgen.drawing.values.javascript_numbers import rounded

_PERCENTILE = lazy_pattern(r"p([1-9]\d?)")
_ALIASES = {"current": "lastNotNull", "avg": "mean", "total": "sum"}
REDUCER_NAMES: Final = {
    "lastNotNull": "Last *", "last": "Last", "firstNotNull": "First *", "first": "First", "min": "Min",
    "max": "Max", "mean": "Mean", "median": "Median", "variance": "Variance", "stdDev": "StdDev",
    "sum": "Total", "count": "Count", "countAll": "Count all", "range": "Range", "delta": "Delta",
    "step": "Step", "diff": "Difference", "logmin": "Min (above zero)", "allIsZero": "All Zeros",
    "allIsNull": "All Nulls", "changeCount": "Change Count", "distinctCount": "Distinct Count",
    "diffperc": "Difference percent", "allValues": "All values", "uniqueValues": "All unique values",
}  # fmt: skip
"""What viewers see for each calculation."""
WITHOUT_UNIT: Final = frozenset({"count", "countAll", "changeCount", "distinctCount"})
"""Calculations that count, whose results do not have the unit of the values."""


def reducer_name(calc: str) -> str:
    """What viewers see for a calculation, also for a percentile."""
    calc = _ALIASES.get(calc, calc)
    if match := _PERCENTILE.fullmatch(calc):
        number = int(match[1])
        ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number // 10 != 1 else 0, "th")
        return f"{number}{ending} %"
    return REDUCER_NAMES.get(calc, calc)


def reduce_field(field: Field, calc: str) -> Cell:
    """One value for a field; see `reduce_values`."""
    return reduce_values(field.values, calc)


def reduce_values(values: Sequence[Cell], calc: str) -> Cell:
    """One value for many.

    Args:
        values: cells of a field; None is one that is missing.
        calc: a calculation of Grafana's: `lastNotNull`, `mean`, `p95`, …

    Returns:
        The value; None when there is none, or no such calculation.
    """
    calc = _ALIASES.get(calc, calc)
    if calc in {"changeCount", "distinctCount"} and not values:
        return None
    if calc in _OF_CELLS:
        return _OF_CELLS[calc](values)
    numbers = [number for value in values if (number := number_or_none(value)) is not None]
    if match := _PERCENTILE.fullmatch(calc):
        return sorted(numbers)[int(rounded((len(numbers) - 1) * int(match[1]) / 100))] if numbers else None
    if calc == "sum":
        return math.fsum(numbers) if len(numbers) < 2 else sum(numbers)
    if calc not in _OF_NUMBERS or not numbers:
        return 0.0 if calc in {"variance", "stdDev", "delta", "diffperc"} and values else None
    return _OF_NUMBERS[calc](numbers)


def reduced_number(values: Sequence[Cell], calc: str) -> float | None:
    """One number for many values; None when the calculation gives none."""
    return number_or_none(reduce_values(values, calc))


def _is_there(value: Cell) -> bool:
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def _first_there(values: Sequence[Cell]) -> Cell:
    return next((value for value in values if _is_there(value)), None)


def _changes(values: Sequence[Cell]) -> int:
    present = [value for value in values if value is not None]
    return sum(one != other for one, other in pairwise(present))


def _distinct(values: Sequence[Cell]) -> list[Cell]:
    return list({repr(value): value for value in values if value is not None}.values())


def _every_value(values: Sequence[Cell]) -> Cell:
    return list(values)


def _delta(numbers: Sequence[float]) -> float:
    # What a counter grew by; a fall is a restart, after which the first rise does not count.
    total, was_up = 0.0, True
    for before, value in pairwise(numbers):
        if before > value:
            was_up = False
            continue
        total += (value - before) if was_up else 0.0
        was_up = True
    return total


def _variance(numbers: Sequence[float]) -> float:
    mean = sum(numbers) / len(numbers)
    return math.fsum((number - mean) ** 2 for number in numbers) / len(numbers)


def _median(numbers: Sequence[float]) -> float:
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _percent_difference(numbers: Sequence[float]) -> float:
    if numbers[0] == 0:
        return math.nan if numbers[-1] == 0 else math.copysign(math.inf, numbers[-1])
    return (numbers[-1] - numbers[0]) / numbers[0] * 100


_OF_CELLS: Final[dict[str, Callable[[Sequence[Cell]], Cell]]] = {
    "lastNotNull": lambda values: _first_there(values[::-1]),
    "last": lambda values: values[-1] if values else None,
    "firstNotNull": _first_there,
    "first": lambda values: values[0] if values else None,
    "count": lambda values: sum(value is not None for value in values),
    "countAll": len,
    "changeCount": _changes,
    "distinctCount": lambda values: len(_distinct(values)),
    "allIsNull": lambda values: not any(_is_there(value) for value in values),
    "allIsZero": lambda values: (
        any(_is_there(value) for value in values) and not any(_is_there(value) and value for value in values)
    ),
    "allValues": _every_value,
    "uniqueValues": lambda values: list({repr(value): value for value in values}.values()),
}
_OF_NUMBERS: Final[dict[str, Callable[[Sequence[float]], float | None]]] = {
    "min": min,
    "max": max,
    "mean": lambda numbers: sum(numbers) / len(numbers),
    "median": _median,
    "variance": _variance,
    "stdDev": lambda numbers: math.sqrt(_variance(numbers)),
    "range": lambda numbers: max(numbers) - min(numbers),
    "diff": lambda numbers: numbers[-1] - numbers[0],
    "diffperc": _percent_difference,
    "delta": _delta,
    "step": lambda numbers: min((after - before for before, after in pairwise(numbers)), default=None),
    "logmin": lambda numbers: min((number for number in numbers if number > 0), default=None),
}
