"""An attribute of a trace has no scope.

`.http.route` is looked up in the span, then in the resource, in all columns of each. With its scope Tempo
reads one column, and nobody has to guess what is meant when both have the attribute.

Write `span.` or `resource.` before it. The fix knows the attributes of OpenTelemetry's conventions.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule
from dashgen.check.lint.trace_attributes import OF_RESOURCES, OF_SPANS
from dashgen.query.traceql.traceql_names import INTRINSICS
from dashgen.query.traceql.traceql_nodes import SpanAttribute


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Failed requests
        type: table
        datasource: tempo
        query: '{ .http.response.status_code >= 500 }'
    """,
    good="""
        title: Failed requests
        type: table
        datasource: tempo
        query: '{ span.http.response.status_code >= 500 }'
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each attribute that begins with a dot."""
    for node in query.traceql:
        if not isinstance(node, SpanAttribute) or node.scope or node.name in INTRINSICS:
            continue
        scope = _scope_of(node.name)
        message = f"`{node.text}` is looked up in spans and resources"
        hint = f"write `{scope}{node.text}`" if scope else "write `span.` or `resource.` before it"
        edits = query.replacing(node.start, node.start, scope) if scope else ()
        yield query.at(node.start, message, hint, edits)


def _scope_of(name: str) -> str:
    """The scope that the conventions give an attribute; empty when they do not."""
    if name.startswith(OF_RESOURCES):
        return "resource"
    return "span" if name.startswith(OF_SPANS) else ""
