"""An alert's expression compares nothing, so it fires whenever there is data.

A rule file has no condition apart from its expression: what the expression yields, fires.

Compare with a threshold, such as `> 10`, or use a function that yields only what is wrong, such as
`absent`. An alert that always fires to prove that notifications arrive, such as `vector(1)`, reads no
series and is no finding.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, lint_rule
from dashgen.query.promql.promql_nodes import BinaryExpr
from dashgen.query.promql.promql_view import bare

_FILTERS = frozenset(("absent", "absent_over_time"))
_SETS = frozenset(("and", "unless"))
_COMPARISONS = frozenset(("==", "!=", ">", "<", ">=", "<="))


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
            alert: Requests
            query: sum(rate(http_requests_total[5m]))
            when: present
        """,
    good="""
            alert: Requests
            query: sum(rate(http_requests_total[5m])) > 100
            when: present
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for an alert in a rule file, or with `when: present`, whose query filters nothing."""
    query = rule.query
    if not rule.is_alert or query is None or query.promql is None or query.promql.is_open:
        return
    if rule.condition is not None and rule.condition.kind != "present":
        return
    view = query.promql
    # A metric that is there only when something is wrong needs no comparison, such as a recorded one.
    # Without any metric it is a watchdog.
    if not view.selectors or not (view.calls or view.aggregations or view.operations):
        return
    if any(call.name in _FILTERS for call in view.calls):
        return
    if any(_filters(node) for node in view.operations):
        return
    if any(":" in selector.name or selector.name == "ALERTS" for selector in view.selectors):
        return
    top = bare(view.tree)
    if isinstance(top, BinaryExpr) and top.return_bool:
        return  # alert/bool-comparison
    message = "the expression compares nothing: the alert fires whenever there is data"
    yield query.at(view.tree.start, message, "compare with a threshold, such as `> 10`")


def _filters(node: BinaryExpr) -> bool:
    """Whether it may drop series; with `bool` a comparison drops none."""
    return node.op in _SETS or (node.op in _COMPARISONS and not node.return_bool)
