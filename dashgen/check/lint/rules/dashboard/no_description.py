"""A dashboard has no description.

Who finds one of many dashboards in a list learns from the description what it is for, whose it is and when
to look at it. Search finds it by these words too.

Write `description:` with what the dashboard answers, and for whom.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, Preset, lint_rule


@lint_rule(
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
        description: Whether customers can order. For the shop team; look here first when an alert fires.
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
    """,
)
def check(dashboard: LintDashboard) -> Iterator[LintProblem]:
    """Yield a problem for a dashboard without a description."""
    if not dashboard.description.strip():
        hint = "write what it answers, and for whom, as `description:`"
        message = f"the dashboard `{dashboard.title}` has no description"
        yield dashboard.problem(message, "title", hint=hint)
