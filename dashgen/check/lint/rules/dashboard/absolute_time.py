"""A dashboard opens with dates that lie in the past.

Grafana writes the time range that was on the screen when somebody saved the dashboard. Whoever opens it sees
that afternoon again, and mostly no data at all.

Write a range that ends now, such as `time: 6h`. A dashboard about an event of the past is an exception:
ignore the rule there, with the reason.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, Preset, lint_rule

_LIVE = frozenset(("prometheus", "loki", "tempo", "influxdb", "graphite"))
"""Data sources whose data grow; tables of a database or a file may be about the past."""


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        kind: Dashboard
        title: Orders
        time: 2026-01-05T10:00:00Z to 2026-01-05T12:00:00Z
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
    """,
    good="""
        kind: Dashboard
        title: Orders
        time: 2h
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
    """,
)
def check(dashboard: LintDashboard) -> Iterator[LintProblem]:
    """Yield a problem for a time range of dates."""
    if dashboard.time_to.startswith("now") or not dashboard.time[:1].isdigit():
        return  # `2023-01-01 to now` is all that there is
    if any(query.language in _LIVE for query in dashboard.queries):
        message = f"it opens with the fixed time {dashboard.time} to {dashboard.time_to}"
        yield dashboard.problem(message, "time", hint="write a range that ends now, such as `6h`")
