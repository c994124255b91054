"""The title of a panel names another aggregation than its query computes.

"Maximum latency" over `avg()` hides the worst instance, which the panel is there to show.

Correct the title or the query. Metrics that are limits, and panels whose own reduction is the one of the
title, are no finding.
"""

import re
from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintQuery, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_NAMES = {
    "avg": lazy_pattern(r"\b(?:average|avg|mean)\b", re.IGNORECASE),
    "max": lazy_pattern(r"\b(?:maximum|max|highest|peak)\b", re.IGNORECASE),
    "min": lazy_pattern(r"\b(?:minimum|min|lowest)\b", re.IGNORECASE),
}
_PER_MINUTE = lazy_pattern(r"(?:/|per|\d)\s*min\b", re.IGNORECASE)
_LIMIT = lazy_pattern(r"max|min|limit|capacity|peak|avg|mean|average|highest|lowest", re.IGNORECASE)


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Maximum queue
        query: avg(queue_length)
    """,
    good="""
        title: Maximum queue
        query: max(queue_length)
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem where every query has one aggregation and the title names one other."""
    title = _PER_MINUTE.sub("", panel.title)
    named = [name for name, pattern in _NAMES.items() if pattern.search(title)]
    if len(named) != 1 or not panel.queries or panel.calcs not in ((), ("lastNotNull",), ("last",)):
        return
    computed = {_aggregation(query) for query in panel.queries}
    if len(computed) == 1 and (other := computed.pop()) in _NAMES and other != named[0]:
        message = f"{panel.words} shows `{other}`"
        yield panel.problem(message, "title", hint="correct the title or the query")


def _aggregation(query: LintQuery) -> str:
    """The only aggregation of a query of average, maximum and minimum; empty when there are others."""
    tree = query.promql
    if tree is None or tree.operations or any(_LIMIT.search(selector.name) for selector in query.selectors):
        return ""
    if any(_LIMIT.search(call.name) or call.name == "histogram_quantile" for call in tree.calls):
        return ""
    names = {aggregation.op for aggregation in tree.aggregations}
    return names.pop() if len(names) == 1 else ""
