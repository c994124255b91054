"""Sorting has no effect on a graph of log metrics, nor on a rule.

Loki sorts the result of an instant query. Over time each step has an order of its own, which Grafana does
not look at.

Remove it, and sort the legend or the table in the panel's options.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule
from dashgen.query.logql.nodes import Aggregation

_SORTS = frozenset({"sort", "sort_desc"})


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.SAFE,
    bad="""
        title: Lines
        datasource: loki
        query: sort_desc(sum by (level) (count_over_time({app="shop"}[$__auto])))
    """,
    good="""
        title: Lines
        datasource: loki
        query: sum by (level) (count_over_time({app="shop"}[$__auto]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each sorting of what is drawn over time or evaluated by a rule."""
    if not (query.is_drawn_over_time or query.rule is not None):
        return
    for node in query.logql:
        if isinstance(node, Aggregation) and node.name in _SORTS:
            where = "a rule" if query.rule is not None else "a graph"
            inner = query.text[node.operand.start : node.operand.end]
            text = inner if node is query.logql[0] else f"({inner})"
            edits = query.replacing(node.start, node.end, text)
            yield query.at(node.start, f"`{node.name}` has no effect in {where}", "remove it", edits)
