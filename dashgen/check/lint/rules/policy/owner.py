"""An alert does not belong to the owner of its file.

`policy.owners` says who owns which files; the label sends the alert to them.

Write the label with the owner, or change `policy.owners` in dashgen.yaml.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintRuleSubject, Preset, lint_rule
from dashgen.check.lint.run_rules import matches_path


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
            policy: {owners: {'specs/**': shop}}
            ---
            kind: AlertRules
            group: example
            folder: Examples
            rules: [{alert: HighErrorRate, query: 'sum(rate(http_requests_total[5m]))', when: above 1}]
        """,
    good="""
            policy: {owners: {'specs/**': shop}}
            ---
            kind: AlertRules
            group: example
            folder: Examples
            labels: {team: shop}
            rules: [{alert: HighErrorRate, query: 'sum(rate(http_requests_total[5m]))', when: above 1}]
        """,
)
def check(rule: LintRuleSubject, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for an alert whose label names another owner than that of its file."""
    policy = project.policy
    owners = [owner for pattern, owner in policy.owners.items() if matches_path(rule.place.file, pattern)]
    if not owners or not rule.is_alert:
        return
    # The last pattern that matches counts, as in CODEOWNERS.
    owner, value = owners[-1], rule.labels.get(policy.owner_label, "")
    if value != owner:
        message = f"`{rule.place.file}` is owned by `{owner}`, and the alert `{rule.name}` has "
        message += f"`{policy.owner_label}: {value}`" if value else f"no label `{policy.owner_label}`"
        yield rule.problem(message, "alert", hint=f"write the label `{policy.owner_label}: {owner}`")
