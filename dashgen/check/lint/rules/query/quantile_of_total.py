"""A quantile is computed from the sum or the count of a histogram, which have no buckets.

`histogram_quantile` reads the label `le` of `_bucket` series. `_sum` and `_count` have none, so the result is
empty, whatever happens.

Read the `_bucket` series. A mean is `rate(x_sum[5m]) / rate(x_count[5m])`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.query.promql.promql_nodes import VectorSelector, metric_name

_NO_BUCKETS = ("_sum", "_count", "_total")


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Duration
        query: histogram_quantile(0.9, rate(http_request_duration_seconds_count[$__rate_interval]))
    """,
    good="""
        title: Duration
        query: histogram_quantile(0.9, rate(http_request_duration_seconds_bucket[$__rate_interval]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each quantile of series that are no buckets by their names."""
    if query.promql is None:
        return
    for call in query.promql.calls:
        if call.name != "histogram_quantile":
            continue
        selectors = [one for one in query.promql.below(call.args[1]) if isinstance(one, VectorSelector)]
        name = metric_name(selectors[0]) if len(selectors) == 1 else None
        if name and name.endswith(_NO_BUCKETS) and ":" not in name:
            message = f"`{name}` has no buckets, so that the quantile is always empty"
            base = name.rsplit("_", 1)[0]
            yield query.at(selectors[0].start, message, f"read `{base}_bucket`")
