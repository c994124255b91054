"""A dashboard has more panels than a person reads.

Every panel that is on the screen asks its queries again at each refresh, and what matters drowns. Panels of
collapsed rows do not count: they ask nothing until the row is opened.

Move details to a dashboard of their own and link it with `drill_down:`, or collapse their row. The option
`most` says how many panels are enough.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, LintProject, Preset, lint_rule

_MOST = 30


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        kind: Dashboard
        title: Everything
        panels:
          - for_each: {number: "${{ range(31) }}"}
            title: Panel ${{ number }}
            query: sum(rate(http_requests_total[$__rate_interval])) * ${{ number }}
    """,
    good="""
        kind: Dashboard
        title: Everything
        rows:
          - title: Details
            collapsed: true
            panels:
              - for_each: {number: "${{ range(31) }}"}
                title: Panel ${{ number }}
                query: sum(rate(http_requests_total[$__rate_interval])) * ${{ number }}
    """,
)
def check(dashboard: LintDashboard, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a dashboard with too many panels that are open at first."""
    most = project.option("dashboard/too-many-panels", "most", _MOST)
    count = sum(len(row.panels) for row in dashboard.rows if row.is_open)
    if count > most:
        hint = "collapse rows of details, or move them to a dashboard of their own"
        yield dashboard.problem(f"{count} panels are open at first, more than {most}", "title", hint=hint)
