"""The name of a recorded series has another form than the organisation's.

Who reads a series knows from its name what it is and who keeps it.

Rename it in the form of `policy.recording_names` in dashgen.yaml.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintRuleSubject, Preset, lint_rule
from dashgen.query.re2_patterns import matches_whole


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
            policy: {recording_names: 'shop:.+'}
            ---
            kind: AlertRules
            group: example
            folder: Examples
            rules: [{record: 'code:http_requests:rate5m', query: 'sum by (code) (rate(http_requests_total[5m]))'}]
        """,
    good="""
            policy: {recording_names: 'shop:.+'}
            ---
            kind: AlertRules
            group: example
            folder: Examples
            rules: [{record: 'shop:http_requests:rate5m', query: 'sum by (code) (rate(http_requests_total[5m]))'}]
        """,
)
def check(rule: LintRuleSubject, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a recording rule whose name has another form."""
    pattern = project.policy.recording_names
    if pattern is not None and not rule.is_alert and matches_whole(pattern, rule.name) is False:
        message = f"the name `{rule.name}` has another form than the policy demands"
        yield rule.problem(message, "record", hint=f"choose one that matches `{pattern}`")
