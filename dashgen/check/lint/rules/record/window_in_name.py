"""The name of a recorded series has another range than its query.

`rate5m` in the name and `[1m]` in the query: everybody who reads the series believes the name.

Correct the one that is wrong.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.duration import lenient_seconds

_WINDOW = lazy_pattern(r"(?:rate|irate|increase|delta|avg|max|min|sum|count)_?(\d+[smhdw])(?![a-z0-9])")


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
            record: 'code:http_requests:rate5m'
            query: sum by (code) (rate(http_requests_total[1m]))
        """,
    good="""
            record: 'code:http_requests:rate5m'
            query: sum by (code) (rate(http_requests_total[5m]))
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for a recording rule whose name and query disagree about the range."""
    match, query = _WINDOW.search(rule.name), rule.query
    if rule.is_alert or match is None or query is None or query.promql is None:
        return
    ranges = query.ranges
    if ranges and lenient_seconds(match[1]) not in ranges:
        message = f"the name `{rule.name}` says {match[1]}, and the query has no such range"
        yield rule.problem(message, "record", hint="correct the name or the range")
