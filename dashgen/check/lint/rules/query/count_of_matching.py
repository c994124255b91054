"""An alert on a small count stays silent when nothing is left to count.

`count(up == 1) < 2` fires while one instance is up. When the last one goes, the filter leaves no series,
`count` has no result, and the alert resolves in the worst moment.

Write `sum(up == bool 1) < 2`, which is 0 then, or `(count(up == 1) or vector(0)) < 2`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.query.promql.promql_names import COMPARISONS
from dashgen.query.promql.promql_nodes import AggregateExpr, BinaryExpr, Expr
from dashgen.query.promql.promql_view import bare

_ORDERS = frozenset({"<", "<=", ">", ">="})


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        alert: FewInstances
        query: count(up{job="shop"} == 1) < 2
        when: above 0
        for: 5m
        summary: Less than two instances of the shop answer
    """,
    good="""
        alert: FewInstances
        query: sum(up{job="shop"} == bool 1) < 2
        when: above 0
        for: 5m
        summary: Less than two instances of the shop answer
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each comparison that asks whether few series pass a filter."""
    view = query.promql
    if view is None or view.is_open or query.rule is None or not query.rule.is_alert:
        return
    for node in view.operations:
        counted, limit = (node.lhs, node.rhs) if node.op in {"<", "<="} else (node.rhs, node.lhs)
        if node.op not in _ORDERS or limit.type != "scalar" or not _counts_a_filter(counted):
            continue
        message = "when no series passes the filter, `count` has no result and the alert is silent"
        hint = "write `sum(… == bool …)`, or `(count(…) or vector(0))`"
        yield query.at(counted.start, message, hint)


def _counts_a_filter(node: Expr) -> bool:
    node = bare(node)
    if not isinstance(node, AggregateExpr) or node.op != "count":
        return False
    inner = bare(node.expr)
    return isinstance(inner, BinaryExpr) and inner.op in COMPARISONS and not inner.return_bool
