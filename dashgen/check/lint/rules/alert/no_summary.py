"""An alert has no summary.

The summary is the line that reaches the phone. Without one the notification has only the alert's name.

Write one sentence for the person who is woken up as `summary:`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, lint_rule

_TEXTS = ("summary", "message", "title")


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
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
        summary: More than one request a second fails
    """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for an alert without a summary."""
    # Others have their one text in a description, or as a label.
    texts = {**rule.labels, **rule.annotations} if not rule.is_spec else rule.annotations
    keys = _TEXTS if rule.is_spec else (*_TEXTS, "description")
    if rule.is_alert and not any(texts.get(key) for key in keys):
        hint = "write one sentence for the person who is woken up as `summary:`"
        yield rule.problem(f"the alert `{rule.name}` has no summary", "alert", hint=hint)
