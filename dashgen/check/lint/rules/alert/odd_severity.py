"""An alert has a severity that no other tool knows.

Policies, dashboards of alerts and on-call tools look for `info`, `warning` and `critical`; another word goes
the way of the default policy.

Use one of the three. The option `values` has others, if everything around agrees on them.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintRuleSubject, Preset, lint_rule

_VALUES = ("info", "warning", "critical", "none", "page", "ticket")


@lint_rule(
    presets=[Preset.STRICT],
    bad="""
            alert: HighErrorRate
            query: sum(rate(http_requests_total{code="500"}[5m]))
            when: above 1
            for: 5m
            labels: {severity: sev1}
        """,
    good="""
            alert: HighErrorRate
            query: sum(rate(http_requests_total{code="500"}[5m]))
            when: above 1
            for: 5m
            labels: {severity: critical}
        """,
)
def check(rule: LintRuleSubject, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for an alert with an unusual severity."""
    values = project.option("alert/odd-severity", "values", _VALUES)
    severity = rule.labels.get("severity", "")
    if rule.is_alert and severity and "{{" not in severity and severity not in values:
        message = f"the severity `{severity}` is none of {', '.join(f'`{value}`' for value in values)}"
        yield rule.problem(message, "labels", "severity", hint="use one of them")
