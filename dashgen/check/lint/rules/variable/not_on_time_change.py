"""The values of a variable are those of the time when the dashboard was opened, or saved.

Prometheus and Loki list the values of the chosen time range. Who goes back to last week's outage cannot
choose the instance that failed then, as it is gone today.

Write `refresh: time`, which is what specs have anyway.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintVariable, Preset, Safety, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED],
    fix=Safety.SAFE,
    bad="""
        name: handler
        query: label_values(http_requests_total, handler)
        refresh: load
    """,
    good="""
        name: handler
        query: label_values(http_requests_total, handler)
    """,
)
def check(variable: LintVariable) -> Iterator[LintProblem]:
    """Yield a problem for a query variable that does not follow the time range."""
    query = variable.query
    if query is not None and query.language in ("prometheus", "loki") and variable.refresh != "time":
        message = f"the values of `{variable.name}` do not follow the time range"
        edits = variable.set(("refresh",), "time")
        yield variable.problem(message, "refresh", hint="write `refresh: time`", edits=edits)
