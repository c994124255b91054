"""Means of several series are averaged or added.

`avg(rate(x_sum[5m]) / rate(x_count[5m]))` gives each instance the same weight, however little it did: one
slow request on an idle instance doubles the mean. The mean of all is the sum of sums by the sum of counts.

Aggregate both sides first: `sum(rate(x_sum[5m])) / sum(rate(x_count[5m]))`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.check.lint.single_targets import is_of_one_target
from dashgen.query.promql.promql_nodes import (
    BinaryExpr,
    Call,
    Expr,
    MatrixSelector,
)
from dashgen.query.promql.promql_view import bare

_MEANS = frozenset({"avg", "sum"})
_RATES = frozenset({"rate", "irate", "increase"})


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Duration
        query: >-
          avg(rate(http_request_duration_seconds_sum[5m]) / rate(http_request_duration_seconds_count[5m]))
    """,
    good="""
        title: Duration
        query: >-
          sum(rate(http_request_duration_seconds_sum[5m]))
          / sum(rate(http_request_duration_seconds_count[5m]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each aggregation of means."""
    if query.promql is None or query.promql.is_open:
        return
    for node in query.promql.aggregations:
        ratio = bare(node.expr)
        if node.op not in _MEANS or not isinstance(ratio, BinaryExpr) or ratio.op != "/":
            continue
        above, below = _counted(ratio.lhs), _counted(ratio.rhs)
        if is_of_one_target(query.promql, node):
            continue
        if above.endswith("_sum") and below == above.removesuffix("_sum") + "_count":
            verb = "averaged" if node.op == "avg" else "added"
            message = f"means of several series are {verb}, whatever each of them counted"
            yield query.at(node.start, message, "divide the sum of `_sum` by the sum of `_count`")


def _counted(node: Expr) -> str:
    """The metric whose plain rate an expression is; empty for anything else."""
    node = bare(node)
    if not isinstance(node, Call) or node.name not in _RATES:
        return ""
    series = node.args[0]
    return series.vector_selector.name if isinstance(series, MatrixSelector) else ""
