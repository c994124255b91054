"""The title of a dashboard does not have the form that the organisation wants.

Titles of one form sort and search well: `Shop / Orders`.

Write the title as `policy.dashboard_names` in dashgen.yaml says: a regular expression for the whole title.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, LintProject, Preset, lint_rule
from dashgen.query.re2_patterns import matches_whole


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        policy: {dashboard_names: '[A-Z][a-z]+ / .+'}
        ---
        kind: Dashboard
        title: orders
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
    good="""
        policy: {dashboard_names: '[A-Z][a-z]+ / .+'}
        ---
        kind: Dashboard
        title: Shop / Orders
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
)
def check(dashboard: LintDashboard, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a title of another form."""
    form = project.policy.dashboard_names
    if form is not None and matches_whole(form, dashboard.title) is False:
        message = f"the title `{dashboard.title}` does not have the form `{form}`"
        yield dashboard.problem(message, "title", hint="write it as `policy.dashboard_names` says")
