"""Rows of values over steps: computed value by value where both sides have one."""

import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple, cast

from dashgen.evaluate.promql.arithmetic_operators import ARITHMETIC, COMPARING
from dashgen.evaluate.samples import (
    NAME,
    EvaluationFailedError,
    LabelKey,
    Labels,
    Rows,
    RowValues,
    SeriesRow,
    label_key,
)

_QUICK: Final[dict[str, Callable[[float, float], float]]] = {"/": operator.truediv}
"""What Python computes as Go does, or else raises an error."""


class ScalarRow(NamedTuple):
    """A number at each step."""

    values: list[float]


def is_full(values: Sequence[float | None]) -> bool:
    """Whether there is a value at each step."""
    return None not in values


def present_rows(rows: Iterable[SeriesRow]) -> Rows:
    """The rows that have any value."""
    return [row for row in rows if row.values.count(None) < len(row.values)]


def without_name(labels: Labels) -> Labels:
    """The labels without the name of the metric."""
    return {name: value for name, value in labels.items() if name != NAME} if NAME in labels else labels


def mapped_values(compute: Callable[[float], float], values: RowValues) -> RowValues:
    """A function of each value that is there."""
    return [None if value is None else float(compute(value)) for value in values]


def combined_values(sign: str, left: RowValues, right: RowValues) -> RowValues:
    """An operation at each step that has both values; a comparison gives the left one where it holds."""
    if sign in COMPARING:
        compare = COMPARING[sign]
        return [
            one if one is not None and other is not None and compare(one, other) else None
            for one, other in zip(left, right, strict=True)
        ]
    compute = ARITHMETIC[sign]
    if None in left or None in right:
        return [
            None if one is None or other is None else compute(one, other)
            for one, other in zip(left, right, strict=True)
        ]
    numbers, others = cast("list[float]", left), cast("list[float]", right)
    try:
        return [*map(_QUICK.get(sign, compute), numbers, others)]
    except ZeroDivisionError:
        return [*map(compute, numbers, others)]


def compared_values(sign: str, left: RowValues, right: RowValues) -> RowValues:
    """1 where a comparison holds and 0 where it does not (`bool`)."""
    compare = COMPARING[sign]
    return [
        None if one is None or other is None else float(compare(one, other))
        for one, other in zip(left, right, strict=True)
    ]


def masked_values(values: RowValues, mask: Iterable[bool]) -> RowValues:
    """The values of the steps that a mask has."""
    return [value if is_kept else None for value, is_kept in zip(values, mask, strict=True)]


def presence(rows: Iterable[SeriesRow], steps: int) -> list[bool]:
    """At which steps any of the rows has a value."""
    present = [False] * steps
    for row in rows:
        if is_full(row.values):
            return [True] * steps
        present = [
            before or value is not None for before, value in zip(present, row.values, strict=True)
        ]  # fmt: skip
    return present


def distinct_rows(rows: Rows) -> Rows:
    """The rows that have values, those of the same labels as one.

    Raises:
        EvaluationFailedError: two of them have the same labels and values at the same step.
    """
    rows = present_rows(rows)
    if len(rows) < 2:
        return rows
    by_labels: dict[LabelKey, SeriesRow] = {}
    for row in rows:
        key = label_key(row.labels)
        other = by_labels.get(key)
        by_labels[key] = row if other is None else SeriesRow(other.labels, _merged(other.values, row.values))
    return rows if len(by_labels) == len(rows) else list(by_labels.values())


def _merged(values: RowValues, others: RowValues) -> RowValues:
    if any(one is not None and other is not None for one, other in zip(values, others, strict=True)):
        raise EvaluationFailedError("the result has several series with the same labels")
    return [other if one is None else one for one, other in zip(values, others, strict=True)]
