"""A mean is that of all observations since the process started.

`x_sum / x_count` divides totals. After a week of running, an hour in which everything is slow moves the
quotient by half a percent: the line is flat, and an alert on it never fires.

Divide rates: `rate(x_sum[5m]) / rate(x_count[5m])`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.promql.promql_nodes import AggregateExpr, Expr, VectorSelector
from dashgen.query.promql.promql_view import bare

# Of other quantities a few libraries keep a histogram that they empty themselves.
_MEASURED = lazy_pattern(r"_(?:seconds|milliseconds|ms|bytes|duration|latency|time)\Z")
_KEEPING = frozenset({"sum", "avg", "max"})


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Duration
        query: sum(http_request_duration_seconds_sum) / sum(http_request_duration_seconds_count)
    """,
    good="""
        title: Duration
        query: >-
          sum(rate(http_request_duration_seconds_sum[$__rate_interval]))
          / sum(rate(http_request_duration_seconds_count[$__rate_interval]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each quotient of the totals of a histogram in a graph or rule."""
    view = query.promql
    if view is None or not (query.is_drawn_over_time or query.rule is not None):
        return
    for node in view.operations:
        above, below = _total(node.lhs), _total(node.rhs)
        base = above.removesuffix("_sum")
        if node.op == "/" and base != above and below == f"{base}_count" and _MEASURED.search(base):
            message = f"the mean of `{base}` is that of all time since the start"
            yield query.at(node.op_start, message, "divide the rates of both")


def _total(node: Expr) -> str:
    """The metric whose value an expression is, perhaps aggregated; empty for anything else."""
    node = bare(node)
    if isinstance(node, AggregateExpr) and node.op in _KEEPING:
        node = bare(node.expr)
    return node.name if isinstance(node, VectorSelector) and node.offset is None else ""
