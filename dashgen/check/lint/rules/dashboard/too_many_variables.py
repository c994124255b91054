"""A dashboard asks its readers to choose more than they can oversee.

Every choice above the dashboard may be why a graph is empty, and every query of a variable runs before the
first panel does.

Leave those that change what is learned; put the others into dashboards of their own. The option `most` says
how many choices are enough. Hidden ones do not count.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, LintProject, Preset, Severity, lint_rule

_MOST = 8
_CHOICES = "\n          ".join(f"- {{name: v{n}, type: custom, values: [a, b]}}" for n in range(_MOST + 1))


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad=f"""
        kind: Dashboard
        title: Everything
        variables:
          {_CHOICES}
        panels: [{{title: Requests, query: 'sum(up)'}}]
    """,
    good="""
        kind: Dashboard
        title: Everything
        variables:
          - {name: code, type: custom, values: ['200', '500']}
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
)
def check(dashboard: LintDashboard, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a dashboard with too many visible variables."""
    most = project.option("dashboard/too-many-variables", "most", _MOST)
    count = sum(variable.hide != "variable" for variable in dashboard.variables)
    if count > most:
        message = f"{count} variables to choose from are more than {most}"
        yield dashboard.problem(message, "title", hint="hide or remove those that hardly matter")
