"""Nobody decided what an alert does without data.

When the exporter dies, the query yields nothing, and the alert that should have fired is silent. That may be
right, if another alert watches the exporter; it should be somebody's choice.

Write `no_data: ok`, `alerting`, `no_data` or `keep_last`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, Severity, lint_rule

_ABOUT_ABSENCE = ("absent", "present")


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
            no_data: alerting
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for an alert that Grafana evaluates and that leaves `no_data` open."""
    if not rule.is_alert or not rule.is_spec or "grafana" not in rule.evaluators or rule.no_data:
        return
    if rule.condition is not None and rule.condition.kind not in _ABOUT_ABSENCE:
        hint = "write `no_data: ok` or `no_data: alerting`"
        yield rule.problem(f"the alert `{rule.name}` does not say what no data means", "alert", hint=hint)
