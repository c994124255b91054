"""An alert has no description.

The summary is read on a phone. The description says what it means for users and where to look first, which
nobody remembers at night.

Write `description:` with what it means and what to look at.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, lint_rule


@lint_rule(
    presets=[Preset.STRICT],
    bad="""
            alert: HighErrorRate
            query: sum(rate(http_requests_total{code="500"}[5m]))
            when: above 1
            for: 5m
            summary: More than one request a second fails
        """,
    good="""
            alert: HighErrorRate
            query: sum(rate(http_requests_total{code="500"}[5m]))
            when: above 1
            for: 5m
            summary: More than one request a second fails
            description: Users see an error page. Look at the panel of failed handlers first.
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for an alert without a description."""
    if rule.is_alert and not any(rule.annotations.get(key) for key in ("description", "message", "details")):
        hint = "write what it means and what to look at as `description:`"
        yield rule.problem(f"the alert `{rule.name}` has no description", "alert", hint=hint)
