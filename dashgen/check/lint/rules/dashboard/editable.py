"""A dashboard that is built from specs can be edited in Grafana.

What somebody saves there is overwritten by the next push, or has to be pulled back. With `editable: false`
Grafana offers no editing in the first place.

Write `editable: false`, for one dashboard or in the project's defaults. Leave it where people edit in
Grafana and `dashgen pull` brings their edits back.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, Preset, Safety, Severity, lint_rule


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    fix=Safety.UNSAFE,
    bad="""
        kind: Dashboard
        title: Orders
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
    """,
    good="""
        kind: Dashboard
        title: Orders
        editable: false
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
    """,
)
def check(dashboard: LintDashboard) -> Iterator[LintProblem]:
    """Yield a problem for a dashboard that can be edited."""
    if dashboard.editable:
        message = f"the dashboard `{dashboard.title}` can be edited in Grafana"
        edits = dashboard.set(("editable",), value=False)
        yield dashboard.problem(message, "title", hint="write `editable: false`", edits=edits)
