"""A visible variable has only one value to choose.

It takes room above the dashboard, and readers wonder what they are missing.

Hide it with `hide: variable`, make it a constant, or write the value into the queries.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintVariable, Preset, Severity, lint_rule


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        {name: method, type: custom, values: [GET]}
    """,
    good="""
        {name: method, type: custom, values: [GET, POST]}
    """,
)
def check(variable: LintVariable) -> Iterator[LintProblem]:
    """Yield a problem for a visible list with one entry."""
    if variable.type == "custom" and variable.hide != "variable" and len(variable.values) == 1:
        message = f"`{variable.name}` has one value to choose, `{variable.values[0]}`"
        yield variable.problem(message, "values", hint="hide it, or write the value into the queries")
