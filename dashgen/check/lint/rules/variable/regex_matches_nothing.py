"""The pattern of a variable matches none of the values that the contract lists.

The list is empty, and with it every panel that uses the variable.

Correct `regex:`; without slashes it has to match somewhere in the value.
"""

import re
from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintVariable, Preset, lint_rule
from dashgen.query.variable_query import read_variable_query


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        name: code
        query: label_values(http_requests_total, code)
        regex: /^3../
    """,
    good="""
        name: code
        query: label_values(http_requests_total, code)
        regex: /^[45]../
    """,
)
def check(variable: LintVariable, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a pattern that leaves no listed value."""
    query, contract = variable.query, project.contract
    pattern = _pattern(variable.regex)
    if query is None or contract is None or pattern is None:
        return
    values_query = read_variable_query(query.text, query.language)
    label = values_query.label
    values = contract.label_values(values_query.query.partition("{")[0].strip(), label)
    if values and not any(pattern.search(value) for value in values):
        message = f"`{variable.regex}` matches no value of `{label}`: {', '.join(sorted(values)[:5])}"
        yield variable.problem(message, "regex", hint="correct the pattern")


def _pattern(text: str) -> re.Pattern[str] | None:
    """The pattern of a variable; None without one, with variables in it, or when it is not like Python's."""
    if not text or "$" in text.rstrip("/$"):
        return None
    inner, slash, flags = text.removeprefix("/").rpartition("/")
    try:
        return re.compile(
            inner if text.startswith("/") and slash else text, re.IGNORECASE if "i" in flags else 0
        )
    except re.error:
        return None
