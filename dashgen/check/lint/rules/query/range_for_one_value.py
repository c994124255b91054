"""A panel that shows one value asks for it at each step of the time range.

A stat panel with `increase(x[$__range])` shows only the last value, but Prometheus computes one for each
step, and each of them reads the whole range: hundreds of times the work for the same number.

Ask for one value with `instant: true` on the query.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintQuery, Preset, lint_rule
from dashgen.core.json_values import mapping
from dashgen.core.lazy_pattern import lazy_pattern

_RANGE = lazy_pattern(r"\[\s*\$\{?__range(?:_s|_ms)?\b")
_ONE_VALUE = frozenset({"stat", "gauge", "bargauge", "piechart"})
_LAST = frozenset({"last", "lastNotNull"})


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests
        type: stat
        queries:
          - query: sum(increase(http_requests_total[$__range]))
            instant: false
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
    """Yield a problem for a query over the whole range whose last value alone is shown."""
    panel, view = query.panel, query.promql
    if panel is None or view is None or query.instant or query.is_table or panel.type not in _ONE_VALUE:
        return
    if panel.calcs and not _LAST.issuperset(panel.calcs):
        return
    if _draws_a_course(panel):
        return
    match = _RANGE.search(query.text)
    if match is not None and not panel.transformations:
        message = "only the last value is shown, and the whole range is read for each step"
        yield query.at(match.start(), message, "write `instant: true`")


def _draws_a_course(panel: LintPanel) -> bool:
    """Whether a stat panel draws a small graph behind its number, as it does unless it is told otherwise."""
    if panel.type != "stat":
        return False
    if panel.spec is not None:
        return getattr(panel.spec, "graph", "none") != "none"
    return bool(mapping(panel.options.get("options")).get("graphMode", "area") != "none")
