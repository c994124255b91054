"""`absent` of a grouped aggregation fires only when everything is gone.

`absent(sum by (job) (up))` reads as "tell me which job is gone". But as long as one job is there, there is a
result, and `absent` has none; when all are gone, the result has no label `job`.

Write one `absent(up{job="…"})` for each, or compare with the past: `up offset 1h unless up`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.query.promql.promql_nodes import AggregateExpr
from dashgen.query.promql.promql_view import bare


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        alert: JobIsGone
        query: absent(count by (job) (up))
        when: above 0
        for: 5m
        summary: A job is gone
    """,
    good="""
        alert: JobIsGone
        query: absent(up{job="shop"})
        when: above 0
        for: 5m
        summary: The shop is gone
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each `absent` of something that is grouped by labels."""
    view = query.promql
    if view is None:
        return
    for call in view.calls:
        inner = bare(call.args[0]) if call.name == "absent" else None
        if isinstance(inner, AggregateExpr) and inner.grouping is not None and inner.grouping.labels:
            label = inner.grouping.names[0]
            message = f"`absent` has a result only when no `{label}` at all is left"
            yield query.at(call.start, message, f'name what may be gone, as in `absent(…{{{label}="…"}})`')
