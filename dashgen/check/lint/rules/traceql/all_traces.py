"""A search of traces has no condition.

`{}` finds every trace there is and shows the first few that Tempo happens to come across, which differ at
each refresh. On a busy system it is slow, too.

Name a service or what is of interest: `{ resource.service.name = "shop" && status = error }`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.query.traceql.traceql_nodes import SpanFilter, TraceQuery


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        title: Traces
        type: table
        datasource: tempo
        query: '{}'
    """,
    good="""
        title: Traces
        type: table
        datasource: tempo
        query: '{ resource.service.name = "shop" && status = error }'
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for a whole query that is a filter without a condition."""
    whole = next(iter(query.traceql), None)
    if isinstance(whole, TraceQuery) and isinstance(whole.body, SpanFilter) and whole.body.condition is None:
        hint = 'name a service, as in `{ resource.service.name = "…" }`'
        yield query.at(whole.start, "the search has no condition and finds any traces", hint)
