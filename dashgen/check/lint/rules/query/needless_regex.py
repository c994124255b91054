"""A matcher is a regular expression without anything that a plain text lacks.

`status=~"error"` selects the same series as `status="error"`, and Prometheus has to compile and run the
expression for it. Readers look for the other values that are not there.

Write `=` and `!=` for plain texts.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_PLAIN = lazy_pattern(r"[\w -]+")


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.SAFE,
    bad="""
        title: Errors
        query: sum(rate(http_requests_total{code=~"500"}[$__rate_interval]))
    """,
    good="""
        title: Errors
        query: sum(rate(http_requests_total{code="500"}[$__rate_interval]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each matcher whose expression is a plain text."""
    for selector in query.selectors:
        for matcher in selector.matchers:
            if not matcher.is_regex or matcher.is_open or not _PLAIN.fullmatch(matcher.value):
                continue
            plain = "=" if matcher.operator == "=~" else "!="
            message = f"`{matcher.operator}` with the plain text `{matcher.value}` is `{plain}`"
            start = matcher.operator_start(query.text)
            edits = query.replacing(start, start + 2, plain)
            yield query.at(start, message, f"write `{plain}`", edits)
