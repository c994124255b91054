"""An alert lacks an annotation that the organisation demands, or has another form.

Tools that show alerts expect it, such as a link to the runbook in a certain wiki.

Add the annotation in the form that `policy.annotations` in dashgen.yaml demands.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintRuleSubject, Preset, lint_rule
from dashgen.query.re2_patterns import matches_whole


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
            policy: {annotations: {runbook_url: 'https://wiki.+'}}
            ---
            kind: AlertRules
            group: example
            folder: Examples
            rules: [{alert: HighErrorRate, query: 'sum(rate(http_requests_total[5m]))', when: above 1}]
        """,
    good="""
            policy: {annotations: {runbook_url: 'https://wiki.+'}}
            ---
            kind: AlertRules
            group: example
            folder: Examples
            rules:
              - {alert: HighErrorRate, query: 'sum(rate(http_requests_total[5m]))', when: above 1, runbook: 'https://wiki/errors'}
        """,
)
def check(rule: LintRuleSubject, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each annotation that is missing or has another form."""
    for key, pattern in project.policy.annotations.items() if rule.is_alert else ():
        text = rule.annotations.get(key)
        if text is None:
            message = f"the alert `{rule.name}` lacks the annotation `{key}`"
            yield rule.problem(message, "alert", hint=f"add one that matches `{pattern}`")
        elif "{{" not in text and matches_whole(pattern, text) is False:
            message = f"the annotation `{key}` of `{rule.name}` has another form than the policy demands"
            yield rule.problem(message, "annotations", key, hint=f"write one that matches `{pattern}`")
