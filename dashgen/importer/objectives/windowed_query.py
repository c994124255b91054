"""Queries of objectives, with `$window` where their window belongs."""

from collections.abc import Iterator
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.promql.promql_nodes import Expr, MatrixSelector, SubqueryExpr, VectorSelector
from dashgen.query.promql.promql_view import parts_of, promql_view
from dashgen.query.promql.promql_writer import duration_text

WINDOW: Final = "$window"
_TEMPLATE: Final = lazy_pattern(r"\{\{-?\s*\.\s*window\s*-?\}\}")
_ANY_TEMPLATE: Final = lazy_pattern(r"\{\{.*?\}\}")
_EXAMPLE: Final = "5m"
"""A window, for looking at a query as Prometheus would."""


class UnfitQueryError(Exception):
    """A query that cannot be that of an objective; the message says why."""


def windowed(query: str, function: str = "rate") -> str:
    """A query with `$window` as its window.

    Args:
        query: a query with sloth's ``{{.window}}``, with one window of its own, or without any.
        function: what a query without a window is given: `rate` of counters, `sum_over_time` of events.

    Raises:
        UnfitQueryError: it does not parse, or its windows are of several lengths.
    """
    text = " ".join(_TEMPLATE.sub(WINDOW, query).split())
    if other := _ANY_TEMPLATE.search(text):
        raise UnfitQueryError(f"its query has the template `{other[0]}`")
    if WINDOW not in text:
        text = _with_window(text, function)
    if promql_view(text.replace(WINDOW, _EXAMPLE)) is None:
        raise UnfitQueryError(f"its query does not parse: `{text}`")
    return text


def _with_window(text: str, function: str) -> str:
    view = promql_view(text)
    if view is None:
        raise UnfitQueryError(f"its query does not parse: `{text}`")
    ranges = [node for node in view.nodes if isinstance(node, MatrixSelector | SubqueryExpr)]
    if len({duration_text(node.range) for node in ranges}) > 1:
        raise UnfitQueryError(f"its query has windows of several lengths: `{text}`")
    # From the end, so that the offsets before stay what they are.
    if ranges:
        for node in sorted(ranges, key=lambda node: node.end, reverse=True):
            inner = node.vector_selector if isinstance(node, MatrixSelector) else node.expr
            start = text.index("[", _core_end(inner)) + 1
            length = min(index for index in (text.find("]", start), text.find(":", start)) if index >= 0)
            text = f"{text[:start]}{WINDOW}{text[length:]}"
        return text
    for selector in sorted(_instant(view.tree), key=lambda node: node.start, reverse=True):
        own = text[selector.start : selector.end]
        text = f"{text[: selector.start]}{function}({own}[{WINDOW}]){text[selector.end :]}"
    return text


def _core_end(node: Expr) -> int:
    """The offset before which no bracket of a range can be: after the matchers of a selector."""
    if isinstance(node, VectorSelector):
        return max((matcher.end for matcher in node.matchers), default=node.start)
    return node.end


def _instant(node: Expr) -> Iterator[VectorSelector]:
    """The selectors that have no range."""
    if isinstance(node, VectorSelector):
        if node.offset is None and node.at is None:
            yield node
        return
    for part in () if isinstance(node, MatrixSelector) else parts_of(node):
        yield from _instant(part)
