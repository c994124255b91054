"""What queries read of metrics: selectors, and the labels that the rest of a query needs of their series."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from dashgen.query.promql.promql_nodes import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    MatrixSelector,
    NumberLiteral,
    SeriesMatching,
    StringLiteral,
    SubqueryExpr,
    VectorSelector,
    metric_name,
)
from dashgen.query.promql.promql_syntax import parse_promql
from dashgen.query.scanning import RefusalError

_COUNTING: Final = frozenset({"rate", "increase", "irate", "resets"})
_AGGREGATED: Final[frozenset[str]] = frozenset({""})
"""The key of what is aggregated: nothing has to match its series."""
_EQUAL: Final = frozenset({"==", "!="})
_FLAGS: Final = frozenset({0, 1})
_CHOOSING: Final = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
_LABEL_ARGUMENTS: Final = {"label_replace": (3, 4), "label_join": (3, None)}
"""The functions that write a label, their second argument, and which arguments name the labels they read."""


class Selection(Struct, frozen=True):
    """A selector of a query.

    Attributes:
        name: the metric; empty where a pattern selects it.
        matchers: label, operator and value of each matcher, without that of the name.
        labels: the labels that the query needs beside those of its matchers.
        is_counted: whether a function of counters reads it.
        is_flag: whether its values are compared with 0 or 1.
        key: the labels of which two series have not the same values, as series of the other side match them.
    """

    name: str
    matchers: tuple[tuple[str, str, str], ...]
    labels: frozenset[str]
    is_counted: bool = False
    is_flag: bool = False
    key: frozenset[str] | None = None


class WrittenBounds(Struct, frozen=True):
    """The bounds of buckets and the quantiles that queries name, by the metric, as they write them.

    Attributes:
        limits: the quantile of a histogram above which an alert fires.
    """

    bounds: Mapping[str, Mapping[float, str]]
    quantiles: Mapping[str, Sequence[str]]
    limits: Mapping[str, float] = {}


NO_BOUNDS: Final = WrittenBounds({}, {})
"""Where queries name none."""


def written_bounds(selections: Iterable[Selection]) -> WrittenBounds:
    """The bounds and quantiles of histograms and summaries that queries select."""
    bounds: dict[str, dict[float, str]] = {}
    quantiles: dict[str, list[str]] = {}
    for selection in selections:
        for label, sign, value in selection.matchers:
            texts = [value] if sign == "=" else value.split("|") if sign == "=~" else []
            numbers = {number: text for text in texts if (number := _number(text)) is not None}
            if label == "le":
                bounds.setdefault(selection.name.removesuffix("_bucket"), {}).update(numbers)
            elif label == "quantile":
                quantiles.setdefault(selection.name, []).extend(numbers.values())
    return WrittenBounds(bounds, quantiles)


def _number(text: str) -> float | None:
    try:
        number = float(text.replace("\\.", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


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
    selections = _selections(tree, frozenset(labels), is_counted=False)
    return [replace(one, key=None) if one.key == _AGGREGATED else one for one in selections]


def _selections(node: Expr, labels: frozenset[str], *, is_counted: bool) -> Iterator[Selection]:
    if isinstance(node, VectorSelector):
        name = metric_name(node) or ""
        matchers = tuple(
            (one.label, one.operator, one.value)
            for one in node.matchers
            if one.label != "__name__" or (not name and one.operator == "=~")
        )
        yield Selection(name, matchers, labels, is_counted)
    elif isinstance(node, MatrixSelector):
        yield from _selections(node.vector_selector, labels, is_counted=is_counted)
    elif isinstance(node, AggregateExpr):
        inner = _selections(node.expr, _inside(node, labels), is_counted=is_counted)
        yield from (replace(one, key=_AGGREGATED if one.key is None else one.key) for one in inner)
        if node.param is not None:
            yield from _selections(node.param, frozenset(), is_counted=False)
    elif isinstance(node, BinaryExpr):
        yield from _operands(node, labels)
    elif isinstance(node, Call):
        own = _needed_by(node, labels)
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


def _needed_by(node: Call, labels: frozenset[str]) -> frozenset[str]:
    if node.name not in _LABEL_ARGUMENTS:
        return labels
    start, end = _LABEL_ARGUMENTS[node.name]
    written, read = (
        frozenset(str(one.val) for one in part if isinstance(one, StringLiteral) and one.val)
        for part in (node.args[1:2], node.args[start:end])
    )
    return (labels - written) | read


def _operands(node: BinaryExpr, labels: frozenset[str]) -> Iterator[Selection]:
    matching = node.matching
    if matching is not None and matching.on:
        sides = _matched_on(node, matching, labels)
    else:
        sides = [list(_selections(side, labels, is_counted=False)) for side in (node.lhs, node.rhs)]
    if node.op in _EQUAL and any(
        isinstance(one, NumberLiteral) and one.val in _FLAGS for one in (node.lhs, node.rhs)
    ):
        sides = [[replace(one, is_flag=not one.is_counted) for one in side] for side in sides]
    if (matching is None or not matching.on) and node.op != "or":
        ignored = frozenset(matching.names) if matching is not None else frozenset()
        sides = [_sharing(side, other, ignored) for side, other in (sides, sides[::-1])]
    yield from (one for side in sides for one in side)


def _matched_on(node: BinaryExpr, matching: SeriesMatching, labels: frozenset[str]) -> list[list[Selection]]:
    """The selections of both sides of an operation with `on`, with its labels as key where it needs one."""
    # The many keep their labels and get those that are included from the one.
    key, included = frozenset(matching.names), frozenset(matching.included)
    many, one = (labels - included) | key, key | included
    left, right = (one, many) if matching.group == "group_right" else (many, one)
    sides = (
        (node.lhs, left, matching.group != "group_left"),
        (node.rhs, right, matching.group != "group_right"),
    )
    return [
        [
            replace(selection, key=key) if selection.key is None and is_unique else selection
            for selection in _selections(operand, own, is_counted=False)
        ]
        for operand, own, is_unique in sides
    ]


def _sharing(side: list[Selection], other: list[Selection], ignored: frozenset[str]) -> list[Selection]:
    """Selections with the labels of those on the other side, whose series have to match theirs."""
    if any(one.name == "" for one in side):
        return side
    needed = frozenset(label for one in other for label in (*(m[0] for m in one.matchers), *one.labels))
    return [replace(one, labels=one.labels | (needed - ignored)) for one in side]
