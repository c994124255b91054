"""A variable offers values that cannot go together with what another one has chosen.

With `queue` set to `mail`, the list of hosts still has all hosts, and most of them make the panels empty.

Add the other variable to the query: `label_values(jobs{queue=~"$queue"}, host)`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintVariable, Preset, Severity, lint_rule
from dashgen.query.template_variables import references_of
from dashgen.query.variable_query import VariableQuery, read_variable_query


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        kind: Dashboard
        title: Example
        variables:
          - {name: method, query: 'label_values(http_requests_total, method)'}
          - {name: handler, query: 'label_values(http_requests_total, handler)'}
        panels:
          - title: Requests
            query: sum(rate(http_requests_total{method=~"$method", handler=~"$handler"}[5m]))
    """,
    good="""
        kind: Dashboard
        title: Example
        variables:
          - {name: method, query: 'label_values(http_requests_total, method)'}
          - {name: handler, query: 'label_values(http_requests_total{method=~"$method"}, handler)'}
        panels:
          - title: Requests
            query: sum(rate(http_requests_total{method=~"$method", handler=~"$handler"}[5m]))
    """,
)
def check(variable: LintVariable) -> Iterator[LintProblem]:
    """Yield a problem for a variable whose metric an earlier one narrows in every query that uses both."""
    later = _taken_apart(variable)
    if later is None or not later.label:
        return
    used = references_of(variable.query.text) if variable.query else ()
    for other in variable.dashboard.variables:
        if other is variable:
            return
        earlier = _taken_apart(other)
        if earlier is None or not earlier.label or other.name in used:
            continue
        # What a variable between them has narrowed is narrowed already.
        if earlier.query.partition("{")[0] == later.query.partition("{")[0] != "" and _together(
            other, variable
        ):
            message = f"`{variable.name}` offers values that `{other.name}` has excluded"
            hint = f'add `{{{earlier.label}=~"${other.name}"}}` to its query'
            yield variable.problem(message, "query", hint=hint)
            return


def _taken_apart(variable: LintVariable) -> VariableQuery | None:
    query = variable.query
    return read_variable_query(query.text, query.language) if query is not None else None


def _together(first: LintVariable, second: LintVariable) -> bool:
    """Whether queries of panels use both, and all that use the second use the first."""
    uses = [references_of(query.text) for panel in first.dashboard.panels for query in panel.queries]
    with_second = [names for names in uses if second.name in names]
    return bool(with_second) and all(first.name in names for names in with_second)
