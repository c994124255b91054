"""A rate is taken of a sum, so that restarts of the counters in it look like jumps.

A counter starts again at 0 when its process restarts, and `rate` knows: a falling value is a restart. In a
sum of counters one restart makes the whole sum fall a little, and `rate` takes what is left of it for new
events: a spike.

Take the rate first and aggregate the rates, as in `sum(rate(x[5m]))`. A recording rule that sums counters
has the same fault a step later: record the sum of rates. `deriv` and `delta` are right for gauges.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.query.promql.promql_nodes import AggregateExpr, Expr, SubqueryExpr
from dashgen.query.promql.promql_view import bare

_RATES = frozenset({"rate", "irate", "increase"})
_SUMMING = frozenset({"sum", "avg", "count"})


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests
        query: rate(sum(http_requests_total)[5m:])
    """,
    good="""
        title: Requests
        query: sum(rate(http_requests_total[$__rate_interval]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each rate of an aggregation."""
    if query.promql is None:
        return
    for call in query.promql.calls:
        subquery = bare(call.args[0]) if call.name in _RATES and call.args else None
        inner = _summing(subquery.expr) if isinstance(subquery, SubqueryExpr) else None
        if inner is not None:
            message = f"`{call.name}` of `{inner.op}` takes a restart of one counter for a jump of all"
            hint = f"aggregate the rates, as in `{inner.op}({call.name}(…))`"
            yield query.at(call.start, message, hint)


def _summing(node: Expr) -> AggregateExpr | None:
    node = bare(node)
    return node if isinstance(node, AggregateExpr) and node.op in _SUMMING else None
