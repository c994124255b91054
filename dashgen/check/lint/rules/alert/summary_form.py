"""The summary of an alert is not one short sentence.

Phones show about a hundred characters, and lists of alerts one line.

Write one sentence of at most 120 characters that begins with a capital; details go to `description:`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, Severity, lint_rule

_LONGEST = 120


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
            alert: HighErrorRate
            query: sum(rate(http_requests_total{code="500"}[5m]))
            when: above 1
            for: 5m
            summary: "errors\\nare high"
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
    """Yield a problem for a summary with several lines, without a capital, or that is too long."""
    summary = rule.annotations.get("summary", "").strip()
    if not rule.is_alert or not summary:
        return
    # The text of templates is longer or shorter than what they become.
    is_long = len(summary) > _LONGEST and "{{" not in summary
    if is_long or "\n" in summary or summary[0].islower():
        keys = ("summary",) if rule.is_spec else ("annotations", "summary")
        hint = "write one sentence; details go to `description:`"
        yield rule.problem(f"the summary of `{rule.name}` is not one short sentence", *keys, hint=hint)
