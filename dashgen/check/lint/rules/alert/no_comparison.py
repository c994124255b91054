"""An alert's expression compares nothing, so it fires whenever there is data.

A rule file has no condition apart from its expression: what the expression yields, fires.

Compare with a threshold, such as `> 10`, or use a function that yields only what is wrong, such as `absent`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, lint_rule

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
    if not (view.calls or view.aggregations or view.operations):
        return
    if any(call.name in _FILTERS for call in view.calls):
        return
    if any(node.op in _COMPARISONS or node.op in _SETS for node in view.operations):
        return
    if any(":" in (metric.name or "") for metric in view.selectors):
        return
    message = "the expression compares nothing: the alert fires whenever there is data"
    yield query.at(view.tree.start, message, "compare with a threshold, such as `> 10`")
