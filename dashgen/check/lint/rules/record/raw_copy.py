"""A recording rule copies a series as it is.

Recording is for what is expensive to compute or read often. A copy costs as much storage again and is one
interval late.

Read the series itself, or aggregate it.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, lint_rule
from dashgen.query.promql.promql_nodes import VectorSelector
from dashgen.query.promql.promql_view import bare


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
            record: 'job:queue_length:copy'
            query: queue_length
        """,
    good="""
            record: 'queue:queue_length:max'
            query: max by (queue) (queue_length)
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for a recording rule whose query is a selector alone."""
    query = rule.query
    if rule.is_alert or query is None or query.promql is None or rule.labels:
        return
    node = bare(query.promql.tree)
    # What a series was yesterday is no copy of it.
    if isinstance(node, VectorSelector) and node.offset is None and node.at is None:
        message = f"`{rule.name}` is a copy of a series"
        yield query.at(0, message, "read the series itself, or aggregate it")
