"""An alert looks at the top series of each moment, which change.

With `topk(3, …)` a series leaves the three whenever another one is larger, and its alert is resolved
although it is as bad as before.

Compare every series with a threshold, without `topk` and `bottomk`. `topk by (pod) (1, …)` is no finding:
it takes one of several series that say the same, so that a join has one match.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, lint_rule
from dashgen.query.promql.promql_nodes import AggregateExpr, NumberLiteral

_RANKING = frozenset(("topk", "bottomk", "limitk", "limit_ratio"))


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
            alert: BusyHandler
            query: topk(3, sum by (handler) (rate(http_requests_total[5m])))
            when: above 100
        """,
    good="""
            alert: BusyHandler
            query: sum by (handler) (rate(http_requests_total[5m]))
            when: above 100
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for each ranking in the queries of an alert."""
    for query in rule.queries if rule.is_alert else ():
        if query.promql is not None:
            for node in query.promql.aggregations:
                if node.op in _RANKING and not _is_choice_of_one(node):
                    message = f"`{node.op}` chooses other series each time, which resolves alerts that go on"
                    yield query.at(node.start, message, "compare every series with the threshold")


def _is_choice_of_one(node: AggregateExpr) -> bool:
    """Whether it takes one series of each group, as for a join."""
    is_one = isinstance(node.param, NumberLiteral) and node.param.val == 1
    return is_one and node.grouping is not None
