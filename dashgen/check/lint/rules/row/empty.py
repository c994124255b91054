"""A row has no panels.

Its title promises something that is not there. Mostly the panels were moved or deleted and the row was
forgotten.

Remove the row.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRow, Preset, Safety, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        kind: Dashboard
        title: Example
        rows:
          - title: Traffic
            panels: [{title: Requests, query: 'sum(up)'}]
          - title: Errors
            panels: []
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
    """Yield a problem for a row without panels."""
    if not row.panels and row.title and not row.holds_sections:
        message = f"the {row.kind} `{row.title}` has no panels"
        yield row.problem(message, hint="remove it", edits=row.remove(()))
