"""Two rows of a dashboard have one title.

Folded, they look the same, and nobody knows which one to open.

Put what differs into the titles, or make one row of both.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRow, Preset, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        kind: Dashboard
        title: Example
        rows:
          - title: Traffic
            panels: [{title: Requests, query: 'sum(up)'}]
          - title: Traffic
            panels: [{title: Answers, query: 'count(up)'}]
    """,
    good="""
        kind: Dashboard
        title: Example
        rows:
          - title: Incoming traffic
            panels: [{title: Requests, query: 'sum(up)'}]
          - title: Outgoing traffic
            panels: [{title: Answers, query: 'count(up)'}]
    """,
)
def check(row: LintRow) -> Iterator[LintProblem]:
    """Yield a problem for a row whose title an earlier one has."""
    title = row.title.strip().casefold()
    if not title or row.repeat or "$" in title or "[[" in title:
        return
    for other in row.dashboard.rows:
        if other is row:
            return
        if other.title.strip().casefold() == title and not other.repeat:
            message = f"another row is called `{row.title}` too"
            yield row.problem(message, "title", hint="put what differs into the titles")
            return
