"""The shapes of binary operations, from the shapes of their operands."""

import operator
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from dashgen.query.promql.promql_names import COMPARISONS
from dashgen.query.promql.query_parts import same_observations
from dashgen.query.promql.value_shape import (
    UNKNOWN,
    NumberShape,
    QueryShape,
    Value,
    is_plain,
    is_same_kind,
    unit_word,
)

_COMPUTE: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
}
_ADDING: Final = frozenset({"+", "-", "or"})
_LEFT_SIDE: Final = frozenset({"and", "unless"})


def combine(
    symbol: str, left: Value, right: Value, *, returns_bool: bool, is_part: Callable[[], bool]
) -> Value:
    """The shape of a binary operation.

    Args:
        symbol: the operator as it is written.
        left: the shape of its left operand.
        right: the shape of its right operand.
        returns_bool: whether a comparison yields 0 and 1 in place of filtering.
        is_part: returns whether the left operand is a part of the right one; called only when that matters.
    """
    if isinstance(left, NumberShape) and isinstance(right, NumberShape):
        return NumberShape(_computed(symbol, left.value, right.value))
    # A comparison filters, and `and` and `unless` choose: the values are those of the left side.
    if symbol in COMPARISONS or symbol in _LEFT_SIDE:
        return UNKNOWN if returns_bool else _quantity(left, right)
    if symbol == "/":
        return _divided(left, right, is_part)
    if symbol == "*":
        return _multiplied(left, right)
    return _added(symbol, left, right)


def _added(symbol: str, left: Value, right: Value) -> Value:
    if isinstance(left, QueryShape) and isinstance(right, QueryShape):
        return _alike(left, right) if symbol in _ADDING else UNKNOWN
    return _quantity(left, right) if symbol in _ADDING or symbol == "%" else UNKNOWN


def _quantity(left: Value, right: Value) -> Value:
    return right if isinstance(left, NumberShape) else left


def _computed(symbol: str, left: float | None, right: float | None) -> float | None:
    if left is None or right is None or symbol not in _COMPUTE:
        return None
    try:
        return _COMPUTE[symbol](left, right)
    except ArithmeticError:
        return None


def _alike(left: QueryShape, right: QueryShape) -> QueryShape:
    """The shape of two quantities that are added, or of which one replaces the other (`or`)."""
    if left == right:
        return left
    # A sum of two metrics shows neither, but is of their common kind.
    common = replace(left, metric=None, divided=None)
    return common if common == replace(right, metric=None, divided=None) else UNKNOWN


def _multiplied(left: Value, right: Value) -> Value:
    for value, factor in ((left, right), (right, left)):
        if isinstance(value, NumberShape) or value == UNKNOWN:
            continue
        if isinstance(factor, NumberShape):
            return replace(value, scale=_computed("*", value.scale, factor.value))
        if factor.ratio or _is_information(factor):
            return replace(value, scale=_computed("*", value.scale, factor.scale))
    return UNKNOWN


def _is_information(factor: QueryShape) -> bool:
    """Whether a factor only adds labels: an info metric, whose value is always 1."""
    return is_plain(factor) and factor.metric is not None and factor.metric.endswith("_info")


def _divided(left: Value, right: Value, is_part: Callable[[], bool]) -> Value:
    if isinstance(left, NumberShape):
        return UNKNOWN
    if isinstance(right, NumberShape):
        return replace(left, scale=_computed("/", left.scale, right.value))
    above, below = left.metric, right.metric
    scale = _computed("/", left.scale, right.scale)
    same_kind = is_same_kind(left, right)
    # `rate(x_sum) / rate(x_count)` is the mean observation, in the unit of `x`.
    if same_kind and (family := _average(above, below)):
        return QueryShape(average_of=family, scale=scale)
    part = same_kind and (below is None or same_observations(above, below)) and is_part()
    return QueryShape(
        metric=above if above == below else None,
        ratio=part or (same_kind and _same_unit(left, right)),
        part_of_whole=part,
        divided=(above, below) if above is not None and below is not None else None,
        scale=scale,
    )


def _same_unit(left: QueryShape, right: QueryShape) -> bool:
    if left.count or left.ratio:
        return True
    above, below = left.metric or left.average_of, right.metric or right.average_of
    return above is not None and below is not None and unit_word(above) == unit_word(below)


def _average(above: str | None, below: str | None) -> str:
    """The histogram or summary whose sum is divided by its count; empty for other quotients."""
    if above is None or below is None or not above.endswith("_sum") or not below.endswith("_count"):
        return ""
    family = above.removesuffix("_sum")
    return family if family == below.removesuffix("_count") else ""
