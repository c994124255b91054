"""The nodes of PromQL syntax trees, with the offsets of everything that is written.

Source: promql/parser/ast.go of Prometheus 3.14. Offsets count characters, and ``end`` is the offset after the
last one.
"""

import math
import operator
from collections.abc import Callable
from typing import ClassVar, Final, Literal

from msgspec import Struct

ValueType = Literal["vector", "scalar", "matrix", "string"]
"""What an expression yields: series, a number, a range of values, or a text."""


class PromQLNode(Struct, frozen=True, gc=False):
    """A part of an expression, from its first character to the one before ``end``.

    Trees have no cycles, so that the garbage collector need not visit them.
    """

    start: int
    end: int


class LabelName(PromQLNode, frozen=True, gc=False):
    """A label in `by (…)`, `on (…)` and the like; ``name`` is without quotes."""

    name: str


class SeriesMatcher(PromQLNode, frozen=True, gc=False):
    """A condition on a label.

    A metric name in quotes, `{"a.b"}`, is a matcher of ``__name__`` whose ``label_end`` is its start.

    Attributes:
        label: the label, without quotes.
        operator: ``=``, ``!=``, ``=~`` or ``!~``.
        value: the text that it is compared with, unquoted.
        label_end: the offset after the label, with its quotes.
        value_start: the offset of the value's opening quote; the value ends where the matcher does.
    """

    label: str
    operator: str
    value: str
    label_end: int
    value_start: int


class NumberLiteral(PromQLNode, frozen=True, gc=False):
    """A number, with its sign; a duration is its seconds, and ``is_duration`` is whether it has units."""

    val: float
    is_duration: bool = False
    type: ClassVar[ValueType] = "scalar"


class StringLiteral(PromQLNode, frozen=True, gc=False):
    """A text in quotes; ``val`` is unquoted."""

    val: str
    type: ClassVar[ValueType] = "string"


class DurationExpr(PromQLNode, frozen=True, gc=False):
    """A calculated duration, such as `5m * 2`.

    ``op`` is an operator, or ``step``, ``range``, ``min_of`` or ``max_of``; ``lhs`` is None for a sign, and
    both operands are None for ``step`` and ``range``.
    """

    op: str
    lhs: "Duration | None" = None
    rhs: "Duration | None" = None
    type: ClassVar[ValueType] = "scalar"


class ParenDuration(PromQLNode, frozen=True, gc=False):
    """A duration in parentheses."""

    expr: "Duration"
    type: ClassVar[ValueType] = "scalar"


Duration = NumberLiteral | DurationExpr | ParenDuration


class OffsetModifier(PromQLNode, frozen=True, gc=False):
    """`offset 1h`, from its word on; a negative one looks ahead."""

    duration: Duration


class AtModifier(PromQLNode, frozen=True, gc=False):
    """`@ 1700000000`, `@ start()` or `@ end()`: a Unix time, or None and the name of the function."""

    time: float | None
    function: Literal["", "start", "end"] = ""


class VectorSelector(PromQLNode, frozen=True, gc=False):
    """An instant selector, such as ``up{job="shop"}``.

    Attributes:
        name: the metric before the braces; empty without one.
        matchers: those between the braces, in order; a name in quotes there is among them.
        offset: `offset`, which may be written after the range.
        at: `@`, likewise.
        extension: ``anchored`` or ``smoothed``, likewise; mostly empty.
    """

    name: str
    matchers: tuple[SeriesMatcher, ...] = ()
    offset: OffsetModifier | None = None
    at: AtModifier | None = None
    extension: Literal["", "anchored", "smoothed"] = ""
    type: ClassVar[ValueType] = "vector"


class MatrixSelector(PromQLNode, frozen=True, gc=False):
    """A range selector, such as ``up[5m]``; the modifiers are those of its instant selector."""

    vector_selector: VectorSelector
    range: Duration
    type: ClassVar[ValueType] = "matrix"


class SubqueryExpr(PromQLNode, frozen=True, gc=False):
    """A subquery, such as ``(…)[1h:5m]``; ``step`` is None when the server chooses it."""

    expr: "Expr"
    range: Duration
    step: Duration | None = None
    offset: OffsetModifier | None = None
    at: AtModifier | None = None
    type: ClassVar[ValueType] = "matrix"


class ParenExpr(PromQLNode, frozen=True, gc=False):
    """An expression in parentheses."""

    expr: "Expr"
    type: ValueType


