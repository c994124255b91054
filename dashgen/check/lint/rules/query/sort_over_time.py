"""Sorting has no effect where a query is asked over time, or by a rule.

`sort` orders the result of an instant query. In a graph every step has an order of its own, so Prometheus
ignores it, and a rule does not look at the order.

Remove it, and sort the legend or the table in the panel's options.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule

_SORTS = frozenset({"sort", "sort_desc", "sort_by_label", "sort_by_label_desc"})


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.SAFE,
    bad="""
        title: Requests
        query: sort_desc(sum by (handler) (rate(http_requests_total[$__rate_interval])))
    """,
    good="""
        title: Requests
        query: sum by (handler) (rate(http_requests_total[$__rate_interval]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for a whole query that is sorted in vain."""
    view = query.promql
    if view is None or not (query.is_drawn_over_time or query.rule is not None):
        return
    for call in view.calls:
        if call.name not in _SORTS:
            continue
        inner = call.args[0]
        where = "a rule" if query.rule is not None else "a graph"
        # What is around may bind tighter than operators inside, so parentheses stay.
        text = view.written(inner) if call is view.tree else f"({view.written(inner)})"
        edits = query.replacing(call.start, call.end, text) if len(call.args) == 1 else ()
        yield query.at(call.start, f"`{call.name}` has no effect in {where}", "remove it", edits)
