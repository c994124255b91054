"""A regular expression matches none of the values that a label has.

The contract lists the values of the label, and none of them matches: the query is empty, and an alert on it
never fires.

Correct the expression, or add the value to the contract. Plain values are found by the build as
`query/label-value`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, lint_rule
from dashgen.check.lint.lint_selectors import LintMatcher, LintSelector
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.series_contract import SeriesContract, Values
from dashgen.query.re2_patterns import matches_whole

_PLAIN_VALUES = lazy_pattern(r"[\w./: -]+(?:\|[\w./: -]+)*")
"""What the build compares value by value."""


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        title: Errors
        query: sum(rate(http_requests_total{code=~"50[1-9]"}[$__rate_interval]))
    """,
    good="""
        title: Errors
        query: sum(rate(http_requests_total{code=~"5[0-9]+"}[$__rate_interval]))
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each expression that no value of the contract matches."""
    if project.contract is None:
        return
    for selector in query.selectors:
        for matcher in selector.matchers:
            if matcher.operator != "=~" or matcher.is_open or not _is_pattern(matcher.value):
                continue
            values = _values(project.contract, selector, matcher, query.language)
            if values and all(matches_whole(matcher.value, value) is False for value in values):
                listed = ", ".join(f"`{value}`" for value in sorted(values)[:6])
                message = f"no value of `{matcher.label}` matches `{matcher.value}`"
                yield query.at(matcher.value_start + 1, message, f"the contract lists {listed}")


def _is_pattern(value: str) -> bool:
    return "." in value or not _PLAIN_VALUES.fullmatch(value)


def _values(contract: SeriesContract, selector: LintSelector, matcher: LintMatcher, language: str) -> Values:
    if language == "loki":
        return contract.log_labels.get(matcher.label)
    return contract.label_values(selector.name, matcher.label)
