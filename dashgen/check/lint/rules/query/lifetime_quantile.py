"""A quantile is that of all observations since the process started.

Buckets are counters. Without `rate` they count everything since the start, so that after a week of running an
hour in which all is slow does not move the quantile, and an alert on it never fires.

Take the rate of the buckets: `histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.query.promql.promql_nodes import AggregateExpr, Expr, VectorSelector
from dashgen.query.promql.promql_view import bare


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Duration
        query: histogram_quantile(0.9, sum by (le) (http_request_duration_seconds_bucket))
    """,
    good="""
        title: Duration
        query: >-
          histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket[$__rate_interval])))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each quantile in a graph or rule of buckets as they are."""
    view = query.promql
    if view is None or not (query.is_drawn_over_time or query.rule is not None):
        return
    for call in view.calls:
        selector = _buckets(call.args[1]) if call.name == "histogram_quantile" else None
        if selector is not None:
            message = f"the quantile of `{selector.name}` is that of all time since the start"
            yield query.at(selector.start, message, "take the rate of the buckets")


def _buckets(node: Expr) -> VectorSelector | None:
    """The buckets whose values an expression is, perhaps aggregated."""
    node = bare(node)
    while isinstance(node, AggregateExpr):
        node = bare(node.expr)
    is_bucket = isinstance(node, VectorSelector) and node.name.endswith("_bucket") and ":" not in node.name
    return node if is_bucket and isinstance(node, VectorSelector) else None
