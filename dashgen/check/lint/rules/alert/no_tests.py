"""An alert has no test.

An alert that never fired looks like one that works. Two tests, one that fires and one that stays silent, show
the difference on the desk.

Write `tests:` with series that make it fire and series that do not; `dashgen test` runs them.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, Severity, lint_rule


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
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
            tests:
              - name: fires
                series: {'http_requests_total{code="500"}': "0+120x20"}
                fires_at: 15m
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for an alert of a spec without tests."""
    if rule.is_alert and rule.is_spec and not rule.has_tests and not rule.paused:
        hint = "write series that make it fire, and some that do not, as `tests:`"
        yield rule.problem(f"the alert `{rule.name}` has no test", "alert", hint=hint)
