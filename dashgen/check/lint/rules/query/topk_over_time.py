"""A graph shows the top series of each moment, which are not the same ones for long.

`topk(5, x)` chooses five series at every step of a graph. Over an hour twenty may have been among the five,
so the legend has twenty names and lines that begin and end nowhere.

Show a table or bars of the last value, or choose once: `x and topk(5, avg_over_time(x[$__range] @ end()))`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.query.promql.promql_nodes import Call

_RANKING = frozenset({"topk", "bottomk"})


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        title: Busiest handlers
        query: topk(5, sum by (handler) (rate(http_requests_total[$__rate_interval])))
    """,
    good="""
        title: Busiest handlers
        type: bargauge
        query: topk(5, sum by (handler) (rate(http_requests_total[$__rate_interval])))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each ranking in a graph that is made anew at each step."""
    view = query.promql
    if view is None or not query.is_drawn_over_time or "@" in query.text:
        return
    for node in view.aggregations:
        is_shown = all(isinstance(one, Call) for one in view.around(node))
        if node.op in _RANKING and is_shown and node.grouping is None:
            message = f"`{node.op}` chooses other series at each step of the graph"
            yield query.at(node.start, message, "show bars of the last value, or choose once with `@ end()`")
