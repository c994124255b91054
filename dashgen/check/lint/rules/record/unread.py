"""Nothing in the project reads a recorded series.

It costs an evaluation each interval and storage for as long as it is kept.

Read it in a dashboard or an alert, or remove the rule. Series that others read, such as by federation, can be
excepted with a comment.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, Preset, Severity, lint_rule


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
            kind: AlertRules
            group: example
            folder: Examples
            rules:
              - {record: 'code:http_requests:rate5m', query: 'sum by (code) (rate(http_requests_total[5m]))'}
        """,
    good="""
            kind: AlertRules
            group: example
            folder: Examples
            rules:
              - {record: 'code:http_requests:rate5m', query: 'sum by (code) (rate(http_requests_total[5m]))'}
            ---
            kind: Dashboard
            title: Example
            panels: [{title: Requests, query: 'code:http_requests:rate5m'}]
        """,
)
def check(project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each recorded series that no query of the project reads."""
    read = project.metrics
    # A query without one name may read any series.
    if "" in read or any("$" in name or "[[" in name for name in read):
        return
    for rule in project.rules:
        if not rule.is_alert and rule.is_spec and rule.name not in read:
            message = f"nothing in the project reads `{rule.name}`"
            location = rule.place.location(("record",))
            yield LintProblem(message, hint="read it, or remove the rule", location=location)
