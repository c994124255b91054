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
    if query is None or contract is None or not variable.regex or "$" in variable.regex.rstrip("/$"):
        return
    asked = read_variable_query(query.text, query.language)
    values = contract.label_values(asked.query.partition("{")[0].strip(), asked.label)
    text, slash, flags = variable.regex.removeprefix("/").rpartition("/")
    pattern = text if variable.regex.startswith("/") and slash else variable.regex
    try:
        regex = re.compile(pattern, re.IGNORECASE if "i" in flags else 0)
    except re.error:
        return  # of JavaScript, and unlike Python's
    if values and not any(regex.search(value) for value in values):
        message = f"`{variable.regex}` matches no value of `{asked.label}`: {', '.join(sorted(values)[:5])}"
        yield variable.problem(message, "regex", hint="correct the pattern")
