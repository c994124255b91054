"""An alert is paused.

A paused alert is in every list and fires never. Without a date nobody remembers to start it again.

Start it again, remove it, or silence this with a comment that has a last day.
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
            paused: true
        """,
    good="""
            alert: HighErrorRate
            query: sum(rate(http_requests_total{code="500"}[5m]))
            when: above 1
            for: 5m
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for a paused alert."""
    if rule.is_alert and rule.paused:
        hint = "start it again, or write until when with `# dashgen: ignore alert/paused until …`"
        yield rule.problem(f"the alert `{rule.name}` is paused", "paused", hint=hint)
