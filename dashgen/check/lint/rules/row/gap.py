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
    if not row.dashboard.is_spec or row.is_arranged or any(panel.repeat for panel in row.panels):
        return
    hole = _hole([panel.grid for panel in row.panels])
    if hole:
        name = f"the {row.kind} `{row.title}`" if row.title else "the part above the rows"
        message = f"{name} has a hole of {hole} columns"
        yield row.problem(message, "title", hint="let widths add up to 24, or leave them out")


def _hole(grids: list[tuple[int, int, int, int]]) -> int:
    """The free columns of the first line that has any, but the last one; 0 when there are none."""
    last = max((y for _, y, _, _ in grids), default=0)
    for line in sorted({y for _, y, _, _ in grids if y < last}):
        filled = sum(w for _, y, w, h in grids if y <= line < y + h)
        if filled < _COLUMNS:
            return _COLUMNS - filled
    return 0
