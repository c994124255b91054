"""A PromQL query with Grafana's variables: its nodes, and what is around each.

Queries are parsed once: what is found for a text is kept.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Final, TypeVar

from msgspec import Struct

from dashgen.query.own_variables import without_own
from dashgen.query.promql.output_labels import OutputLabels, output_labels
from dashgen.query.promql.promql import read_promql
from dashgen.query.promql.promql_nodes import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    MatrixSelector,
    ParenExpr,
    PromQLNode,
    SubqueryExpr,
    UnaryExpr,
    VectorSelector,
)
from dashgen.query.query_context import VariableRole, references
from dashgen.query.scanning import RefusalError
from dashgen.query.template_variables import is_built_in

Node = TypeVar("Node", bound=PromQLNode)
_KEPT: Final = 1 << 12
_STRUCTURAL: Final = frozenset(
    {VariableRole.VALUE, VariableRole.OPERAND, VariableRole.CALL, VariableRole.OPERATOR}
)
"""Roles in which a variable decides what the parts of a query are."""


class PromQLView(Struct, dict=True, eq=False):
    """A query that parses.

    Attributes:
        text: the query as it is written.
        tree: its syntax tree; offsets are those of the text.
        nodes: all expressions in it, in the order of the text.
        parents: what is directly around an expression, by the id of its node.
        is_open: whether a variable stands where it decides what the parts of the query are, such as for a
            function or a whole operand.
        variables: the offsets of the variables in it.
    """

    text: str
    tree: Expr
    nodes: tuple[Expr, ...]
    parents: Mapping[int, Expr]
    is_open: bool = False
    variables: tuple[int, ...] = ()

    def of(self, kind: type[Node]) -> Iterator[Node]:
        """The nodes of a type, in the order of the text."""
        for node in self.nodes:
            if isinstance(node, kind):
                yield node

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """The calls of functions."""
        return tuple(self.of(Call))

    @cached_property
    def aggregations(self) -> tuple[AggregateExpr, ...]:
        """The aggregations."""
        return tuple(self.of(AggregateExpr))

    @cached_property
    def selectors(self) -> tuple[VectorSelector, ...]:
        """The selectors of series, with and without a range."""
        return tuple(self.of(VectorSelector))

    @cached_property
    def operations(self) -> tuple[BinaryExpr, ...]:
        """The binary operations."""
        return tuple(self.of(BinaryExpr))

    def around(self, node: Expr) -> Iterator[Expr]:
        """What is around a node, from the inside out; parentheses are passed over."""
        parent = self.parents.get(id(node))
        while parent is not None:
            if not isinstance(parent, ParenExpr):
                yield parent
            parent = self.parents.get(id(parent))

    def below(self, node: Expr) -> Iterator[Expr]:
        """A node and all expressions in it."""
        return walk_promql(node)

    def written(self, node: PromQLNode) -> str:
        """A node as it is written."""
        return self.text[node.start : node.end]

    def has_variable(self, node: PromQLNode) -> bool:
        """Whether a variable of Grafana is in a node."""
        return any(node.start <= start < node.end for start in self.variables)

    def labels(self, node: Expr) -> OutputLabels:
        """The labels of the series that an expression yields."""
        cache: dict[int, OutputLabels] = self.__dict__.setdefault("_labels", {})
        labels = cache.get(id(node))
        if labels is None:
            labels = cache[id(node)] = output_labels(node, self.text)
        return labels


def bare(node: Expr) -> Expr:
    """An expression without the parentheses around it."""
    while isinstance(node, ParenExpr):
        node = node.expr
    return node


def walk_promql(node: Expr) -> Iterator[Expr]:
    """An expression and all in it, each before its own parts, in the order of the text.

    Not recursive, since chains of operators are deep.
    """
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting += reversed(parts_of(current))


def parts_of(node: Expr) -> tuple[Expr, ...]:
    """The expressions directly in an expression, in the order of the text."""
    if isinstance(node, BinaryExpr):
        return node.lhs, node.rhs
    if isinstance(node, AggregateExpr):
        return (node.expr,) if node.param is None else (node.param, node.expr)
    if isinstance(node, Call):
        return node.args
    if isinstance(node, ParenExpr | UnaryExpr | SubqueryExpr):
        return (node.expr,)
    return (node.vector_selector,) if isinstance(node, MatrixSelector) else ()


@lru_cache(maxsize=_KEPT)
def promql_view(text: str) -> PromQLView | None:
    """A query with its syntax tree; None when it does not parse.

    Args:
        text: the query as it is written, with Grafana's variables.
    """
    reading = read_promql(text)
    if isinstance(reading.tree, RefusalError):
        return None
    tree = reading.tree.expr
    nodes = tuple(walk_promql(tree))
    parents = {id(part): node for node in nodes for part in parts_of(node)}
    uses = without_own(text, references(text))
    is_open = any(one.role in _STRUCTURAL and not is_built_in(one.name) for one in reading.references)
    return PromQLView(text, tree, nodes, parents, is_open, tuple(use.start for use in uses))
