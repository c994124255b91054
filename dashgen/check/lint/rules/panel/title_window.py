"""The title of a panel names another time window than its query sums up.

"Orders (24h)" over `increase(…[1h])` shows a twenty-fourth of what readers think.

Correct the title or the window in the query.
"""

import re
from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintQuery, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.promql.promql_nodes import MatrixSelector, NumberLiteral

_NAMED = lazy_pattern(
    r"\((?:last |past )?(\d+) ?(m|h|d|w|min|minutes?|hours?|days?|weeks?)\)"
    r"|\b(?:last|past) (\d+)? ?(minutes?|hours?|days?|weeks?)\b",
    re.IGNORECASE,
)
_SECONDS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SUMS = frozenset(("increase", "delta", "sum_over_time", "count_over_time", "max_over_time", "min_over_time"))


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests (24h)
        type: stat
        query: sum(increase(http_requests_total[1h]))
    """,
    good="""
        title: Requests (24h)
        type: stat
        query: sum(increase(http_requests_total[24h]))
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem where the one window of all queries is not the one in the title."""
    named = _named(panel.title)
    if len(named) != 1 or panel.time_from or not panel.queries:
        return
    windows = [_windows(query) for query in panel.queries]
    if all(len(one) == 1 for one in windows) and not any(one & named for one in windows):
        seconds = min(windows[0])
        message = f"{panel.words} sums up {_text(seconds)}"
        yield panel.problem(message, "title", hint="correct the title or the window of the query")


def _named(title: str) -> set[int]:
    """The windows that a title names, in seconds."""
    parts = ((match[1] or match[3] or "1", match[2] or match[4]) for match in _NAMED.finditer(title))
    return {int(number) * _SECONDS[unit[0].lower()] for number, unit in parts}


def _windows(query: LintQuery) -> set[float]:
    """The windows of the functions that sum up; none when a variable or another function is there."""
    tree = query.promql
    if tree is None or any(
        call.name not in _SUMS for call in tree.calls if call.name.endswith(("rate", "over_time"))
    ):
        return set()
    windows: set[float] = set()
    for node in tree.of(MatrixSelector):
        if not isinstance(node.range, NumberLiteral) or tree.has_variable(node):
            return set()
        windows.add(node.range.val)
    return windows


def _text(seconds: float) -> str:
    for unit in ("w", "d", "h", "m"):
        if seconds % _SECONDS[unit] == 0:
            return f"{seconds / _SECONDS[unit]:g}{unit}"
    return f"{seconds:g}s"
