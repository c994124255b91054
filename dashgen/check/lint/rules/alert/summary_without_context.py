"""An alert for each of several series has a summary that says of which one it is nowhere.

Ten handlers fail, and ten notifications read the same.

Show the label that tells them apart: `{{ $labels.handler }}`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, lint_rule


@lint_rule(
    presets=[Preset.STRICT],
    bad="""
            alert: HighErrorRate
            query: sum by (handler) (rate(http_requests_total{code="500"}[5m]))
            when: above 1
            summary: Requests fail
        """,
    good="""
            alert: HighErrorRate
            query: sum by (handler) (rate(http_requests_total{code="500"}[5m]))
            when: above 1
            summary: "{{ $labels.handler }} fails"
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for an alert with labels in its result and none in its texts."""
    query = rule.query
    if not rule.is_alert or query is None or query.facts is None or not query.facts.grouping:
        return
    texts = [text for key, text in rule.annotations.items() if key in ("summary", "description", "message")]
    if texts and not any("{{" in text for text in texts):
        labels = ", ".join(f"`{label}`" for label in query.facts.grouping)
        message = f"the texts of `{rule.name}` do not say for which {labels}"
        keys = ("summary",) if rule.is_spec and rule.annotations.get("summary") else ("annotations",)
        yield rule.problem(message, *keys, hint=f"show `{{{{ $labels.{query.facts.grouping[0]} }}}}`")
