"""What queries read of metrics: selectors, and the labels that the rest of a query needs of their series."""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from dashgen.query.promql.promql_nodes import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    MatrixSelector,
    NumberLiteral,
    StringLiteral,
    SubqueryExpr,
    VectorSelector,
    metric_name,
)
from dashgen.query.promql.promql_syntax import parse_promql
from dashgen.query.scanning import RefusalError

_COUNTING: Final = frozenset({"rate", "increase", "irate", "resets"})
_CHOOSING: Final = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
_LABEL_ARGUMENTS: Final = {"label_replace": (3, 4), "label_join": (3, None)}


class Selection(Struct, frozen=True):
    """A selector of a query.

    Attributes:
        name: the metric; empty where a pattern selects it.
        matchers: label, operator and value of each matcher, without that of the name.
        labels: the labels that the query needs beside those of its matchers.
        is_counted: whether a function of counters reads it.
        partners: which operations without `on` it takes part in, by their offsets.
    """

    name: str
    matchers: tuple[tuple[str, str, str], ...]
    labels: frozenset[str]
    is_counted: bool = False


def query_selections(expr: str, labels: Iterable[str] = ()) -> list[Selection]:
    """What a query selects; nothing for a text that is no PromQL.

    Args:
        expr: the query.
        labels: the labels that its result has to have, as legends and tables show them.
    """
    try:
        tree = parse_promql(expr).expr
    except RefusalError:
        return []
    return list(_selections(tree, frozenset(labels), is_counted=False))


def _selections(node: Expr, labels: frozenset[str], *, is_counted: bool) -> Iterator[Selection]:
    if isinstance(node, VectorSelector):
        matchers = tuple(
            (one.label, one.operator, one.value) for one in node.matchers if one.label != "__name__"
        )
        yield Selection(metric_name(node) or "", matchers, labels, is_counted)
    elif isinstance(node, MatrixSelector):
        yield from _selections(node.vector_selector, labels, is_counted=is_counted)
    elif isinstance(node, AggregateExpr):
        yield from _selections(node.expr, _inside(node, labels), is_counted=is_counted)
        if node.param is not None:
            yield from _selections(node.param, frozenset(), is_counted=False)
    elif isinstance(node, BinaryExpr):
        yield from _operands(node, labels)
    elif isinstance(node, Call):
        own = labels | _argument_labels(node)
        for argument in node.args:
            yield from _selections(argument, own, is_counted=is_counted or node.name in _COUNTING)
    elif not isinstance(node, NumberLiteral | StringLiteral):
        yield from _selections(
            node.expr, labels, is_counted=is_counted and not isinstance(node, SubqueryExpr)
        )


def _inside(node: AggregateExpr, labels: frozenset[str]) -> frozenset[str]:
    if node.op in _CHOOSING:
        return labels | frozenset(node.grouping.names if node.grouping and not node.grouping.without else ())
    if node.grouping is None:
        return frozenset()
    return (
        labels | frozenset(node.grouping.names) if node.grouping.without else frozenset(node.grouping.names)
    )


def _argument_labels(node: Call) -> frozenset[str]:
    if node.name not in _LABEL_ARGUMENTS:
        return frozenset()
    start, end = _LABEL_ARGUMENTS[node.name]
    return frozenset(
        str(one.val) for one in node.args[start:end] if isinstance(one, StringLiteral) and one.val
    )


def _operands(node: BinaryExpr, labels: frozenset[str]) -> Iterator[Selection]:
    matching = node.matching
    left = right = labels
    if matching is not None and matching.on:
        both = frozenset(matching.names)
        left, right = labels | both, both
        if matching.group == "group_right":
            left, right = right, left
        included = frozenset(matching.included)
        left, right = (
            (left | included, right) if matching.group == "group_right" else (left, right | included)
        )
    sides = [
        list(_selections(node.lhs, left, is_counted=False)),
        list(_selections(node.rhs, right, is_counted=False)),
    ]
    if (matching is None or not matching.on) and node.op != "or":
        ignored = frozenset(matching.names) if matching is not None else frozenset()
        sides = [_sharing(side, other, ignored) for side, other in (sides, sides[::-1])]
    yield from (one for side in sides for one in side)


def _sharing(side: list[Selection], other: list[Selection], ignored: frozenset[str]) -> list[Selection]:
    """Selections with the labels of those on the other side, whose series have to match theirs."""
    if any(one.name == "" for one in side):
        return side
    needed = frozenset(label for one in other for label in (*(m[0] for m in one.matchers), *one.labels))
    from msgspec.structs import replace

    return [replace(one, labels=one.labels | (needed - ignored)) for one in side]
