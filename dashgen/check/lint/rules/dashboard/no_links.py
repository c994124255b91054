"""A dashboard leads nowhere.

Who sees a red number wants the next step with one click: the dashboard with the details, the logs, the
runbook. Without links everybody searches, at night too.

Add `links:` to the dashboard, or `drill_down:` to its panels.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, Preset, Severity, lint_rule


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        kind: Dashboard
        title: Orders
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
    """,
    good="""
        kind: Dashboard
        title: Orders
        links:
          - {title: Runbook, url: 'https://wiki.shop.internal/orders'}
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
    """,
)
def check(dashboard: LintDashboard) -> Iterator[LintProblem]:
    """Yield a problem for a dashboard without any link."""
    if next(dashboard.all_links, None) is None:
        message = f"the dashboard `{dashboard.title}` has no link to details, logs or a runbook"
        hint = "add `links:`, or `drill_down:` to its panels"
        yield dashboard.problem(message, "title", hint=hint)
