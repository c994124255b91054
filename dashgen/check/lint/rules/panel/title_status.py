"""The title of a panel names another kind of answers than its query selects.

"5xx" over `code=~"4.."` and "Errors" over `code="200"` come from copied panels. An outage looks like business
as usual.

Correct the title or the matcher.
"""

import re
from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintQuery, Preset, lint_rule
from dashgen.check.lint.lint_selectors import LintMatcher
from dashgen.core.lazy_pattern import lazy_pattern

_LABELS = frozenset(("code", "status", "status_code", "http_status", "http_status_code", "response_code"))
_CLASS = lazy_pattern(r"\^?([1-5])(?:\d\d|\.\.|xx|\.[*+]|\\d\\d|\[0-9\]\[0-9\]|\\d\{2\})\$?")
_NAMED = lazy_pattern(r"\b([1-5])(?:xx|XX)\b")
_ERRORS = lazy_pattern(r"\b(?:errors?|failures?|failed)\b", re.IGNORECASE)
_SUCCESSES = lazy_pattern(r"\bsuccess(?:es|ful)?\b", re.IGNORECASE)
_OTHERS = lazy_pattern(
    r"\b(?:rate|ratio|%|percent\w*|budget|no|non|without|excluding|except|ignoring|minus|vs|and)\b|[/&+%]",
    re.IGNORECASE,
)


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: 5xx answers
        query: sum(rate(http_requests_total{code="404"}[5m]))
    """,
    good="""
        title: 4xx answers
        query: sum(rate(http_requests_total{code="404"}[5m]))
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem where no query selects any of the classes in the title."""
    named = _named(panel.title)
    selected = [_selected(query) for query in panel.queries]
    if named and selected and all(selected) and not any(one & named for one in selected):
        classes = ", ".join(f"{digit}xx" for digit in sorted(frozenset[str]().union(*selected)))
        yield panel.problem(
            f"{panel.words} shows {classes}", "title", hint="correct the title or the matcher"
        )


def _named(title: str) -> frozenset[str]:
    """The classes of status codes that a title names; none when it compares, or names no class."""
    written = frozenset(_NAMED.findall(title))
    if written or _OTHERS.search(title):
        return written
    errors, successes = _ERRORS.search(title), _SUCCESSES.search(title)
    if bool(errors) == bool(successes):
        return written
    return frozenset("45") if errors else frozenset("123")


def _selected(query: LintQuery) -> frozenset[str]:
    """The classes of status codes that a query selects; none when that is not certain, as in a ratio."""
    if query.promql is None or query.promql.operations:
        return frozenset()
    matchers = [one for selector in query.selectors for one in selector.matchers if one.label in _LABELS]
    classes = [_classes(matcher) for matcher in matchers]
    return frozenset[str]().union(*classes) if all(classes) else frozenset()


def _classes(matcher: LintMatcher) -> frozenset[str]:
    """The classes that a matcher lets through; none when it excludes some, or is no list of codes."""
    if matcher.is_open or matcher.operator not in ("=", "=~"):
        return frozenset()
    codes = [_CLASS.fullmatch(part) for part in matcher.value.strip("()").split("|")]
    return frozenset(code[1] for code in codes if code) if all(codes) else frozenset()
