"""A graph or an alert looks at the value of a counter, which only grows.

The total since the process started says when that was, rather than what happens. After a restart the line
falls to 0, and an alert on the total fires for ever or never.

Write `rate` or `increase`. Metrics of the contract are left to `query/counter`; here names that end in
`_total` count as those of counters.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, lint_rule
from dashgen.query.promql.promql_names import SET_OPERATORS
from dashgen.query.promql.promql_nodes import AggregateExpr, BinaryExpr, Expr, VectorSelector
from dashgen.query.promql.promql_view import PromQLView

_PLAIN = frozenset({"sum", "avg", "max", "min", "topk", "bottomk"})
_ARITHMETIC = frozenset({"+", "*", "/", ">", ">=", "<", "<="})


@lint_rule(
    presets=[Preset.STRICT],
    bad="""
        title: Jobs
        query: sum by (queue) (jobs_finished_total)
    """,
    good="""
        title: Jobs
        query: sum by (queue) (rate(jobs_finished_total[$__rate_interval]))
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each counter whose value goes into a graph or alert as it is."""
    view = query.promql
    if view is None or view.is_open or not (query.is_drawn_over_time or _is_alert(query)):
        return
    described = project.contract.series if project.contract is not None else {}
    for selector in view.selectors:
        if not selector.name.endswith("_total") or ":" in selector.name or selector.name in described:
            continue
        if selector.offset is None and all(_keeps_values(view, one) for one in view.around(selector)):
            message = f"`{selector.name}` is a counter by its name, whose value only grows"
            yield query.at(selector.start, message, "write `rate` or `increase`")


def _is_alert(query: LintQuery) -> bool:
    return query.rule is not None and query.rule.is_alert


def _keeps_values(view: PromQLView, node: Expr) -> bool:
    """Whether what is around a counter leaves its value visible."""
    if isinstance(node, AggregateExpr):
        return node.op in _PLAIN
    if not isinstance(node, BinaryExpr) or node.op in SET_OPERATORS:
        return False
    # `a - a offset 5m` is an increase, and a join with `* on` an information.
    is_difference = any(
        isinstance(one, VectorSelector) and one.offset is not None for one in view.below(node)
    )
    return node.op in _ARITHMETIC and node.matching is None and not is_difference
