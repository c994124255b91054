"""An alert has no severity.

Policies send alerts to people by their severity, and people decide by it whether to get up.

Write `severity:`, or the label `severity` of the group.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
            alert: HighErrorRate
            query: sum(rate(http_requests_total{code="500"}[5m]))
            when: above 1
            for: 5m
        """,
    good="""
            alert: HighErrorRate
            query: sum(rate(http_requests_total{code="500"}[5m]))
            when: above 1
            for: 5m
            severity: critical
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for an alert without the label `severity`."""
    if rule.is_alert and not rule.labels.get("severity"):
        hint = "write `severity:`"
        yield rule.problem(f"the alert `{rule.name}` has no severity", "alert", hint=hint)
