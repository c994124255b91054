"""A matcher is a regular expression without anything that a plain text lacks.

`status=~"error"` selects the same series as `status="error"`, and Prometheus has to compile and run the
expression for it. Readers look for the other values that are not there.

Write `=` and `!=` for plain texts.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_MATCHER = lazy_pattern(r'(?P<op>=~|!~)\s*"(?P<text>[\w -]*)"')


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
    if not (query.is_promql or query.is_logql):
        return
    for match in _MATCHER.finditer(query.text):
        plain = "=" if match["op"] == "=~" else "!="
        message = f"`{match['op']}` with the plain text `{match['text']}` is `{plain}`"
        edits = query.replacing(match.start("op"), match.end("op"), plain)
        yield query.at(match.start("op"), message, f"write `{plain}`", edits)
