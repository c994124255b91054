"""The application exports a metric that no dashboard and no rule reads.

It costs memory in Prometheus and time in the application, and nobody would notice if it were wrong.

Show it, alert on it, or stop exporting it. Metrics that the contract calls deprecated are no finding.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, Preset, Severity, lint_rule
from dashgen.check.lint.described_metrics import described_metrics
from dashgen.model.metrics_spec import series_names

_OTHERS = """
        kind: Dashboard
        title: Example
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
          - {title: Memory, query: sum(process_resident_memory_bytes)}
          - {title: Queue, query: sum(queue_length)}
"""
_DURATION = "sum(rate(http_request_duration_seconds_count[$__rate_interval]))"


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad=_OTHERS,
    good=f"""{_OTHERS}          - {{title: Answers, query: '{_DURATION}'}}
    """,
)
def check(project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each described metric of which nothing is read."""
    read = project.metrics
    if not read or any("{" in name or "$" in name or "[[" in name or not name for name in read):
        return  # a query that reads metrics by a pattern or a variable may read any of them
    for described in described_metrics(project):
        names = series_names(described.name, described.metric)
        if described.metric.deprecated is None and read.isdisjoint(names):
            message = f"no dashboard and no rule reads the metric `{described.name}`"
            yield described.problem(message, "show it, alert on it, or stop exporting it")
