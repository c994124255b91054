"""Two filters are added, which gives values only where both let series through.

A comparison without `bool` is a filter: `(a > 1) + (b > 1)` is the sum of the values of series that pass
both, and nothing for all others. Mostly the number of conditions that hold was meant.

Write `bool`: `(a > bool 1) + (b > bool 1)`. Put `or vector(0)` around a filter whose values are meant.
A difference compares what both let through, as alerts do, and is no finding.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.query.promql.promql_names import COMPARISONS
from dashgen.query.promql.promql_nodes import BinaryExpr, Expr
from dashgen.query.promql.promql_view import bare


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Long queues
        query: (max(queue_length{queue="mail"}) > 10) + (max(queue_length{queue="export"}) > 10)
    """,
    good="""
        title: Long queues
        query: (max(queue_length{queue="mail"}) > bool 10) + (max(queue_length{queue="export"}) > bool 10)
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each sum of two comparisons that filter."""
    if query.promql is None or query.promql.is_open:
        return
    for node in query.promql.operations:
        if node.op == "+" and _is_filter(node.lhs) and _is_filter(node.rhs):
            message = "both sides are filters: there is a value only where both let a series through"
            yield query.at(node.op_start, message, "write `bool` after the comparisons")


def _is_filter(node: Expr) -> bool:
    node = bare(node)
    return isinstance(node, BinaryExpr) and node.op in COMPARISONS and not node.return_bool
