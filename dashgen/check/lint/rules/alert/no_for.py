"""An alert fires at the first bad value.

One scrape that failed or one slow request wakes somebody up, and the alert is over before the laptop is open.

Write `for:` with the time that the trouble may last before a person has to know. Conditions that look at a
range of at least five minutes, such as `[10m]`, need none.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, lint_rule
from dashgen.model.duration import lenient_seconds

_LONG = 300


@lint_rule(
    presets=[Preset.STRICT],
    bad="""
            alert: HighErrorRate
            query: sum(rate(http_requests_total{code="500"}[1m]))
            when: above 1
        """,
    good="""
            alert: HighErrorRate
            query: sum(rate(http_requests_total{code="500"}[5m]))
            when: above 1
            for: 5m
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for an alert without `for` whose queries look at less than five minutes."""
    if not rule.is_alert or lenient_seconds(rule.for_ or "0s") != 0:
        return
    if any(max(query.ranges, default=0.0) >= _LONG for query in rule.queries):
        return
    hint = "write how long it may last before a person has to know as `for:`"
    yield rule.problem(f"the alert `{rule.name}` fires at the first bad value", "alert", hint=hint)
