"""The facts about a TraceQL query."""

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import Fault, ParsedQuery, Yield
from dashgen.query.query_context import references
from dashgen.query.scanning import RefusalError
from dashgen.query.template_variables import names_of

if TYPE_CHECKING:
    from dashgen.query.traceql.span_sets import QueryForm
    from dashgen.query.traceql.traceql_nodes import TraceQLNode, TraceQuery

_PARSED: Final = 1 << 12
_TRACE_ID: Final = lazy_pattern(r"\s*[0-9A-Fa-f]{8,}\s*\Z")
"""A trace id, which Grafana's Tempo data source takes instead of a query (datasource.ts)."""


class TraceQL:
    """The query language of Tempo."""

    def parse(self, expr: str) -> ParsedQuery:
        """The facts about a query; they are cached by its text."""
        return _parsed(expr)


@lru_cache(maxsize=_PARSED)
def _parsed(expr: str) -> ParsedQuery:
    # Few projects have queries of traces, and the tree has many classes.
    from dashgen.query.traceql.tree_facts import facts_of, yields_of

    variables = names_of(references(expr))
    if _TRACE_ID.match(expr):
        return ParsedQuery(variables=variables, yields=Yield.TRACES)
    tree = _tree(expr)
    if isinstance(tree, Fault):
        return ParsedQuery.refused(tree, variables)
    query, form = tree
    functions, requirements = facts_of(query)
    return ParsedQuery(
        variables=variables, yields=yields_of(form), functions=functions, requirements=requirements
    )


def traceql_nodes(expr: str) -> "tuple[TraceQLNode, ...]":
    """The nodes of a query's tree in the order of the text; none when it does not parse."""
    from dashgen.query.traceql.traceql_nodes import walk

    tree = None if _TRACE_ID.match(expr) else _tree(expr)
    return () if tree is None or isinstance(tree, Fault) else tuple(walk(tree[0]))


@lru_cache(maxsize=_PARSED)
def _tree(expr: str) -> "tuple[TraceQuery, QueryForm] | Fault":
    """The tree of a query for the facts and for lint, so that each query is parsed once."""
    from dashgen.query.traceql.traceql_parser import parse

    try:
        return parse(expr)
    except RefusalError as refusal:
        return refusal.fault
