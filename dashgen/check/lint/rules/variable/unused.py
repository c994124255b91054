"""A variable changes nothing on its dashboard.

Readers choose a value and wait for the graphs to change. They conclude that both values behave alike.

Use it in the queries, or remove it. One that other dashboards get through links may be hidden.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintVariable, Preset, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        {name: method, type: custom, values: [GET, POST]}
    """,
    good="""
        kind: Dashboard
        title: Example
        variables:
          - {name: method, type: custom, values: [GET, POST]}
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total{method="$method"}[5m]))'}
    """,
)
def check(variable: LintVariable) -> Iterator[LintProblem]:
    """Yield a problem for a variable that nothing refers to."""
    dashboard = variable.dashboard
    if variable.type == "adhoc" or dashboard.has_library_panels or not variable.name:
        return
    passed_on = variable.hide == "variable" and next(dashboard.all_links, None) is not None
    if not passed_on and variable.name not in dashboard.used_names:
        message = f"nothing on the dashboard uses the variable `{variable.name}`"
        yield variable.problem(message, "name", hint="use it in the queries, or remove it")
