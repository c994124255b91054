"""An increase is divided by the seconds of its range, which is what `rate` is.

`increase(x[5m]) / 300` is `rate(x[5m])`. When somebody changes the range and forgets the number, the result
is wrong and looks right.

Write `rate`, and `increase` instead of a rate times the seconds of its range.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, Severity, lint_rule
from dashgen.query.promql.promql_nodes import Call, Expr, MatrixSelector, NumberLiteral, seconds_of
from dashgen.query.promql.promql_view import PromQLView, bare

_INVERSE = {("increase", "/"): "rate", ("rate", "*"): "increase"}


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.SAFE,
    bad="""
        title: Jobs a second
        query: max(increase(jobs_finished_total[10m]) / 600)
    """,
    good="""
        title: Jobs a second
        query: max(rate(jobs_finished_total[10m]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each number that turns one of the two into the other."""
    view = query.promql
    if view is None or view.is_open:
        return
    for node in view.operations:
        call, number = bare(node.lhs), bare(node.rhs)
        if not isinstance(call, Call) or not isinstance(number, NumberLiteral) or view.has_variable(number):
            continue
        instead = _INVERSE.get((call.name, node.op))
        if instead is not None and _seconds(view, call) == number.val:
            text = f"{instead}({view.written(call.args[0])})"
            message = f"`{call.name}` {node.op} {number.val:g} is `{instead}`"
            yield query.at(
                node.start, message, f"write `{text}`", query.replacing(node.start, node.end, text)
            )


def _seconds(view: PromQLView, call: Call) -> float | None:
    series: Expr = call.args[0]
    if not isinstance(series, MatrixSelector) or view.has_variable(series.range):
        return None
    return seconds_of(series.range)
