"""An alert's query looks at less time than passes between two evaluations.

With `[1m]` evaluated every five minutes, what happens in the other four is never seen.

Make the range at least as long as the group's `interval:`, or evaluate more often.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, lint_rule
from dashgen.model.duration import lenient_seconds


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
            kind: AlertRules
            group: example
            folder: Examples
            interval: 5m
            rules:
              - alert: HighErrorRate
                query: sum(rate(http_requests_total{code="500"}[1m]))
                when: above 1
        """,
    good="""
            kind: AlertRules
            group: example
            folder: Examples
            interval: 1m
            rules:
              - alert: HighErrorRate
                query: sum(rate(http_requests_total{code="500"}[1m]))
                when: above 1
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for each alert whose longest range is shorter than its interval."""
    interval = lenient_seconds(rule.group.interval)
    for query in rule.queries if rule.is_alert and interval else ():
        longest = max(query.ranges, default=0.0)
        if interval is not None and 0 < longest < interval:
            message = f"the query looks at {longest:g} s, and is evaluated every {interval:g} s only"
            yield query.at(0, message, "make the range longer, or the group's `interval:` shorter")
