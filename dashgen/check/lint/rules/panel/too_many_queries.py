"""A panel asks more queries than one picture can show.

Each is a request at every refresh, and ten lines of ten queries are a tangle.

Ask once and group by a label, or make several panels. The option `most` says how many are enough.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintProject, Preset, lint_rule

_MOST = 10


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        title: Requests
        queries:
          - for_each: {number: "${{ range(11) }}"}
            query: sum(rate(http_requests_total[5m])) * ${{ number }}
            legend: ${{ number }}
    """,
    good="""
        title: Requests
        query: sum by (handler) (rate(http_requests_total[5m]))
    """,
)
def check(panel: LintPanel, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a panel with too many queries; a table joins many on purpose."""
    most = project.option("panel/too-many-queries", "most", _MOST)
    if panel.type != "table" and len(panel.queries) > most:
        message = f"{panel.words} asks {len(panel.queries)} queries, more than {most}"
        yield panel.problem(message, "queries", hint="ask once and group by a label")
