"""An alert is shown on no panel.

The first question after waking up is since when and how bad. A panel draws the threshold, and the
notification links to it.

Write `panel: dashboard-uid/panel-key`.
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
            annotations: {dashboard_url: "https://grafana.example.org/d/shop"}
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for an alert of a spec that links no dashboard."""
    is_linked = rule.panel or any("dashboard" in key.lower() for key in rule.annotations)
    if rule.is_alert and rule.is_spec and not is_linked:
        hint = "name the panel that shows it as `panel: dashboard-uid/panel-key`"
        yield rule.problem(f"no panel shows the alert `{rule.name}`", "alert", hint=hint)
