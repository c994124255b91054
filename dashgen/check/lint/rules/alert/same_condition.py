"""Two alerts have the same query and condition.

Both fire at once and two people look. Or one of them was meant to be another.

Remove one, or correct what should differ. Alerts with other labels go to other people and are no finding.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintRuleSubject, Preset, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
            kind: AlertRules
            group: example
            folder: Examples
            rules:
              - {alert: HighErrorRate, query: 'sum(rate(http_requests_total{code="500"}[5m]))', when: above 1}
              - {alert: ManyErrors, query: 'sum(rate(http_requests_total{code="500"}[5m]))', when: above 1}
        """,
    good="""
            kind: AlertRules
            group: example
            folder: Examples
            rules:
              - {alert: HighErrorRate, query: 'sum(rate(http_requests_total{code="500"}[5m]))', when: above 1}
              - {alert: VeryHighErrorRate, query: 'sum(rate(http_requests_total{code="500"}[5m]))', when: above 10}
        """,
)
def check(project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for the second of two alerts that are the same but for their names."""
    first: dict[object, LintRuleSubject] = {}
    for rule in project.rules:
        if not rule.is_alert or not rule.is_spec or rule.query is None:
            continue
        texts = tuple(" ".join(query.text.split()) for query in rule.queries)
        key = (
            texts,
            repr(rule.condition),
            rule.query.datasource,
            tuple(sorted(rule.labels.items())),
            rule.for_,
        )
        other = first.setdefault(key, rule)
        if other is not rule:
            message = f"the alert `{rule.name}` fires when `{other.name}` does"
            location = rule.place.location(("alert",))
            yield LintProblem(message, hint="remove one of them, or correct what differs", location=location)
