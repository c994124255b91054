"""A dashboard over a long time reloads every few seconds.

Over a week one pixel of a graph is ten minutes. A new value every ten seconds moves nothing that anybody
sees, and the queries over the whole week are the most expensive ones.

Reload about once in a hundredth of a pixel's worth at most: every minute for a day or two, every 5 minutes
for a week. Turn the refresh off for reports.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, Preset, lint_rule
from dashgen.model.duration import lenient_seconds
from dashgen.model.times import range_seconds

_PIXELS = 1000
_TOLERATED = 10


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        kind: Dashboard
        title: Sales
        time: 30d
        refresh: 1m
        panels:
          - {title: Requests, query: 'sum(increase(http_requests_total[1d]))'}
    """,
    good="""
        kind: Dashboard
        title: Sales
        time: 30d
        refresh: 1h
        panels:
          - {title: Requests, query: 'sum(increase(http_requests_total[1d]))'}
    """,
)
def check(dashboard: LintDashboard) -> Iterator[LintProblem]:
    """Yield a problem for a refresh that is far shorter than a pixel of the time range."""
    refresh = lenient_seconds(dashboard.refresh)
    length = range_seconds(dashboard.time, dashboard.time_to)
    if not refresh or length is None:
        return
    pixel = length / _PIXELS
    if refresh * _TOLERATED < pixel:
        minutes = round(pixel / 60)
        message = f"it reloads every {dashboard.refresh}, but a pixel of its time range is {minutes} minutes"
        yield dashboard.problem(message, "refresh", hint="reload less often, or turn the refresh off")
