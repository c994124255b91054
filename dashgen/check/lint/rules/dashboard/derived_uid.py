"""The uid of a dashboard comes from its title.

The uid is in every bookmark, link and alert message. A better title would change it, and break them all.

Write today's uid as `uid:`; then the title is free.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, Preset, Safety, Severity, lint_rule
from dashgen.core.json_values import mapping


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    fix=Safety.SAFE,
    bad="""
        kind: Dashboard
        title: Orders
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
    """,
    good="""
        kind: Dashboard
        title: Orders
        uid: orders
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
    """,
)
def check(dashboard: LintDashboard) -> Iterator[LintProblem]:
    """Yield a problem for a spec without a uid."""
    if dashboard.is_spec and not mapping(dashboard.place.value).get("uid"):
        message = f"the uid `{dashboard.uid}` follows from the title, and changes with it"
        edits = dashboard.set(("uid",), dashboard.uid)
        yield dashboard.problem(message, "title", hint=f"write `uid: {dashboard.uid}`", edits=edits)
