"""A row has the title that Grafana gives to new ones.

`Row title` is what stands there until somebody writes what the row is about.

Name the group, such as `Traffic`, `Errors` or `Database`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRow, Preset, lint_rule

_DEFAULTS = frozenset(("row title", "new row", "dashboard row", "row"))


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        kind: Dashboard
        title: Example
        rows:
          - title: Row title
            panels: [{title: Requests, query: 'sum(up)'}]
    """,
    good="""
        kind: Dashboard
        title: Example
        rows:
          - title: Traffic
            panels: [{title: Requests, query: 'sum(up)'}]
    """,
)
def check(row: LintRow) -> Iterator[LintProblem]:
    """Yield a problem for a row with Grafana's own title."""
    if row.title.strip().lower() in _DEFAULTS:
        message = f"the {row.kind} is still called `{row.title}`"
        yield row.problem(message, "title", hint="name the group of panels")
