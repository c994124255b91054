"""Many panels stand together without rows.

Readers look for the group first and for the graph second. Rows with titles such as `Traffic`, `Errors` and
`Database` are the table of contents, and each can be folded away.

Group related panels under `rows:`. The option `most` says how many need no rows.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, LintProject, Preset, lint_rule

_MOST = 12


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        kind: Dashboard
        title: Everything
        panels:
          - for_each: {number: "${{ range(13) }}"}
            title: Panel ${{ number }}
            query: sum(rate(http_requests_total[$__rate_interval])) * ${{ number }}
    """,
    good="""
        kind: Dashboard
        title: Everything
        rows:
          - title: Traffic
            panels:
              - for_each: {number: "${{ range(13) }}"}
                title: Panel ${{ number }}
                query: sum(rate(http_requests_total[$__rate_interval])) * ${{ number }}
    """,
)
def check(dashboard: LintDashboard, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for many panels in a dashboard without any row."""
    most = project.option("dashboard/ungrouped-panels", "most", _MOST)
    count = len(dashboard.panels)
    if count > most and not any(row.title for row in dashboard.rows):
        hint = "group related panels under `rows:`"
        yield dashboard.problem(f"{count} panels stand together without a row", "title", hint=hint)
