"""`All` of a variable stands for every single value.

Grafana puts them all into each query as `(a|b|c|…)`. With a few hundred values the query is longer than some
proxies allow, and slower than one without the matcher.

Write `all_value: '.*'` where series without the label may count too, or `'.+'` where not. The option `most`
says how many values the contract may list; a label without a limit counts as many.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintVariable, Preset, Safety, lint_rule
from dashgen.query.variable_query import read_variable_query

_MOST = 30


@lint_rule(
    presets=[Preset.STRICT],
    fix=Safety.UNSAFE,
    bad="""
        name: handler
        query: label_values(http_requests_total, handler)
        multi: true
        include_all: true
    """,
    good="""
        name: handler
        query: label_values(http_requests_total, handler)
        multi: true
        include_all: true
        all_value: .*
    """,
)
def check(variable: LintVariable, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for `All` of a label that may have many values."""
    query, contract = variable.query, project.contract
    if query is None or contract is None or not variable.include_all or variable.all_value:
        return
    if variable.regex:
        return  # `.*` would be more than the values that the pattern leaves
    most = project.option("variable/no-all-value", "most", _MOST)
    asked = read_variable_query(query.text, query.language)
    series = contract.series.get(asked.query.partition("{")[0].strip())
    values = series.labels.get(asked.label, frozenset()) if series and asked.label else frozenset()
    count = len(values) if values is not None else (series.counts.get(asked.label) if series else None)
    if series is not None and (count is None or count > most):
        message = f"`All` of `{variable.name}` puts every value of `{asked.label}` into each query"
        edits = variable.set(("all_value",), ".*")
        yield variable.problem(message, "include_all", hint="write `all_value: '.*'`", edits=edits)