class UnaryExpr(PromQLNode, frozen=True, gc=False):
    """An expression with a sign; the sign of a number belongs to the number."""

    op: str
    expr: "Expr"
    type: ValueType


class GroupingClause(PromQLNode, frozen=True, gc=False):
    """`by (…)` or `without (…)` of an aggregation."""

    without: bool
    labels: tuple[LabelName, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The labels without their offsets."""
        return tuple([label.name for label in self.labels])


class AggregateExpr(PromQLNode, frozen=True, gc=False):
    """An aggregation, such as ``sum by (job) (…)``; ``op`` is in lower case, ``param`` is topk's number."""

    op: str
    expr: "Expr"
    param: "Expr | None" = None
    grouping: GroupingClause | None = None
    type: ClassVar[ValueType] = "vector"


class Call(PromQLNode, frozen=True, gc=False):
    """A call of a function."""

    name: str
    args: "tuple[Expr, ...]"
    type: ValueType


class SeriesMatching(PromQLNode, frozen=True, gc=False):
    """How the series of two operands find each other, from the clause's first word to its last character.

    Attributes:
        on: whether ``labels`` are those that are compared, not those that are ignored.
        labels: the labels of `on (…)` or `ignoring (…)`; None without such a clause.
        group: ``group_left`` when many series on the left match one on the right, ``group_right`` for the
            opposite, else empty.
        include: the labels in the parentheses of ``group_left`` or ``group_right``.
        fill_left: the value for series that are missing on the left, None when such series are dropped.
        fill_right: likewise on the right.
    """

    on: bool = False
    labels: tuple[LabelName, ...] | None = None
    group: Literal["", "group_left", "group_right"] = ""
    include: tuple[LabelName, ...] = ()
    fill_left: float | None = None
    fill_right: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The labels of `on` or `ignoring` without their offsets."""
        return tuple([label.name for label in self.labels or ()])

    @property
    def included(self) -> tuple[str, ...]:
        """The labels of ``group_left`` or ``group_right`` without their offsets."""
        return tuple([label.name for label in self.include])


class BinaryExpr(PromQLNode, frozen=True, gc=True):
    """A binary operation; ``op`` is in lower case, and ``op_start`` its offset.

    Chains of operators nest without a limit, and only what the garbage collector knows is freed without
    recursion.
    """

    op: str
    lhs: "Expr"
    rhs: "Expr"
    op_start: int
    type: ValueType
    return_bool: bool = False
    matching: SeriesMatching | None = None


Expr = (
    VectorSelector
    | MatrixSelector
    | SubqueryExpr
    | BinaryExpr
    | AggregateExpr
    | Call
    | ParenExpr
    | UnaryExpr
    | NumberLiteral
    | StringLiteral
)


_CALCULATIONS: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": math.fmod,
    "^": math.pow,
    "min_of": min,
    "max_of": max,
}


def metric_matcher(node: VectorSelector) -> SeriesMatcher | None:
    """The matcher between the braces that names the metric, as `{"a.b"}` or `{__name__="a"}`."""
    named = (matcher for matcher in node.matchers if matcher.label == "__name__")
    return next((matcher for matcher in named if matcher.operator == "="), None)


def metric_name(node: VectorSelector) -> str | None:
    """The name of the selected metric, before the braces or in them; None without one."""
    if node.name:
        return node.name
    matcher = metric_matcher(node) if node.matchers else None
    return None if matcher is None else matcher.value


def metric_start(node: VectorSelector) -> int:
    """The offset of the metric's name, without a quote before it; -1 when it is not written."""
    if node.name:
        return node.start
    matcher = metric_matcher(node)
    return -1 if matcher is None else matcher.value_start + 1


def seconds_of(duration: Duration | None) -> float | None:
    """The seconds of a duration; None when they depend on the panel, as those of `step()` do."""
    if isinstance(duration, NumberLiteral):
        return duration.val
    if isinstance(duration, ParenDuration):
        return seconds_of(duration.expr)
    return None if duration is None else _calculated(duration)


def _calculated(duration: DurationExpr) -> float | None:
    right = seconds_of(duration.rhs)
    if right is None or duration.lhs is None:
        return -right if right is not None and duration.op == "-" else right
    left = seconds_of(duration.lhs)
    if left is None:
        return None
    try:
        return float(_CALCULATIONS[duration.op](left, right))
    except (ArithmeticError, ValueError):  # division by zero, and the root of a negative number
        return None
