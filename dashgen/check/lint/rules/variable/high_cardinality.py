"""A variable lists the values of a label that has one for each request or person.

The list has thousands of entries, takes seconds to load and to draw, and nobody finds anything in it.

Use a text box, and the value in a matcher. The option `most` says how many values a list may have.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintVariable, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.variable_query import read_variable_query

_MOST = 500
_ENDLESS = lazy_pattern(
    r"(?:\w*_)?(?:trace|span|request|req|correlation|session|transaction)_?id|(?:\w*_)?e_?mail|uuid|timestamp"
)


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        name: request
        query: label_values(http_requests_total, request_id)
    """,
    good="""
        name: handler
        query: label_values(http_requests_total, handler)
    """,
)
def check(variable: LintVariable, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a list of a label with too many values."""
    query = variable.query
    if query is None or query.language not in ("prometheus", "loki"):
        return
    most = project.option("variable/high-cardinality", "most", _MOST)
    values_query = read_variable_query(query.text, query.language)
    series = (
        project.contract.series.get(values_query.query.partition("{")[0].strip())
        if project.contract
        else None
    )
    count = series.counts.get(values_query.label, 0) if series is not None else 0
    if count > most:
        message = f"`{variable.name}` lists the {count} values of `{values_query.label}`, more than {most}"
    elif _ENDLESS.fullmatch(values_query.label):
        message = f"`{variable.name}` lists the values of `{values_query.label}`, which has ever more of them"
    else:
        return
    yield variable.problem(message, "query", hint="use a text box, and its text in a matcher")
