"""An alert has no runbook.

Who is woken up by it for the first time needs the steps, not a search.

Write `runbook:` with an address, or with a section of the project's docs.
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
        """,
    good="""
            alert: HighErrorRate
            query: sum(rate(http_requests_total{code="500"}[5m]))
            when: above 1
            for: 5m
            runbook: docs/runbooks.md#high-error-rate
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for an alert without a runbook."""
    if rule.is_alert and not rule.runbook and "runbook" not in rule.annotations:
        hint = "write where the steps are as `runbook:`"
        yield rule.problem(f"the alert `{rule.name}` has no runbook", "alert", hint=hint)
