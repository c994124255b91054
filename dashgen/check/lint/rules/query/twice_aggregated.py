"""An aggregation is aggregated again by the same function, which does not need the inner one.

`sum by (job) (sum by (job, handler) (x))` is `sum by (job) (x)`. The inner step looks as if it mattered,
and costs a pass over all series.

Remove the inner aggregation. `count(count by (a) (x))` counts values and is something else, and so is a
mean of means.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, Severity, lint_rule
from dashgen.query.promql.promql_nodes import AggregateExpr
from dashgen.query.promql.promql_view import PromQLView, bare

_ASSOCIATIVE = frozenset({"sum", "max", "min", "group"})


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.SAFE,
    bad="""
        title: Requests
        query: sum(sum by (handler) (rate(http_requests_total[$__rate_interval])))
    """,
    good="""
        title: Requests
        query: sum(rate(http_requests_total[$__rate_interval]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each aggregation directly in one of the same kind that keeps less."""
    view = query.promql
    if view is None or view.is_open:
        return
    for node in view.aggregations:
        inner = bare(node.expr)
        if node.op not in _ASSOCIATIVE or not isinstance(inner, AggregateExpr) or inner.op != node.op:
            continue
        if _keeps_less(view, node, inner):
            message = f"`{node.op}` of `{inner.op}` is the outer one alone"
            edits = query.replacing(inner.start, inner.end, view.written(bare(inner.expr)))
            yield query.at(inner.start, message, "remove the inner aggregation", edits)


def _keeps_less(view: PromQLView, outer: AggregateExpr, inner: AggregateExpr) -> bool:
    """Whether all labels that the outer aggregation keeps are kept by the inner one."""
    clauses = [one.grouping for one in (outer, inner) if one.grouping is not None]
    if any(view.has_variable(clause) or clause.without for clause in clauses):
        return False
    inner_labels = frozenset(inner.grouping.names) if inner.grouping else frozenset()
    return outer.grouping is None or inner_labels.issuperset(outer.grouping.names)
