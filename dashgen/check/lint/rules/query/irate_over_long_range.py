"""`irate` has a long range, of which it uses the last two samples.

`irate(x[1h])` reads like a mean over an hour. It is the rate between the last two samples; the hour only
says how far back the two may lie.

Write `rate` for a mean. The option `longest` says which ranges count as short (10 minutes).
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, Safety, Severity, lint_rule
from dashgen.query.promql.promql_nodes import MatrixSelector, seconds_of

_LONGEST = 600


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Requests of the last hour
        query: sum(irate(http_requests_total[1h]))
    """,
    good="""
        title: Requests of the last hour
        query: sum(rate(http_requests_total[1h]))
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each `irate` with a range that is written and long."""
    if query.promql is None:
        return
    longest = project.option("query/irate-over-long-range", "longest", _LONGEST)
    for call in query.promql.calls:
        series = call.args[0] if call.name in {"irate", "idelta"} else None
        if not isinstance(series, MatrixSelector) or query.promql.has_variable(series.range):
            continue
        seconds = seconds_of(series.range)
        if seconds is not None and seconds > longest:
            written = query.promql.written(series.range)
            plain = call.name[1:]
            message = f"of `{written}`, `{call.name}` uses the last two samples"
            edits = query.replacing(call.start, call.start + len(call.name), plain)
            yield query.at(call.start, message, f"write `{plain}`", edits)
