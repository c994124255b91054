"""A mean of means gives each group the same weight, however large it is.

`avg(avg by (zone) (x))` counts a zone with one instance as much as one with a hundred. Rarely is that
meant, and the number is not the mean that the title promises.

Write `avg(x)`, or name the weights: `sum(sum by (zone) (x)) / count(x)`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.query.promql.promql_nodes import AggregateExpr
from dashgen.query.promql.promql_view import bare


@lint_rule(
    presets=[Preset.STRICT],
    bad="""
        title: Queue
        query: avg(avg by (queue) (queue_length))
    """,
    good="""
        title: Queue
        query: avg(queue_length)
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each mean of a mean."""
    if query.promql is None:
        return
    for node in query.promql.aggregations:
        inner = bare(node.expr)
        if node.op == "avg" and isinstance(inner, AggregateExpr) and inner.op == "avg":
            message = "a mean of means gives each group the same weight"
            yield query.at(node.start, message, "take the mean once, of all series")
