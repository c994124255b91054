"""A dashboard has no tags.

Tags are how dashboards are found among hundreds, and how links at the top of a dashboard gather the related
ones. The tag `dashgen`, which every build adds, tells nobody what a dashboard is about.

Write the names of the service and the team as `tags:`, for one dashboard or in the project's defaults.
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
        tags: [shop]
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
    """,
)
def check(dashboard: LintDashboard) -> Iterator[LintProblem]:
    """Yield a problem for a dashboard without a tag of its own."""
    if not set(dashboard.tags) - {"dashgen"}:
        hint = "add the service and the team as `tags:`"
        yield dashboard.problem(f"the dashboard `{dashboard.title}` has no tags", "title", hint=hint)
