"""The rate of a metric that everybody knows to be a gauge has no meaning.

`rate` takes each falling value for a restart of a counter and adds what came after it. Of memory in use or
of the number of pods that gives a number that nobody can explain.

Use `deriv` or `delta` for the change of a gauge, `max_over_time` and the like for its course, and
`changes` of the start time to count restarts.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, Severity, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.metric_types import FOR_COUNTERS
from dashgen.query.promql.promql_nodes import MatrixSelector

# node_exporter 1.9, kube-state-metrics 2.15, cAdvisor and the client libraries: their gauges.
_GAUGES = lazy_pattern(
    r"up|go_goroutines|go_threads|process_(?:resident|virtual)_memory_bytes|process_open_fds"
    r"|process_start_time_seconds|node_load(?:1|5|15)"
    r"|node_memory_(?:MemTotal|MemFree|MemAvailable|Cached)_bytes"
    r"|node_filesystem_(?:size|free|avail)_bytes|container_memory_(?:working_set_bytes|usage_bytes|rss)"
    r"|kube_(?:pod_info|pod_status_phase|deployment_spec_replicas|deployment_status_replicas\w*|node_info)"
    r"|jvm_memory_used_bytes|\w+_info|\w+_timestamp_seconds"
)


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Load
        query: rate(node_load1[5m])
    """,
    good="""
        title: Load
        query: deriv(node_load1[5m])
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each rate of such a metric."""
    if query.promql is None:
        return
    described = project.contract.series if project.contract is not None else {}
    for call in query.promql.calls:
        series = call.args[0] if call.name in FOR_COUNTERS - {"resets"} else None
        if not isinstance(series, MatrixSelector):
            continue
        name = series.vector_selector.name
        if name not in described and _GAUGES.fullmatch(name):
            message = f"`{call.name}` is for counters, and `{name}` is a gauge"
            is_start = name == "process_start_time_seconds"
            hint = (
                "use `changes` to count restarts"
                if is_start
                else "use `deriv` or `delta`, or the gauge itself"
            )
            yield query.at(call.start, message, hint)
