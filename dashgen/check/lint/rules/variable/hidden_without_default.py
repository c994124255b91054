"""A hidden variable has no value that somebody chose.

Grafana takes the first value that the query gives, whatever that is today, and nobody sees which one it is.

Write `default:`, or show the variable. Data sources and constants are no finding.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintVariable, Preset, lint_rule


@lint_rule(
    presets=[Preset.STRICT],
    bad="""
        name: handler
        query: label_values(http_requests_total, handler)
        hide: variable
    """,
    good="""
        name: handler
        query: label_values(http_requests_total, handler)
        hide: variable
        default: /orders
    """,
)
def check(variable: LintVariable) -> Iterator[LintProblem]:
    """Yield a problem for a hidden choice without a default."""
    is_choice = variable.type in ("query", "custom") and not variable.include_all
    # A variable that a regular expression cuts out of one answer has one value, which nobody has to choose.
    derived = variable.query is not None and "query_result" in variable.query.text
    if variable.hide == "variable" and is_choice and not variable.has_default and not derived:
        message = f"the hidden variable `{variable.name}` takes the first value that there is"
        yield variable.problem(message, "hide", hint="write `default:`, or show it")
