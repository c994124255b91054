"""A log query reads every stream of a label.

`{app=~".+"}` selects all streams that have the label: Loki has to open every chunk of the time range, and a
line filter behind it only sorts out what was read. Other teams' logs are among it.

Name the application, the job or the service. A variable counts as narrow, and so does any matcher with a
text.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.check.lint.lint_selectors import LintMatcher

_ALL = frozenset({".+", ".*", "(.+)", "(.*)", "^.+$", ".*.+", ".+.*", ".+|.*"})


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Errors
        type: logs
        datasource: loki
        query: '{app=~".+"} |= "error"'
    """,
    good="""
        title: Errors
        type: logs
        datasource: loki
        query: '{app="shop"} |= "error"'
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each selector of streams that leaves out none of its label."""
    if query.language != "loki":
        return
    for selector in query.selectors:
        if selector.matchers and not selector.is_open and all(_is_broad(one) for one in selector.matchers):
            message = "the selector reads every stream that has the label"
            yield query.at(selector.start, message, 'name the application, as in `{app="…"}`')


def _is_broad(matcher: LintMatcher) -> bool:
    """Whether a matcher leaves out nothing, or only a few named values."""
    if matcher.is_open:
        return False
    return matcher.operator in {"!=", "!~"} or (matcher.operator == "=~" and matcher.value in _ALL)
