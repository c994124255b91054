"""A regular expression of a matcher has anchors that it does not need.

Prometheus and Loki compare the whole value of a label with the expression, as if it stood between `^` and
`$`. Anchors of one's own make readers think that the others are not anchored.

Leave `^` and `$` out; to find a text anywhere in a value, write `.*` around it.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, Severity, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_ANCHORED = lazy_pattern(r"(\^?)((?:[^\\]|\\.)*?)(\$?)")


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.SAFE,
    bad="""
        title: Requests
        query: sum(rate(http_requests_total{code=~"^(2|3)..$"}[$__rate_interval]))
    """,
    good="""
        title: Requests
        query: sum(rate(http_requests_total{code=~"(2|3).."}[$__rate_interval]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each expression between anchors of its own."""
    for selector in query.selectors:
        for matcher in selector.matchers:
            if not matcher.is_regex or matcher.is_open:
                continue
            inner = _without_anchors(matcher.value)
            if inner is None:
                continue
            message = f"the expression `{matcher.value}` is anchored as it is"
            edits = query.replacing(matcher.value_start, matcher.end, matcher.quoted(inner, query.text))
            yield query.at(matcher.value_start + 1, message, f"write `{inner}`", edits)


def _without_anchors(value: str) -> str | None:
    """An expression without the anchors around it; None when it has none, or they are those of a part."""
    if _has_choice(value):
        return None
    match = _ANCHORED.fullmatch(value)
    return match[2] if match and (match[1] or match[3]) and match[2] else None


def _has_choice(value: str) -> bool:
    """Whether alternatives stand side by side outside of groups, so that an anchor is part of one."""
    depth = 0
    escaped = False
    for character in value:
        if escaped:
            escaped = False
            continue
        escaped = character == "\\"
        depth += (character in "([") - (character in ")]")
        if character == "|" and depth == 0:
            return True
    return False
