"""A project shows no errors, no latency, no traffic or no saturation anywhere.

These four are what users feel and what breaks first. A project whose dashboards lack one of them learns of it
from its users.

Add a panel for what is missing. Only what the metric contract has is looked for: a counter with errors in
its name or status labels, a histogram of seconds, a counter of requests, a gauge of memory, queue or
utilisation.
"""

from collections.abc import Iterator, Mapping

from dashgen.check.lint import LintProblem, LintProject, Preset, Severity, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.series_contract import Series

_ERRORS = lazy_pattern(r"(?:^|_)(?:errors?|failures?|failed|exceptions?)(?:_|$)")
_TRAFFIC = lazy_pattern(r"(?:^|_)(?:requests?|queries|calls|messages?)(?:_|$)")
_SATURATION = lazy_pattern(
    r"(?:^|_)(?:queue|pending|memory|utili[sz]ation|saturation|backlog|in_flight)(?:_|$)"
)

_LATENCY = lazy_pattern(r"_seconds_bucket$")
_SIGNALS = (
    ("errors", "counter", _ERRORS),
    ("latency", "counter", _LATENCY),
    ("traffic", "counter", _TRAFFIC),
    ("saturation", "gauge", _SATURATION),
)
"""Each signal with the type and the name of series that show it; buckets are counters."""


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        kind: Dashboard
        title: Orders
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
    """,
    good="""
        kind: Dashboard
        title: Orders
        panels:
          - {title: Requests, query: 'sum by (code) (rate(http_requests_total[$__rate_interval]))'}
          - title: Latency
            query: histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))
          - {title: Waiting jobs, query: sum by (queue) (queue_length)}
    """,
)
def check(project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each signal that the contract has and no panel shows."""
    if project.contract is None or not project.dashboards:
        return
    shown = {name for dashboard in project.dashboards for name in dashboard.metrics}
    for signal, names in _signals(project.contract.series).items():
        if names and not names & shown:
            message = f"no panel of the project shows {signal}, such as `{min(names)}`"
            yield project.problem(message, hint="add a panel for it")


def _signals(series: Mapping[str, Series]) -> dict[str, set[str]]:
    """The series of a contract that show each of the four signals."""
    return {
        signal: {name for name, one in series.items() if one.type == kind and pattern.search(name)}
        for signal, kind, pattern in _SIGNALS
    }
