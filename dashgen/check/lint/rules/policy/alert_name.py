"""The name of an alert has another form than the organisation's.

Names are looked up, muted and counted by their form.

Rename it in the form of `policy.alert_names` in dashgen.yaml.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintRuleSubject, Preset, lint_rule
from dashgen.query.re2_patterns import matches_whole


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
            policy: {alert_names: 'Shop[A-Z][A-Za-z]+'}
            ---
            kind: AlertRules
            group: example
            folder: Examples
            rules: [{alert: HighErrorRate, query: 'sum(rate(http_requests_total[5m]))', when: above 1}]
        """,
    good="""
            policy: {alert_names: 'Shop[A-Z][A-Za-z]+'}
            ---
            kind: AlertRules
            group: example
            folder: Examples
            rules: [{alert: ShopErrors, query: 'sum(rate(http_requests_total[5m]))', when: above 1}]
        """,
)
def check(rule: LintRuleSubject, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for an alert whose name has another form."""
    pattern = project.policy.alert_names
    if pattern is not None and rule.is_alert and matches_whole(pattern, rule.name) is False:
        message = f"the name `{rule.name}` has another form than the policy demands"
        yield rule.problem(message, "alert", hint=f"choose one that matches `{pattern}`")
