"""A dashboard for everybody has the time zone of one place.

People elsewhere read times that are hours off from their own clocks, and from those of the logs.

Leave the time zone to the browser. Inside one company a fixed zone may be right, so only the preset for
others' dashboards has this rule.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, Preset, Severity, lint_rule

_OPEN = frozenset(("", "browser", "default", "utc"))


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.COMMUNITY],
    bad="""
        kind: Dashboard
        title: Orders
        timezone: Europe/Berlin
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
    """,
    good="""
        kind: Dashboard
        title: Orders
        timezone: browser
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
    """,
)
def check(dashboard: LintDashboard) -> Iterator[LintProblem]:
    """Yield a problem for the zone of a place."""
    if dashboard.timezone.lower() not in _OPEN:
        message = f"the time zone `{dashboard.timezone}` is that of one place"
        yield dashboard.problem(message, "timezone", hint="write `timezone: browser`")
