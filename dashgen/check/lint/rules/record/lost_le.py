"""A recorded histogram loses the label `le`, so no quantile can be computed from it.

`sum by (job) (rate(x_bucket[5m]))` adds up all buckets: the sum is a number without a meaning.

Keep `le`: `sum by (job, le) (…)`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintRuleSubject, Preset, Severity, lint_rule


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
            record: 'handler:http_request_duration_seconds_bucket:rate5m'
            query: sum by (handler) (rate(http_request_duration_seconds_bucket[5m]))
        """,
    good="""
            record: 'handler_le:http_request_duration_seconds_bucket:rate5m'
            query: sum by (handler, le) (rate(http_request_duration_seconds_bucket[5m]))
        """,
)
def check(rule: LintRuleSubject) -> Iterator[LintProblem]:
    """Yield a problem for a recording rule over buckets that are all added up."""
    query = rule.query
    if rule.is_alert or query is None or query.promql is None or query.promql.is_open:
        return
    view = query.promql
    names = [selector.name or "" for selector in view.selectors]
    has_le = any(matcher.label == "le" for selector in view.selectors for matcher in selector.matchers)
    if not names or has_le or not all(name.endswith("_bucket") for name in names):
        return
    for node in view.aggregations:
        if node.op in ("sum", "avg") and not view.labels(node).may_have("le"):
            below = any(call.name.startswith("histogram_") for call in view.calls)
            if not below:
                message = "the buckets are added up: without `le` the sum means nothing"
                yield query.at(node.start, message, "add `le` to `by (…)`")
                return
