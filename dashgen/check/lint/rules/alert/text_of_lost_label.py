"""A text of an alert shows a label that its query drops, so it is empty.

`sum by (job) (…)` leaves `job` alone: `{{ $labels.instance }}` is nothing, and the notification reads as if
something were broken.

Keep the label in `by (…)`, or leave it out of the text. In Prometheus and Loki `$labels` are those of the
query alone: the labels of the rule and `alertname` come later (`rules/alerting.go` of Prometheus 3,
`AlertingRule.Eval`).
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, Severity, lint_rule
from dashgen.query.gotemplate import parse_template

_OF_ALERTS = frozenset(("alertname", "grafana_folder"))
"""Labels that every alert of Grafana gets, whatever its query yields."""


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
            alert: HighErrorRate
            query: sum by (handler) (rate(http_requests_total{code="500"}[5m]))
            when: above 1
            summary: "{{ $labels.method }} fails"
        """,
    good="""
            alert: HighErrorRate
            query: sum by (handler) (rate(http_requests_total{code="500"}[5m]))
            when: above 1
            summary: "{{ $labels.handler }} fails"
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for each label in a text that no series of the query can have."""
    query = rule.query
    if not rule.is_alert or query is None or query.promql is None or query.promql.is_open:
        return
    if len(rule.queries) > 1:
        # Expressions over several queries may take labels from any of them.
        return
    labels = query.promql.labels(query.promql.tree)
    added = {*rule.labels, *_OF_ALERTS} if "grafana" in rule.evaluators else frozenset[str]()
    for section, texts in (("labels", rule.labels), ("annotations", rule.annotations)):
        for key, text in texts.items():
            for label in labels_in(text) if "{{" in text else ():
                if label not in added and not labels.may_have(label):
                    where = (key,) if rule.is_spec and key in ("summary", "description") else (section, key)
                    message = f"`$labels.{label}` is empty: the query drops the label `{label}`"
                    yield rule.problem(
                        message, *where, hint="keep it in `by (…)`, or leave it out of the text"
                    )


def labels_in(text: str) -> Iterator[str]:
    """The labels that a template shows."""
    for name in parse_template(text).names:
        if (name.name == "$labels" and name.fields) or (
            name.kind == "field" and name.name == "Labels" and name.root and name.fields
        ):
            yield name.fields[0]
