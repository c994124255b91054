"""A regular expression has an alternative twice, or an empty one between others.

An alternative that is written twice adds nothing, so another value was meant, or the list is too long to
read. An empty one between two `|` also selects the series that do not have the label at all.

Remove the alternative. An empty first or last alternative, as in `=~"|a"`, counts as intended.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_LIST = lazy_pattern(r"[\w .:/@-]*(?:\|[\w .:/@-]*)+")


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Errors
        query: sum(rate(http_requests_total{code=~"500|404|500"}[$__rate_interval]))
    """,
    good="""
        title: Errors
        query: sum(rate(http_requests_total{code=~"500|404"}[$__rate_interval]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each list of alternatives with one that adds nothing, or everything."""
    for selector in query.selectors:
        for matcher in selector.matchers:
            if not matcher.is_regex or matcher.is_open or not _LIST.fullmatch(matcher.value):
                continue
            choices = matcher.value.split("|")
            if "" in choices[1:-1]:
                message = f"an alternative of `{matcher.label}` is empty: series without the label match it"
            elif len(set(choices)) < len(choices):
                twice = next(one for one in choices if choices.count(one) > 1)
                message = f"the alternative `{twice}` of `{matcher.label}` is written twice"
            else:
                continue
            alternatives = dict.fromkeys(one for one in choices if one)
            text = matcher.quoted("|".join(alternatives), query.text)
            edits = query.replacing(matcher.value_start, matcher.end, text)
            yield query.at(matcher.value_start + 1, message, "remove it", edits)
