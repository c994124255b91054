"""A panel is repeated by a variable that has one value.

There is one copy, always, and readers who expect a panel for each value see only the first.

Let several be chosen: `multi: true`. For specs the build itself finds this.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule


@lint_rule(
    presets=[Preset.COMMUNITY],
    bad="""
        kind: Dashboard
        title: Example
        variables:
          - {name: code, type: custom, values: ['200', '500']}
        panels:
          - {title: Requests of $code, repeat: code, query: 'sum(rate(http_requests_total{code="$code"}[5m]))'}
    """,
    good="""
        kind: Dashboard
        title: Example
        variables:
          - {name: code, type: custom, values: ['200', '500'], multi: true}
        panels:
          - {title: Requests of $code, repeat: code, query: 'sum(rate(http_requests_total{code=~"$code"}[5m]))'}
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for a repetition by a variable of one value."""
    variable = panel.dashboard.variable(panel.repeat) if panel.repeat else None
    if variable is not None and not variable.multi and not variable.include_all:
        message = f"{panel.words} is repeated by `{panel.repeat}`, which has one value at a time"
        yield panel.problem(message, "repeat", hint="let several be chosen: `multi: true`")
