"""A rate is compared with what it can never be: it is never below 0.

`rate` and `increase` take a falling counter for a restart, so their results are 0 or more. `rate(x[5m]) <
0` is never true, and the panel or alert is empty for ever.

Use `delta` or `deriv` if the metric is a gauge; else remove the comparison.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.query.promql.promql_nodes import AggregateExpr, Call, Expr, NumberLiteral
from dashgen.query.promql.promql_view import bare

_RATES = frozenset({"rate", "irate", "increase"})
_KEEPING = frozenset({"sum", "avg", "max", "min", "topk", "bottomk", "count"})


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        alert: FewerRequests
        query: sum(rate(http_requests_total[5m])) < 0
        when: above 0
        for: 5m
        summary: Requests become fewer
    """,
    good="""
        alert: FewerRequests
        query: deriv(sum(rate(http_requests_total[5m]))[10m:]) < 0
        when: above 0
        for: 5m
        summary: Requests become fewer
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each rate that is compared with a negative number."""
    view = query.promql
    if view is None or view.is_open:
        return
    for node in view.operations:
        limit = bare(node.rhs)
        if not isinstance(limit, NumberLiteral) or view.has_variable(limit) or not _is_rate(node.lhs):
            continue
        if (node.op == "<" and limit.val <= 0) or (node.op in {"<=", "=="} and limit.val < 0):
            yield query.at(node.op_start, "a rate is never below 0", "use `delta` or `deriv` for a gauge")


def _is_rate(node: Expr) -> bool:
    node = bare(node)
    while isinstance(node, AggregateExpr) and node.op in _KEEPING:
        node = bare(node.expr)
    return isinstance(node, Call) and node.name in _RATES
