"""Whether one PromQL expression is a part of another, so that their quotient is a share between 0 and 1."""

from typing import Final, NamedTuple

from dashgen.query.promql.promql_names import COMPARISONS
from dashgen.query.promql.promql_nodes import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    MatrixSelector,
    NumberLiteral,
    ParenExpr,
    StringLiteral,
    SubqueryExpr,
    UnaryExpr,
    VectorSelector,
)
from dashgen.query.promql.promql_writer import (
    duration_text,
    modifiers_text,
    promql_text,
    subquery_brackets,
)
from dashgen.query.promql.syntax_tree import Visitor

_ADDITIVE: Final = frozenset({"count", "rate", "irate", "increase", "sum_over_time", "count_over_time"})


class _Selection(NamedTuple):
    """What an expression adds up: a metric with conditions, the functions applied to it, and a filter."""

    name: str
    conditions: frozenset[tuple[str, str, str]]
    steps: tuple[object, ...]
    is_filtered: bool


def is_part(part: Expr, whole: Expr) -> bool:
    """Whether the first expression adds up a part of what the second adds up.

    This is so for a selector with more label matchers than the other, and for one term of a sum.
    """
    whole = _unwrapped(whole)
    # `a / (a + b)`: terms are compared as text in one notation.
    if isinstance(whole, BinaryExpr) and whole.op == "+":
        # A term is no longer than its sum; looking first keeps a chain of quotients linear.
        is_short = part.end - part.start <= whole.end - whole.start
        return is_short and promql_text(_unwrapped(part)) in _terms(whole)
    part_selection, whole_selection = _SUMS.visit(part), _SUMS.visit(whole)
    if part_selection is None or whole_selection is None or whole_selection.is_filtered:
        return False
    # More conditions on the same series, treated the same way, select a part of them.
    return (
        same_observations(part_selection.name, whole_selection.name)
        and part_selection.steps == whole_selection.steps
        and part_selection.conditions >= whole_selection.conditions
    )


def same_observations(part: str | None, whole: str | None) -> bool:
    """Whether two series count the same observations: one metric, or a bucket and its histogram's count."""
    if part == whole or part is None or whole is None:
        return part == whole
    return part.endswith("_bucket") and whole == part.removesuffix("_bucket") + "_count"


def _unwrapped(node: Expr) -> Expr:
    while isinstance(node, ParenExpr):
        node = node.expr
    return node


def _terms(node: Expr) -> set[str]:
    terms = set()
    while isinstance(node, BinaryExpr) and node.op == "+":
        terms.add(promql_text(_unwrapped(node.rhs)))
        node = _unwrapped(node.lhs)
    return terms | {promql_text(node)}


class _Sums(Visitor[_Selection | None]):
    """What an expression adds up; None when it does anything else."""

    def selector(self, node: VectorSelector) -> _Selection | None:
        conditions = frozenset([(one.label, one.operator, one.value) for one in node.matchers])
        modifiers = (node.extension, modifiers_text(node.offset, node.at))
        return _Selection(node.name, conditions, modifiers, is_filtered=False)

    def matrix(self, node: MatrixSelector) -> _Selection | None:
        return _through(self.selector(node.vector_selector), duration_text(node.range))

    def subquery(self, node: SubqueryExpr) -> _Selection | None:
        modifiers = modifiers_text(node.offset, node.at)
        return _through(self.visit(node.expr), subquery_brackets(node), modifiers)

    def aggregate(self, node: AggregateExpr) -> _Selection | None:
        name = node.op
        if name == "sum":
            return self.visit(node.expr)
        return _through(self.visit(node.expr), name) if name in _ADDITIVE else None

    def call(self, node: Call) -> _Selection | None:
        name = node.name
        return _through(self.visit(node.args[0]), name) if name in _ADDITIVE else None

    def binary(self, node: BinaryExpr) -> _Selection | None:
        """Only a filter adds up; the operands of other operators, which may be many, are not visited."""
        return super().binary(node) if _is_filter(node) else None

    def combined(
        self, node: BinaryExpr, left: _Selection | None, _right: _Selection | None
    ) -> _Selection | None:
        """A comparison is a filter of its left operand; any other operator does not add up."""
        return left._replace(is_filtered=True) if _is_filter(node) and left is not None else None

    def paren(self, node: ParenExpr) -> _Selection | None:
        return self.visit(node.expr)

    def unary(self, _node: UnaryExpr) -> _Selection | None:
        return None

    def number(self, _node: NumberLiteral) -> _Selection | None:
        return None

    def string(self, _node: StringLiteral) -> _Selection | None:
        return None


def _is_filter(node: BinaryExpr) -> bool:
    return node.op in COMPARISONS and not node.return_bool


def _through(selection: _Selection | None, *steps: object) -> _Selection | None:
    return selection._replace(steps=(*steps, *selection.steps)) if selection is not None else None


_SUMS: Final = _Sums()
