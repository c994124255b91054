"""Compute expressions such as ``$A / $B > 5``. Source: pkg/expr/mathexp/{exp,parse/parse}.go of Grafana."""

from collections.abc import Callable, Mapping
from typing import Final

from dashgen.evaluate.grafana.expression_values import (
    ExpressionFailedError,
    ExpressionNumber,
    ExpressionSeries,
    ExpressionValue,
    ExpressionValues,
    MaybeNumber,
    mapped,
)
from dashgen.evaluate.grafana.math_operators import MATH_CONSTANTS, MATH_FUNCTIONS, computed, negated
from dashgen.evaluate.samples import Labels, label_key
from dashgen.query.math_expression import MathToken, math_tokens

_LEVELS: Final = (
    ("||",),
    ("&&",),
    ("==", "!=", ">", ">=", "<", "<="),
    ("+", "-"),
    ("*", "/", "%"),
    ("**",),
)
"""The binary operators, those that bind least first; all of them join from the left."""


def compute_math(expression: str, refs: Mapping[str, ExpressionValues]) -> ExpressionValues:
    """The values of an expression.

    Args:
        expression: the text; `math_fault` has nothing against it.
        refs: the values of the refs that it uses.

    Raises:
        ExpressionFailedError: a ref has no values because there is none of that name.
    """
    return _MathComputation(math_tokens(expression), refs).level(0)


class _MathComputation:
    """Computes while it reads, as an expression is short and computed once for each evaluation."""

    def __init__(self, tokens: list[MathToken], refs: Mapping[str, ExpressionValues]) -> None:
        self.tokens = tokens
        self.refs = refs
        self.index = 0

    def peek(self) -> str:
        return self.tokens[self.index].text if self.index < len(self.tokens) else ""

    def level(self, depth: int) -> ExpressionValues:
        """The operands of one level of operators, joined from the left."""
        if depth == len(_LEVELS):
            return self.factor()
        values = self.level(depth + 1)
        while (sign := self.peek()) in _LEVELS[depth]:
            self.index += 1
            values = _joined(sign, values, self.level(depth + 1))
        return values

    def factor(self) -> ExpressionValues:
        token = self.tokens[self.index]
        self.index += 1
        if token.text in {"!", "-"}:
            sign = token.text
            return [mapped(value, lambda number: negated(sign, number)) for value in self.factor()]
        if token.text == "(":
            values = self.level(0)
            self.index += 1
            return values
        return self.function(token.text) if token.kind == "function" else self.operand(token.text)

    def function(self, name: str) -> ExpressionValues:
        self.index += 1  # the opening parenthesis
        if name in MATH_CONSTANTS:
            self.index += 1
            return [ExpressionNumber({}, MATH_CONSTANTS[name])]
        values = self.level(0)
        self.index += 1
        return [mapped(value, MATH_FUNCTIONS[name]) for value in values]

    def operand(self, text: str) -> ExpressionValues:
        if not text.startswith("$"):
            number = float(int(text, 16)) if text[:2].lower() == "0x" else float(text)
            return [ExpressionNumber({}, number)]
        ref = text.strip("${}")
        if ref not in self.refs:
            raise ExpressionFailedError(f"there is no query `{ref}`")
        return self.refs[ref]


def _joined(sign: str, left: ExpressionValues, right: ExpressionValues) -> ExpressionValues:
    """The results of all pairs whose labels go together; without data on one side there are none."""
    pairs = [
        (one, other, labels)
        for one in left
        for other in right
        if (labels := _union_labels(one.labels, other.labels)) is not None
    ]
    if not pairs and len(left) == len(right) == 1:
        pairs = [(left[0], right[0], {})]

    def compute(first: MaybeNumber, second: MaybeNumber) -> MaybeNumber:
        return computed(sign, first, second)

    return [_combined(one, other, labels, compute) for one, other, labels in pairs]


def _union_labels(one: Labels, other: Labels) -> Labels | None:
    """The larger set of labels when it includes the other, or when that is empty; None if they differ."""
    left, right = {*label_key(one)}, {*label_key(other)}
    if left >= right:
        return one
    return other if right >= left else None


def _combined(
    one: ExpressionValue,
    other: ExpressionValue,
    labels: Labels,
    compute: Callable[[MaybeNumber, MaybeNumber], MaybeNumber],
) -> ExpressionValue:
    if isinstance(one, ExpressionNumber):
        if isinstance(other, ExpressionNumber):
            return ExpressionNumber(labels, compute(one.value, other.value))
        values = tuple(compute(one.value, number) for number in other.values)
        return ExpressionSeries(labels, other.times, values)
    if isinstance(other, ExpressionNumber):
        return ExpressionSeries(
            labels, one.times, tuple(compute(number, other.value) for number in one.values)
        )
    at = dict(zip(other.times, other.values, strict=True))
    points = [(time, compute(number, at[time])) for time, number in zip(one.times, one.values, strict=True)
              if time in at]  # fmt: skip
    return ExpressionSeries(labels, tuple(time for time, _ in points), tuple(number for _, number in points))
