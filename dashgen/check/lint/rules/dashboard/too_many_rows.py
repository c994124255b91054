"""A dashboard has more rows than a table of contents should.

Past a dozen groups it is several dashboards in one, and each reader scrolls past what the others need.

Split it by reader or by question, and link the parts. The option `most` says how many rows are enough.
"""

from collections import Counter
from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, LintProject, Preset, Severity, lint_rule

_MOST = 12


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        kind: Dashboard
        title: Everything
        rows:
          - for_each: {number: "${{ range(13) }}"}
            title: Group ${{ number }}
            panels: [{title: Requests, query: 'sum(up) + ${{ number }}'}]
    """,
    good="""
        kind: Dashboard
        title: Everything
        rows:
          - for_each: {number: "${{ range(12) }}"}
            title: Group ${{ number }}
            panels: [{title: Requests, query: 'sum(up) + ${{ number }}'}]
    """,
)
def check(dashboard: LintDashboard, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a dashboard with too many rows."""
    most = project.option("dashboard/too-many-rows", "most", _MOST)
    # Rows of one tab are read together; there may be more of them in all.
    together = Counter(id(row.around) for row in dashboard.rows if row.title)
    count = max(together.values(), default=0)
    if count > most:
        hint = "split it by reader or by question, and link the parts"
        yield dashboard.problem(f"{count} rows are more than {most}", "title", hint=hint)
