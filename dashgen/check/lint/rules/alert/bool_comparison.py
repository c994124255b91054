"""An alert's comparison has `bool`, so it yields 0 as well as 1 and the alert always fires.

`x > bool 5` gives 0 where the comparison is false, and an alert of a rule file fires for every series
that its expression yields, whatever the value.

Remove `bool`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, Safety, Severity, lint_rule
from dashgen.query.promql.promql_nodes import BinaryExpr
from dashgen.query.promql.promql_view import bare


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
            alert: SlowQueue
            query: max(queue_length) > bool 100
            when: present
        """,
    good="""
            alert: SlowQueue
            query: max(queue_length) > 100
            when: present
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for an alert whose outermost comparison gives 0 and 1."""
    query = rule.query
    if not rule.is_alert or query is None or query.promql is None:
        return
    if rule.condition is not None and rule.condition.kind != "present":
        return
    node = bare(query.promql.tree)
    if isinstance(node, BinaryExpr) and node.return_bool:
        at = query.text.lower().find("bool", node.lhs.end, node.rhs.start)
        end = at + len("bool")
        while end < len(query.text) and query.text[end] == " ":
            end += 1
        edits = query.replacing(at, end, "")
        message = "with `bool` the comparison yields 0 too, and the alert always fires"
        yield query.at(at, message, "remove `bool`", edits)
