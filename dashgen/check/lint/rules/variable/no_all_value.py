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
    # Of a variable with a pattern `.*` would be more than the values that are left.
    if not variable.include_all or variable.all_value or variable.regex:
        return
    most = project.option("variable/no-all-value", "most", _MOST)
    label, count = _label(variable, project)
    if label and (count is None or count > most):
        message = f"`All` of `{variable.name}` puts every value of `{label}` into each query"
        edits = variable.set(("all_value",), ".*")
        yield variable.problem(message, "include_all", hint="write `all_value: '.*'`", edits=edits)


def _label(variable: LintVariable, project: LintProject) -> tuple[str, int | None]:
    """The label of a metric of the contract that a variable lists, and how many values it may have."""
    query, contract = variable.query, project.contract
    if query is None or contract is None:
        return "", None
    values_query = read_variable_query(query.text, query.language)
    label = values_query.label
    series = contract.series.get(values_query.query.partition("{")[0].strip())
    if series is None or label not in series.labels:
        return "", None
    values = series.labels[label]
    return label, series.counts.get(label) if values is None else len(values)
