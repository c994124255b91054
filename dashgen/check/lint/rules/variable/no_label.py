"""A variable is shown by a name that only queries understand.

Above the dashboard stands `db_inst` or `ns` where a reader expects "Database" or "Namespace".

Write `label:`. A name that is one word needs none.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintVariable, Preset, Severity, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_ONE_WORD = lazy_pattern(r"[A-Z]?[a-z]{4,}|app|job|pod|api|env|url|vm|os|ip")


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        {name: http_meth, type: custom, values: [GET, POST]}
    """,
    good="""
        {name: http_meth, label: Method, type: custom, values: [GET, POST]}
    """,
)
def check(variable: LintVariable) -> Iterator[LintProblem]:
    """Yield a problem for a visible name that is no word, without a label."""
    if variable.hide == "nothing" and not variable.label and not _ONE_WORD.fullmatch(variable.name):
        message = f"readers see the variable as `{variable.name}`"
        yield variable.problem(message, "name", hint="write `label:` with a word of theirs")
