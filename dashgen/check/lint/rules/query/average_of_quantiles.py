"""Quantiles are added or averaged, which gives a number that is no quantile.

The mean of the 99th percentiles of ten instances is not the 99th percentile of all requests: an instance
with ten requests counts as much as one with a million. Nothing can be computed from quantiles but their
maximum.

Aggregate the buckets first, as in `histogram_quantile(0.99, sum by (le) (rate(x_bucket[5m])))`, or take
`max`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.check.lint.single_targets import is_of_one_target
from dashgen.query.promql.promql_nodes import Call, Expr, VectorSelector
from dashgen.query.promql.promql_view import bare

_MEANS = frozenset({"avg", "sum"})


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Duration
        query: >-
          avg(histogram_quantile(0.9, sum by (handler, le) (rate(http_request_duration_seconds_bucket[5m]))))
    """,
    good="""
        title: Duration
        query: histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each mean or sum of quantiles."""
    if query.promql is None or query.promql.is_open:
        return
    for node in query.promql.aggregations:
        if node.op in _MEANS and _is_quantile(node.expr) and not is_of_one_target(query.promql, node):
            verb = "averaged" if node.op == "avg" else "added"
            message = f"quantiles are {verb}: the result is no quantile"
            yield query.at(node.start, message, "aggregate the buckets by `le` first, or take `max`")


def _is_quantile(node: Expr) -> bool:
    node = bare(node)
    if isinstance(node, VectorSelector):
        quantile = [one for one in node.matchers if one.label == "quantile"]
        return any(one.operator == "=" and one.value not in {"", "0", "1"} for one in quantile)
    return isinstance(node, Call) and node.name == "histogram_quantile"
