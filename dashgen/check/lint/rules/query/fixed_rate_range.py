"""The rate of a graph has a fixed range instead of `$__rate_interval`.

A graph over a month has a step of hours. With `rate(x[5m])` each point shows the last five minutes of its
step and nothing of the rest, so that peaks come and go as one zooms. `$__rate_interval` is as long as the
step, and never shorter than four scrapes.

Write `rate(x[$__rate_interval])`. Longer ranges than the option `longest` (5 minutes) count as intended,
and so do those of `increase`, whose number has the range as its unit. `irate` reads the last two samples,
however long its range is.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, Safety, lint_rule
from dashgen.query.promql.promql_nodes import MatrixSelector, SubqueryExpr, seconds_of

_LONGEST = 300


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Requests
        query: sum(rate(http_requests_total[5m]))
    """,
    good="""
        title: Requests
        query: sum(rate(http_requests_total[$__rate_interval]))
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each rate with a fixed range."""
    if query.promql is None or not query.is_drawn_over_time:
        return
    longest = project.option("query/fixed-rate-range", "longest", _LONGEST)
    for call in query.promql.calls:
        series = call.args[0] if call.name == "rate" else None
        if not isinstance(series, MatrixSelector) or query.promql.has_variable(series.range):
            continue
        if any(isinstance(one, SubqueryExpr) for one in query.promql.around(call)):
            continue  # the step of a subquery is not that of the graph
        seconds = seconds_of(series.range)
        if seconds is not None and seconds <= longest:
            written = query.promql.written(series.range)
            message = f"the range `{written}` does not grow with the step of the graph"
            edits = query.replacing(series.range.start, series.range.end, "$__rate_interval")
            yield query.at(series.range.start, message, "write `$__rate_interval`", edits)
