"""Thresholds and reductions. Source: pkg/expr/threshold.go and pkg/expr/mathexp/reduce.go of Grafana 12.4."""

import math
from collections.abc import Callable, Sequence
from typing import Final

from dashgen.evaluate.grafana.expression_values import MaybeNumber

_Comparison = Callable[[float, Sequence[float]], bool]
THRESHOLDS: Final[dict[str, tuple[int, _Comparison]]] = {
    "gt": (1, lambda value, limits: value > limits[0]),
    "lt": (1, lambda value, limits: value < limits[0]),
    "eq": (1, lambda value, limits: value == limits[0]),
    "ne": (1, lambda value, limits: value != limits[0]),
    "gte": (1, lambda value, limits: value >= limits[0]),
    "lte": (1, lambda value, limits: value <= limits[0]),
    "within_range": (2, lambda value, limits: limits[0] < value < limits[1]),
    "outside_range": (2, lambda value, limits: value < limits[0] or value > limits[1]),
    "within_range_included": (2, lambda value, limits: limits[0] <= value <= limits[1]),
    "outside_range_included": (2, lambda value, limits: value <= limits[0] or value >= limits[1]),
}
"""The number of limits and the comparison of each type of threshold."""


def _first_nan(numbers: Sequence[MaybeNumber]) -> bool:
    return any(number is None or math.isnan(number) for number in numbers)


def _of_numbers(compute: Callable[[list[float]], float]) -> Callable[[Sequence[MaybeNumber]], MaybeNumber]:
    """A reduction that gives NaN where one of the numbers is null or NaN."""

    def reduce(numbers: Sequence[MaybeNumber]) -> MaybeNumber:
        return math.nan if _first_nan(numbers) else compute([n for n in numbers if n is not None])

    return reduce


def _or_nan(compute: Callable[[list[float]], float]) -> Callable[[Sequence[MaybeNumber]], MaybeNumber]:
    return _of_numbers(lambda numbers: compute(numbers) if numbers else math.nan)


def _median(numbers: list[float]) -> float:
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


REDUCERS: Final[dict[str, Callable[[Sequence[MaybeNumber]], MaybeNumber]]] = {
    "sum": _of_numbers(sum),
    "mean": _or_nan(lambda numbers: sum(numbers) / len(numbers)),
    "min": _or_nan(min),
    "max": _or_nan(max),
    "median": _or_nan(_median),
    "count": lambda numbers: float(len(numbers)),
    "last": lambda numbers: numbers[-1] if numbers else math.nan,
}
