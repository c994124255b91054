"""The visitor of PromQL syntax trees."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Final, Generic, TypeVar

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

Result = TypeVar("Result")

SERIES_ARGUMENT: Final = {"quantile_over_time": 1, "histogram_quantile": 1, "histogram_fraction": 2}
"""Functions whose series are not their first argument, with the index of that argument."""
WRAPPERS: Final = frozenset({ParenExpr, UnaryExpr, SubqueryExpr})
"""Nodes around one expression that keep its labels and its kind of value."""


class Visitor(ABC, Generic[Result]):
    """Computes a result for a syntax tree, with a method for each kind of node.

    The methods are found by the exact type of a node: thousands of queries are visited in a build, and
    `functools.singledispatchmethod` or a chain of ``isinstance`` takes several times as long. Trees nest at
    most `MOST_LEVELS` of `promql_syntax`, for which Python's stack is deep enough.
    """

    _methods: ClassVar[dict[type, Callable[[Any, Any], Any]]] = {}

    def __init_subclass__(cls) -> None:
        """Look up the methods of the visitor once."""
        cls._methods = {kind: getattr(cls, name) for kind, name in _METHODS.items()}

    def visit(self, node: Expr) -> Result:
        """The result for an expression."""
        result: Result = self._methods[type(node)](self, node)
        return result

    @abstractmethod
    def selector(self, node: VectorSelector) -> Result:
        """An instant selector, such as ``up{job="shop"}``."""

    def matrix(self, node: MatrixSelector) -> Result:
        """A range selector, such as ``up[5m]``."""
        return self.selector(node.vector_selector)

    @abstractmethod
    def number(self, node: NumberLiteral) -> Result:
        """A number."""

    @abstractmethod
    def string(self, node: StringLiteral) -> Result:
        """A string, which occurs as an argument only."""

    @abstractmethod
    def aggregate(self, node: AggregateExpr) -> Result:
        """An aggregation, such as ``sum by (job) (…)``."""

    @abstractmethod
    def call(self, node: Call) -> Result:
        """A call of a function."""

    @abstractmethod
    def combined(self, node: BinaryExpr, left: Result, right: Result) -> Result:
        """A binary operation, from the results of its operands."""

    def binary(self, node: BinaryExpr) -> Result:
        """A binary operation.

        Left operands nest as deep as a chain of operators is long (``a + b + c + …``), so they are not
        visited recursively: a sum of a thousand terms would be beyond Python's stack.
        """
        chain = [node]
        while isinstance(node.lhs, BinaryExpr):
            node = node.lhs
            chain.append(node)
        left = self.visit(node.lhs)
        for link in reversed(chain):
            left = self.combined(link, left, self.visit(link.rhs))
        return left

    def paren(self, node: ParenExpr) -> Result:
        """An expression in parentheses."""
        return self._inside(node)

    def unary(self, node: UnaryExpr) -> Result:
        """An expression with a sign."""
        return self._inside(node)

    def subquery(self, node: SubqueryExpr) -> Result:
        """A subquery, such as ``(…)[1h:5m]``."""
        return self._inside(node)

    def _inside(self, node: Any) -> Result:
        while type(node) in WRAPPERS:
            node = node.expr
        return self.visit(node)


_METHODS: Final = {
    VectorSelector: "selector",
    MatrixSelector: "matrix",
    NumberLiteral: "number",
    StringLiteral: "string",
    AggregateExpr: "aggregate",
    Call: "call",
    BinaryExpr: "binary",
    ParenExpr: "paren",
    UnaryExpr: "unary",
    SubqueryExpr: "subquery",
}
