"""A single value depends on how wide the panel is and how far one has zoomed.

`increase(x[$__rate_interval])` of a stat panel counts what happened in the last step, which is 15 seconds
on a screen and hours on another. The number has no unit that a reader could know.

Write `$__range` for the whole time range, or a fixed range that the title names.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.promql.promql_nodes import MatrixSelector, SubqueryExpr

_INTERVAL = lazy_pattern(r"\$\{?__(?:rate_)?interval\b")
_ONE_VALUE = frozenset({"stat", "gauge", "bargauge", "piechart", "table"})
_COUNTING = frozenset({"increase", "delta", "changes", "resets", "count_over_time", "sum_over_time"})


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests
        type: stat
        queries:
          - query: sum(increase(http_requests_total[$__rate_interval]))
            instant: true
    """,
    good="""
        title: Requests
        type: stat
        queries:
          - query: sum(increase(http_requests_total[$__range]))
            instant: true
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each count over an interval of which one value is asked."""
    view = query.promql
    if view is None or query.panel is None or not query.instant or query.panel.type not in _ONE_VALUE:
        return
    for call in view.calls:
        series = call.args[0] if call.name in _COUNTING else None
        if not isinstance(series, MatrixSelector):
            continue
        if match := _INTERVAL.match(view.text, series.range.start):
            # A quotient of two counts over one interval is a ratio, whatever the interval is, and a subquery
            # may add up the intervals.
            around = list(view.around(call))
            if any(isinstance(one, SubqueryExpr) or getattr(one, "op", "") == "/" for one in around):
                continue
            message = f"how much `{call.name}` counts depends on the width of the panel and the zoom"
            yield query.at(match.start(), message, "write `$__range`, or a range that the title names")
