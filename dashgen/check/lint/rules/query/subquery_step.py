"""The step of a subquery does not fit its range, or what it asks.

A step longer than the range leaves one point or none. A step longer than the range of the rate inside
leaves gaps: of `max_over_time(rate(x[1m])[1h:5m])`, four minutes in five are not looked at.

Write a step that is at most the range inside, and much less than the range outside.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.query.promql.promql_nodes import Call, MatrixSelector, SubqueryExpr, seconds_of
from dashgen.query.promql.promql_view import PromQLView, bare


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Peak of the last hour
        query: max_over_time(sum(rate(http_requests_total[1m]))[1h:5m])
    """,
    good="""
        title: Peak of the last hour
        query: max_over_time(sum(rate(http_requests_total[5m]))[1h:5m])
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each subquery with such a step."""
    view = query.promql
    if view is None:
        return
    for node in view.of(SubqueryExpr):
        step = None if node.step is None or view.has_variable(node.step) else seconds_of(node.step)
        if node.step is None or step is None:
            continue
        outer = None if view.has_variable(node.range) else seconds_of(node.range)
        inner = _shortest_range(view, node)
        if outer is not None and step >= outer:
            message = f"a step of `{view.written(node.step)}` leaves at most one point in the range"
            yield query.at(node.step.start, message, "write a shorter step, or no subquery")
        elif inner is not None and step > inner:
            message = f"the step `{view.written(node.step)}` is longer than the range inside: there are gaps"
            yield query.at(node.step.start, message, "write a step that is at most the range inside")


def _shortest_range(view: PromQLView, node: SubqueryExpr) -> float | None:
    """The seconds of the shortest range of what a subquery asks at each step."""
    ranges = [
        seconds_of(part.args[0].range)
        for part in view.below(bare(node.expr))
        if isinstance(part, Call)
        and part.args
        and isinstance(part.args[0], MatrixSelector)
        and not view.has_variable(part.args[0].range)
    ]
    lengths = [one for one in ranges if one is not None]
    return min(lengths) if lengths and len(lengths) == len(ranges) else None
