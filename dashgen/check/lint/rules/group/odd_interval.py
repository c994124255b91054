"""A group of alerts is evaluated very often or very rarely.

Less than ten seconds is more often than anything is scraped; with more than ten minutes between two
evaluations an alert with `for` needs half an hour to fire.

Choose an interval between a scrape and five minutes.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintGroup, LintProblem, Preset, lint_rule
from dashgen.model.duration import lenient_seconds

_SHORTEST, _LONGEST = 10, 600


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
            kind: AlertRules
            group: example
            folder: Examples
            interval: 30m
            rules:
              - {alert: HighErrorRate, query: 'sum(rate(http_requests_total{code="500"}[1h]))', when: above 1}
        """,
    good="""
            kind: AlertRules
            group: example
            folder: Examples
            interval: 1m
            rules:
              - {alert: HighErrorRate, query: 'sum(rate(http_requests_total{code="500"}[1h]))', when: above 1}
        """,
)
def check(group: LintGroup) -> Iterator[LintProblem]:
    """Yield a problem for a group of alerts with an extreme interval."""
    seconds = lenient_seconds(group.interval)
    is_odd = seconds is not None and not _SHORTEST <= seconds <= _LONGEST
    if is_odd and any(rule.is_alert for rule in group.rules):
        message = f"the alerts of `{group.name}` are evaluated every {group.interval}"
        yield group.problem(message, "interval", hint="choose an interval between 10s and 5m")
