"""The panels of a row leave a hole between them.

A hole looks as if a panel had failed to load.

Let widths add up to 24 columns, or leave `width:` out: equal shares fill the row. The last line of a row may
be shorter.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRow, Preset, Severity, lint_rule

_COLUMNS = 24


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        kind: Dashboard
        title: Example
        rows:
          - title: Traffic
            panels:
              - {title: Requests, query: 'sum(up)', width: 8}
              - {title: Answers, query: 'sum(up)', width: 8}
              - {title: Errors, query: 'sum(up)', width: 24}
    """,
    good="""
        kind: Dashboard
        title: Example
        rows:
          - title: Traffic
            panels:
              - {title: Requests, query: 'sum(up)', width: 12}
              - {title: Answers, query: 'sum(up)', width: 12}
              - {title: Errors, query: 'sum(up)', width: 24}
    """,
)
def check(row: LintRow) -> Iterator[LintProblem]:
    """Yield a problem for a row in which columns stay free above a panel."""
    panels = row.panels
    if not row.dashboard.is_spec or any(panel.repeat for panel in panels):
        return
    last = max((panel.grid[1] for panel in panels), default=0)
    for line in sorted({panel.grid[1] for panel in panels if panel.grid[1] < last}):
        filled = sum(w for x, y, w, h in (panel.grid for panel in panels) if y <= line < y + h)
        if filled < _COLUMNS:
            name = f"the row `{row.title}`" if row.title else "the part above the rows"
            message = f"{name} has a hole of {_COLUMNS - filled} columns"
            yield row.problem(message, "title", hint="let widths add up to 24, or leave them out")
            return
