"""The values that queries and expressions pass on. Source: pkg/expr/mathexp/types.go of Grafana 12.4."""

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from dashgen.evaluate.samples import Labels, label_key

MaybeNumber: TypeAlias = float | None


class ExpressionNumber(Struct, frozen=True):
    """A number with labels; a scalar of a `math` expression has none. ``value`` is None for null."""

    labels: Labels
    value: MaybeNumber


class ExpressionSeries(Struct, frozen=True):
    """Numbers at times in milliseconds, with labels."""

    labels: Labels
    times: tuple[int, ...]
    values: tuple[MaybeNumber, ...]


ExpressionValue: TypeAlias = ExpressionNumber | ExpressionSeries
ExpressionValues: TypeAlias = list[ExpressionValue]
"""The values of one ref; an empty list is no data."""


class ExpressionFailedError(Exception):
    """Grafana cannot compute an expression: the rule is in its error state."""


def mapped(value: ExpressionValue, change: Callable[[MaybeNumber], MaybeNumber]) -> ExpressionValue:
    """A value with each of its numbers changed."""
    if isinstance(value, ExpressionNumber):
        return ExpressionNumber(value.labels, change(value.value))
    return ExpressionSeries(value.labels, value.times, tuple(change(number) for number in value.values))


def are_related(one: Labels, other: Labels) -> bool:
    """Whether the labels of one include those of the other."""
    keys = {*label_key(one)}, {*label_key(other)}
    return keys[0] <= keys[1] or keys[1] <= keys[0]
