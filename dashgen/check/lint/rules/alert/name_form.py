"""The name of an alert is not one word in CamelCase of at most 50 characters.

The name is a label, the title of the notification, and what people search for. Spaces and dashes have to be
quoted in matchers; a long name is cut on phones.

Name the trouble, not the measurement: `CheckoutFails`. The policy `alert_names` demands another form.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintRuleSubject, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern

_FORM = lazy_pattern(r"[A-Z][A-Za-z0-9]{2,49}\Z")


@lint_rule(
    presets=[Preset.STRICT],
    bad="""
            alert: high error rate
            query: sum(rate(http_requests_total{code="500"}[5m]))
            when: above 1
            for: 5m
        """,
    good="""
            alert: HighErrorRate
            query: sum(rate(http_requests_total{code="500"}[5m]))
            when: above 1
            for: 5m
        """,
)
def check(rule: LintRuleSubject, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for an alert whose name has another form."""
    if rule.is_alert and project.policy.alert_names is None and not _FORM.match(rule.name):
        message = f"`{rule.name}` is not one word in CamelCase of at most 50 characters"
        yield rule.problem(message, "alert", hint="name the trouble, such as `CheckoutFails`")
