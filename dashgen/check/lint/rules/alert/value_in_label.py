"""A label of an alert has its value in it, so each new value is a new alert.

Labels identify an alert. When one changes, the old alert is resolved and a new one starts from the beginning
of `for`, so that it may never fire, or notifies again and again.

Put values into annotations, such as `summary`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, Severity, lint_rule
from dashgen.query.gotemplate import parse_template

_CHOICES = frozenset(("gt", "ge", "lt", "le", "eq", "ne"))
_VALUES = frozenset(("$value", "$values"))


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
            alert: HighErrorRate
            query: sum(rate(http_requests_total{code="500"}[5m]))
            when: above 1
            for: 5m
            labels: {failing: "{{ $value }}"}
        """,
    good="""
            alert: HighErrorRate
            query: sum(rate(http_requests_total{code="500"}[5m]))
            when: above 1
            for: 5m
            summary: "{{ $value }} requests a second fail"
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for each label whose template has the value."""
    if not rule.is_alert:
        return
    for label, text in rule.labels.items():
        if "{{" not in text:
            continue
        parsed = parse_template(text)
        # A label that is chosen by comparing the value, such as a severity, has few values.
        is_chosen = any(name.name in _CHOICES for name in parsed.names)
        if not is_chosen and any(
            name.name in _VALUES or name.fields[:1] == ("Value",) for name in parsed.names
        ):
            message = f"the label `{label}` changes with the value, and each value is a new alert"
            yield rule.problem(message, "labels", label, hint="put the value into `summary` or `description`")
