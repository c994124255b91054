"""A row has more panels than a group should.

A reader who opens it scrolls through several screens and loses the thread.

Split it into rows of one question each. The option `most` says how many panels are enough.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintRow, Preset, Severity, lint_rule

_MOST = 16


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        kind: Dashboard
        title: Everything
        rows:
          - title: Traffic
            panels:
              - for_each: {number: "${{ range(17) }}"}
                title: Panel ${{ number }}
                query: sum(rate(http_requests_total[$__rate_interval])) * ${{ number }}
    """,
    good="""
        kind: Dashboard
        title: Everything
        rows:
          - title: Traffic
            panels:
              - for_each: {number: "${{ range(16) }}"}
                title: Panel ${{ number }}
                query: sum(rate(http_requests_total[$__rate_interval])) * ${{ number }}
    """,
)
def check(row: LintRow, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a row with too many panels."""
    most = project.option("row/too-many-panels", "most", _MOST)
    if row.title and len(row.panels) > most:
        message = f"the {row.kind} `{row.title}` has {len(row.panels)} panels, more than {most}"
        yield row.problem(message, "title", hint="split it into rows of one question each")
