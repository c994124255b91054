"""A graph looks back over the whole time range at each of its steps.

`increase(x[$__range])` of a graph over a day shows at noon what happened between yesterday noon and today
noon: a window that slides over days which the graph does not show. It is slow, too: each point reads a
whole day.

Write `$__rate_interval` for a course in time, or ask for one value with `instant: true` in a stat panel.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.promql.promql_nodes import MatrixSelector, SubqueryExpr

_RANGE = lazy_pattern(r"\[\s*\$\{?__range(?:_s|_ms)?\b")


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests
        query: sum(increase(http_requests_total[$__range]))
    """,
    good="""
        title: Requests
        query: sum(increase(http_requests_total[$__rate_interval]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each range of a graph that is the whole time range."""
    view = query.promql
    if view is None or not query.is_drawn_over_time:
        return
    for node in view.nodes:
        if not isinstance(node, MatrixSelector | SubqueryExpr):
            continue
        inner = node.vector_selector if isinstance(node, MatrixSelector) else node
        opening = view.text.rfind("[", node.start, node.range.start + 1)
        if inner.at is None and opening >= 0 and _RANGE.match(view.text, opening):
            message = "each point of the graph looks back over the whole time range"
            yield query.at(opening + 1, message, "write `$__rate_interval`, or ask for one value")
