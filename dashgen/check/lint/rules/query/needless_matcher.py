"""A matcher selects every series, or is written twice.

`=~".*"` holds for every value, and for series without the label, too. The server still has to look at each of
them, and a reader looks for what the matcher leaves out.

Remove the matcher. Write `=~".+"` when only series that have the label are meant.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule
from dashgen.check.lint.lint_finding import FileEdit
from dashgen.check.lint.lint_selectors import LintMatcher, LintSelector
from dashgen.core.lazy_pattern import lazy_pattern

_EVERYTHING = frozenset({".*", "(.*)", "^.*$", "^.*", ".*$", "(.*)*", ".*.*", "(?:.*)", "(.+)?"})
_SEPARATOR = lazy_pattern(r"\s*,\s*")
_SEPARATOR_BEFORE = lazy_pattern(r"\s*,\s*\Z")


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.SAFE,
    bad="""
        title: Errors
        query: sum(rate(http_requests_total{code="500", handler=~".*"}[$__rate_interval]))
    """,
    good="""
        title: Errors
        query: sum(rate(http_requests_total{code="500"}[$__rate_interval]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each matcher without which a query is the same."""
    for selector in query.selectors:
        earlier: set[tuple[str, str, str]] = set()
        for matcher in selector.matchers:
            key = (matcher.label, matcher.operator, query.text[matcher.value_start : matcher.end])
            if matcher.operator == "=~" and matcher.value in _EVERYTHING:
                message = f'`{matcher.label}=~"{matcher.value}"` holds for every series'
                yield query.at(
                    matcher.start, message, "remove the matcher", _removal(query, selector, matcher)
                )
            elif key in earlier:
                message = f"the matcher of `{matcher.label}` is written twice"
                yield query.at(matcher.start, message, "remove one", _removal(query, selector, matcher))
            earlier.add(key)


def _removal(query: LintQuery, selector: LintSelector, matcher: LintMatcher) -> tuple[FileEdit, ...]:
    """The edit that removes a matcher with its comma; none where the braces would be empty."""
    text = query.text
    after = _SEPARATOR.match(text, matcher.end, selector.end)
    before = _SEPARATOR_BEFORE.search(text, selector.start, matcher.start)
    if after and text[after.end()] != "}":
        return query.replacing(matcher.start, after.end(), "")
    if before:
        return query.replacing(before.start(), matcher.end, "")
    return ()
