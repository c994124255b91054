"""The title of a panel names another time than its query divides by.

`rate()` is per second. Under the title "per minute" it reads sixty times too small.

Write `* 60` behind the rate, or "per second" into the title.
"""

import re
from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintQuery, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_PER = lazy_pattern(
    r"(?:\bper |/ ?)(sec(?:ond)?|s|min(?:ute)?|hour|h|day)\b|\b(QPS|RPS|QPM|RPM)\b", re.IGNORECASE
)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_WORDS = {1: "second", 60: "minute", 3600: "hour", 86_400: "day"}


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests per minute
        query: sum(rate(http_requests_total[$__rate_interval]))
    """,
    good="""
        title: Requests per minute
        query: sum(rate(http_requests_total[$__rate_interval])) * 60
        unit: reqpm
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem where every query is a rate per another time than the one in the title."""
    named = {_seconds(match[1] or match[2][-1]) for match in _PER.finditer(panel.title)}
    scales = {_scale(query) for query in panel.queries}
    if len(named) != 1 or len(scales) != 1 or panel.transformations:
        return
    unit, scale = named.pop(), scales.pop()
    if scale in _WORDS and scale != unit:
        message = f"{panel.words} shows a rate per {_WORDS[scale]}"
        hint = f"write `* {unit // scale or 1}`, or change the title"
        yield panel.problem(message, "title", hint=hint)


def _scale(query: LintQuery) -> int:
    """By how much a rate per second is multiplied; 0 when that is not known, or it is no rate."""
    shape = query.shape
    return int(shape.scale or 0) if shape is not None and shape.per_second else 0


def _seconds(word: str) -> int:
    return _SECONDS[word[0].lower()]
