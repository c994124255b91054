"""A rule looks into the future.

A negative offset asks for values after the moment that is evaluated. For a rule that moment is now, and
there are no values after it: the result is empty, or what was there for a few seconds.

Write a positive offset, which looks back.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.query.promql.promql_nodes import SubqueryExpr, VectorSelector, seconds_of


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        alert: LongQueue
        query: queue_length offset -5m
        when: above 100
        for: 5m
        summary: Jobs wait
    """,
    good="""
        alert: LongQueue
        query: queue_length offset 5m
        when: above 100
        for: 5m
        summary: Jobs wait
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each negative offset of a rule."""
    if query.promql is None or query.rule is None:
        return
    for node in query.promql.nodes:
        if not isinstance(node, VectorSelector | SubqueryExpr):
            continue
        seconds = seconds_of(node.offset.duration) if node.offset is not None and node.at is None else None
        if node.offset is not None and seconds is not None and seconds < 0:
            message = "the offset is negative: there are no values after the moment of evaluation"
            yield query.at(node.offset.start, message, "write a positive offset, which looks back")
