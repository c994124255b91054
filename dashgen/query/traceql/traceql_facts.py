"""The facts about a TraceQL query."""

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import ParsedQuery, Yield
from dashgen.query.query_context import references
from dashgen.query.scanning import RefusalError
from dashgen.query.template_variables import names_of

if TYPE_CHECKING:
    from dashgen.query.traceql.traceql_nodes import TraceQLNode

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
    from dashgen.query.traceql.traceql_parser import parse
    from dashgen.query.traceql.tree_facts import facts_of, yields_of

    variables = names_of(references(expr))
    if _TRACE_ID.match(expr):
        return ParsedQuery(variables=variables, yields=Yield.TRACES)
    try:
        query, form = parse(expr)
    except RefusalError as refusal:
        return ParsedQuery.refused(refusal.fault, variables)
    functions, requirements = facts_of(query)
    return ParsedQuery(
        variables=variables, yields=yields_of(form), functions=functions, requirements=requirements
    )


@lru_cache(maxsize=_PARSED)
def traceql_nodes(expr: str) -> "tuple[TraceQLNode, ...]":
    """The nodes of a query's tree in the order of the text; none when it does not parse."""
    from dashgen.query.traceql.traceql_nodes import walk
    from dashgen.query.traceql.traceql_parser import parse

    if _TRACE_ID.match(expr):
        return ()
    try:
        return tuple(walk(parse(expr)[0]))
    except RefusalError:
        return ()
