"""A quantile is not between 0 and 1.

Prometheus and Loki take quantiles as ratios: the 95th percentile is `0.95`. With `95` the result is `+Inf` at
every step, or Loki refuses the query, and the panel shows nothing of it.

Write the percentile divided by 100.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, Severity, lint_rule
from dashgen.query.promql.promql_nodes import AggregateExpr, Call, Expr, NumberLiteral

_CALLS = frozenset({"histogram_quantile", "quantile_over_time"})
_PERCENT = 100


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Duration
        query: >-
          histogram_quantile(95, sum by (le) (rate(http_request_duration_seconds_bucket[$__rate_interval])))
    """,
    good="""
        title: Duration
        query: >-
          histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[$__rate_interval])))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each quantile that is a number outside of 0 to 1."""
    if query.promql is None:
        return
    for node in query.promql.nodes:
        number = _quantile(node)
        if not isinstance(number, NumberLiteral) or query.promql.has_variable(number):
            continue
        if 0 <= number.val <= 1:
            continue
        ratio = f"{number.val / _PERCENT:.6g}"
        is_percentile = 1 < number.val <= _PERCENT
        edits = query.replacing(number.start, number.end, ratio) if is_percentile else ()
        hint = f"write `{ratio}`" if is_percentile else "write a number from 0 to 1"
        message = f"the quantile {query.promql.written(number)} is not between 0 and 1"
        yield query.at(number.start, message, hint, edits)


def _quantile(node: Expr) -> Expr | None:
    if isinstance(node, Call) and node.name in _CALLS:
        return node.args[0]
    return node.param if isinstance(node, AggregateExpr) and node.op == "quantile" else None
