"""The matchers of a selector contradict each other, so that it selects nothing.

A label has one value. `{code="200", code="500"}` asks for series whose code is both, and there is none: the
panel stays empty and the alert never fires, which looks as if all were well.

Write alternatives as one matcher, `code=~"200|500"`, or remove the matcher that is not meant.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.check.lint.lint_selectors import LintMatcher
from dashgen.query.re2_patterns import matches_whole


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Answers
        query: sum(rate(http_requests_total{code="200", code="500"}[$__rate_interval]))
    """,
    good="""
        title: Answers
        query: sum(rate(http_requests_total{code=~"200|500"}[$__rate_interval]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each matcher that another one excludes."""
    for selector in query.selectors:
        for index, matcher in enumerate(selector.matchers):
            if matcher.operator == "!~" and matcher.value == ".*" and not matcher.is_open:
                message = f'no value of `{matcher.label}` satisfies `!~".*"`'
                yield query.at(matcher.start, message, "remove the matcher")
            for earlier in selector.matchers[:index]:
                if _exclude_each_other(earlier, matcher) or _exclude_each_other(matcher, earlier):
                    message = f"no value of `{matcher.label}` satisfies both matchers of it"
                    yield query.at(matcher.start, message, "keep one, or write `=~` with alternatives")
                    break


def _exclude_each_other(one: LintMatcher, other: LintMatcher) -> bool:
    """Whether the value that one matcher demands does not satisfy the other."""
    if one.label != other.label or one.operator != "=" or one.is_open or other.is_open:
        return False
    if other.operator in {"=", "!="}:
        return (one.value == other.value) != (other.operator == "=")
    matches = matches_whole(other.value, one.value)
    return matches is not None and matches != (other.operator == "=~")
