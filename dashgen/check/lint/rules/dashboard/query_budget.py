"""A dashboard asks too many queries a minute.

Each open browser asks every query of the panels on the screen at each refresh. Thirty queries every 5 seconds
are 360 a minute and person, which a small Prometheus notices, also in its alert rules.

Reload less often, collapse rows of details, or record what is expensive with a recording rule. The option
`per_minute` says how much is allowed.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, LintProject, Preset, lint_rule
from dashgen.model.duration import lenient_seconds

_PER_MINUTE = 150


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        kind: Dashboard
        title: Everything
        refresh: 5s
        panels:
          - for_each: {number: "${{ range(20) }}"}
            title: Panel ${{ number }}
            query: sum(rate(http_requests_total[$__rate_interval])) * ${{ number }}
    """,
    good="""
        kind: Dashboard
        title: Everything
        refresh: 30s
        panels:
          - for_each: {number: "${{ range(20) }}"}
            title: Panel ${{ number }}
            query: sum(rate(http_requests_total[$__rate_interval])) * ${{ number }}
    """,
)
def check(dashboard: LintDashboard, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a dashboard whose open panels ask too much."""
    most = project.option("dashboard/query-budget", "per_minute", _PER_MINUTE)
    refresh = lenient_seconds(dashboard.refresh)
    if not refresh:
        return
    queries = sum(len(panel.queries) for row in dashboard.rows if row.is_open for panel in row.panels)
    per_minute = round(queries * 60 / refresh)
    if per_minute > most:
        message = f"{queries} queries every {dashboard.refresh} are {per_minute} a minute, more than {most}"
        hint = "reload less often, or collapse rows of details"
        yield dashboard.problem(message, "refresh", hint=hint)
