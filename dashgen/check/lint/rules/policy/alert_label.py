"""An alert lacks a label that the organisation demands, or has another value.

Policies, bills and on-call tools sort alerts by these labels; one without them belongs to nobody.

Add the label with a value that `policy.labels` in dashgen.yaml allows.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintRuleSubject, Preset, lint_rule
from dashgen.query.re2_patterns import matches_whole


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
            policy: {labels: {team: '[a-z-]+'}}
            ---
            kind: AlertRules
            group: example
            folder: Examples
            rules: [{alert: HighErrorRate, query: 'sum(rate(http_requests_total[5m]))', when: above 1}]
        """,
    good="""
            policy: {labels: {team: '[a-z-]+'}}
            ---
            kind: AlertRules
            group: example
            folder: Examples
            rules: [{alert: HighErrorRate, query: 'sum(rate(http_requests_total[5m]))', when: above 1, labels: {team: shop}}]
        """,
)
def check(rule: LintRuleSubject, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each label that is missing or has a value that the policy does not allow."""
    for label, pattern in project.policy.labels.items() if rule.is_alert else ():
        value = rule.labels.get(label)
        if value is None:
            message = f"the alert `{rule.name}` lacks the label `{label}`"
            yield rule.problem(message, "alert", hint=f"add one that matches `{pattern}`")
        elif "{{" not in value and matches_whole(pattern, value) is False:
            message = f"the label `{label}` of `{rule.name}` is `{value}`, which the policy does not allow"
            yield rule.problem(message, "labels", label, hint=f"write one that matches `{pattern}`")
