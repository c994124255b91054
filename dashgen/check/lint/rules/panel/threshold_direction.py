"""The colours of a panel praise what its title complains about.

Many errors in green, or a high success rate in red: who looks at the colour only, as from across the room,
learns the opposite.

Turn the colours around. Only titles that are certain, such as errors and success rates, are looked at.
"""

import re
from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.color_vision import hue_of

_MORE_IS_WORSE = lazy_pattern(
    r"\b(errors?|failures?|failed|latency|response times?|error rate|5xx|timeouts?|dropped|downtime)\b",
    re.IGNORECASE,
)
_SHARE_IS_BETTER = lazy_pattern(
    r"\b(success(?:es| rate| ratio)?|availability|hit (?:rate|ratio)|healthy)\b", re.IGNORECASE
)
_UPTIME = lazy_pattern(r"\bup ?time\b", re.IGNORECASE)
_SHARES = frozenset(("percent", "percentunit"))
_TURNED = lazy_pattern(
    r"\b(since|without|between|until|free|budget|no|non|un\w+|remaining|target|time to)\b", re.IGNORECASE
)


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Errors
        type: stat
        query: sum(increase(http_requests_total{code="500"}[1h]))
        thresholds: {red: 0, green: 10}
    """,
    good="""
        title: Errors
        type: stat
        query: sum(increase(http_requests_total{code="500"}[1h]))
        thresholds: {green: 0, red: 10}
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for colours from green to red, or back, that contradict the title."""
    if not panel.is_colored or not panel.thresholds or panel.has_mappings:
        return
    ends = hue_of(panel.shown_colors[0]), hue_of(panel.shown_colors[-1])
    if ends == _FALLING[_meaning(panel)]:
        message = f"{panel.words} is {ends[1]} for many and {ends[0]} for few"
        yield panel.problem(message, "thresholds", hint="turn the colours around")


_FALLING = {"": None, "worse": ("red", "green"), "better": ("green", "red")}
"""The colours of little and much that contradict what much of it means."""


def _meaning(panel: LintPanel) -> str:
    """Whether more of what a title names is `worse` or `better`; empty when that is not certain."""
    title = panel.title
    # "Response success" may be how long the successful ones took.
    better = _UPTIME.search(title) or (panel.unit in _SHARES and _SHARE_IS_BETTER.search(title))
    worse = _MORE_IS_WORSE.search(title)
    if _TURNED.search(title) or bool(better) == bool(worse):
        return ""
    return "better" if better else "worse"
