"""Tempo ignores a hint of a query without a word.

`with (most_recent=true)` is a hint that Tempo knows. A hint with another name changes nothing, and the
query runs as if it were not there.

Correct the name, or remove the hint.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.core.diagnostics import nearest
from dashgen.query.traceql.traceql_names import HINTS
from dashgen.query.traceql.traceql_nodes import QueryHint


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Failed requests
        type: table
        datasource: tempo
        query: '{ status = error } with (mostrecent=true)'
    """,
    good="""
        title: Failed requests
        type: table
        datasource: tempo
        query: '{ status = error } with (most_recent=true)'
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each hint that Tempo does not take from everybody."""
    for node in query.traceql:
        if isinstance(node, QueryHint) and node.name not in HINTS:
            message = f"Tempo ignores the hint `{node.name}`"
            yield query.at(node.start, message, nearest(node.name, HINTS) or "remove it")
