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
    """Yield a problem for the second row of a title; those after it are not counted one by one."""
    title = row.title.strip().casefold()
    if not title or row.repeat or "$" in title or "[[" in title:
        return
    beside = [one for one in row.dashboard.rows if one.around is row.around and not one.repeat]
    alike = [one for one in beside if one.title.strip().casefold() == title]
    if len(alike) > 1 and alike[1] is row:
        message = f"another {row.kind} is called `{row.title}` too"
        yield row.problem(message, "title", hint="put what differs into the titles")
