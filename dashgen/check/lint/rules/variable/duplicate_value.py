"""A variable offers one value twice.

Both entries of the list do the same, and with several values chosen the value is in the query twice.

Remove one of them.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintVariable, Preset, Safety, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.SAFE,
    bad="""
        {name: method, type: custom, values: [GET, POST, GET]}
    """,
    good="""
        {name: method, type: custom, values: [GET, POST]}
    """,
)
def check(variable: LintVariable) -> Iterator[LintProblem]:
    """Yield a problem for each value that is there before."""
    if variable.type != "custom":
        return
    for number, value in enumerate(variable.values):
        if value in variable.values[:number]:
            message = f"`{variable.name}` offers `{value}` twice"
            edits = variable.remove(("values", number)) if variable.is_list else ()
            yield variable.problem(message, "values", number, hint="remove it", edits=edits)
