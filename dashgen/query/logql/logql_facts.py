"""The facts about a LogQL query."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from dashgen.query.language import LabelMatch, ParsedQuery, Remark, Yield
from dashgen.query.logql.logql import LOGQL_TOKENS
from dashgen.query.logql.logql_names import AGGREGATIONS, CHOOSING, RATES
from dashgen.query.logql.logql_parser import parse
from dashgen.query.logql.nodes import (
    Aggregation,
    Expression,
    Grouping,
    LabelReplace,
    LogQuery,
    LogRange,
    Number,
    Operation,
    RangeFunction,
    Selector,
    Unknown,
)
from dashgen.query.own_variables import without_own
from dashgen.query.query_context import references
from dashgen.query.scanning import RefusalError, scan
from dashgen.query.shared_tokens import LOGQL_WORDS
from dashgen.query.template_variables import names_of

_PARSED: Final = 1 << 12


class LogQL:
    """The query language of Loki."""

    def parse(self, expr: str) -> ParsedQuery:
        """The facts about a query; they are cached by its text."""
        return _parsed(expr)


def is_metric_query(expr: str) -> bool:
    """Whether a LogQL query yields numbers rather than log lines; known also when it does not parse."""
    return next((token.text != "{" for token in scan(expr, LOGQL_TOKENS)[:-1] if token.text != "("), False)


@lru_cache(maxsize=_PARSED)
def _parsed(expr: str) -> ParsedQuery:
    variables = names_of(without_own(expr, references(expr), LOGQL_WORDS))
    try:
        tree = parse(expr)
    except RefusalError as refusal:
        return ParsedQuery.refused(refusal.fault, variables)
    parts = list(_parts(tree))
    return ParsedQuery(
        grouping=_grouping(tree),
        rate_like=next((part.name in RATES for part in parts if isinstance(part, RangeFunction)), False),
        functions=frozenset(_functions(parts)),
        variables=variables,
        yields=_yields(tree),
        matches=tuple(_matches(parts)),
        remarks=tuple(_remarks(parts)),
    )


def _yields(tree: Expression) -> Yield:
    if isinstance(tree, LogQuery):
        return Yield.LOGS
    return Yield.UNKNOWN if isinstance(tree, Unknown) else Yield.SERIES


def _parts(tree: Expression) -> Iterator[Expression | LogRange]:
    """Every part of a query, in the order of the text. Not recursive, since chains of operators are deep."""
    todo: list[Expression | LogRange] = [tree]
    while todo:
        part = todo.pop()
        yield part
        if isinstance(part, Operation):
            todo += [part.right, part.left]
        elif isinstance(part, Aggregation | LabelReplace):
            todo.append(part.operand)
        elif isinstance(part, RangeFunction):
            todo.append(part.range)
        elif isinstance(part, Unknown) and part.operand is not None:
            todo.append(part.operand)


def _functions(parts: list[Expression | LogRange]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Aggregation | RangeFunction):
            yield part.name
        elif isinstance(part, LabelReplace):
            yield "label_replace"
        elif isinstance(part, Number) and part.is_vector:
            yield "vector"


def _selectors(parts: list[Expression | LogRange]) -> Iterator[Selector]:
    for part in parts:
        if isinstance(part, LogQuery):
            yield part.selector
        elif isinstance(part, LogRange):
            yield part.query.selector


def _matches(parts: list[Expression | LogRange]) -> Iterator[LabelMatch]:
    for selector in _selectors(parts):
        start = -1 if selector.is_open else selector.start
        for matcher in selector.matchers:
            yield LabelMatch(
                matcher.label, matcher.operator, matcher.value, matcher.start, matcher.is_open, start
            )


def _remarks(parts: list[Expression | LogRange]) -> Iterator[Remark]:
    for part in parts:
        if isinstance(part, LogRange) and part.late is not None:
            message = "a stage is after the range, but is applied to the lines before they are counted"
            yield Remark("query/stage-order", message, "write it before the range", part.late.start)


def _grouping(tree: Expression | LogRange) -> tuple[str, ...] | None:
    """The labels of a result: those of the first operand's outermost aggregation; None when not known."""
    if isinstance(tree, Operation):
        left = tree.left  # a number has no labels, so the result has those of the other operand
        return _grouping(tree.right if isinstance(left, Number) else left)
    if isinstance(tree, LabelReplace):
        labels = _grouping(tree.operand)
        return None if labels is None else tuple(dict.fromkeys((*labels, tree.label)))
    if isinstance(tree, Aggregation) and tree.name in CHOOSING:
        return _grouping(tree.operand)  # they choose series, and keep all labels
    if isinstance(tree, Aggregation | RangeFunction):
        if tree.grouping is not None:
            return _labels(tree.grouping)
        return () if tree.name in AGGREGATIONS else None
    return None


def _labels(grouping: Grouping) -> tuple[str, ...] | None:
    """The labels of a `by (…)`; those that a `without (…)` leaves are not known."""
    return grouping.labels if grouping.keeps else None
