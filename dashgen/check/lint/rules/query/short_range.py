"""The range of a rate is shorter than four scrapes.

A rate needs two samples in its range. With a range of two scrapes, one sample that is late or missing
leaves a gap, and an alert on it resolves and fires again. Below two scrapes there is never a value.

Write a range of at least four scrape intervals, or `$__rate_interval` on a panel. Without `scrape_interval`
at the data source nothing is known and nothing found.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, lint_rule
from dashgen.model.duration import lenient_seconds
from dashgen.query.promql.promql_nodes import MatrixSelector, seconds_of

_NEED_TWO = frozenset({"rate", "irate", "increase", "delta", "idelta", "deriv"})
_ENOUGH = 4
_LEAST = 2


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        alert: HighErrorRate
        query: sum(rate(http_requests_total{code="500"}[30s]))
        when: above 1
        for: 5m
        summary: More than one request a second fails
    """,
    good="""
        alert: HighErrorRate
        query: sum(rate(http_requests_total{code="500"}[5m]))
        when: above 1
        for: 5m
        summary: More than one request a second fails
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each range with too few scrapes."""
    scrape = lenient_seconds(project.scrape_interval) if project.scrape_interval else None
    if query.promql is None or not scrape:
        return
    for call in query.promql.calls:
        series = call.args[0] if call.name in _NEED_TWO else None
        if not isinstance(series, MatrixSelector) or query.promql.has_variable(series.range):
            continue
        seconds = seconds_of(series.range)
        if seconds is None or seconds >= _ENOUGH * scrape:
            continue
        effect = "never has a value" if seconds < _LEAST * scrape else "has gaps when a scrape fails"
        written = query.promql.written(series.range)
        message = f"`{call.name}` over `{written}` with scrapes every {project.scrape_interval} {effect}"
        hint = f"write at least `{int(_ENOUGH * scrape)}s`"
        yield query.at(series.range.start, message, hint)
