"""Queries select one job, and readers cannot choose another.

The dashboard works for one installation, whose job happens to be called so.

Add a variable `job` with `label_values(METRIC, job)`, and `job=~"$job"` to the queries.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, Preset, Severity, lint_rule
from dashgen.check.lint.fixed_labels import fixed_value


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        kind: Dashboard
        title: Example
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total{job="shop"}[5m]))'}
          - {title: Up, query: 'sum(up{job="shop"})'}
    """,
    good="""
        kind: Dashboard
        title: Example
        variables:
          - {name: job, query: 'label_values(http_requests_total, job)'}
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total{job=~"$job"}[5m]))'}
    """,
)
def check(dashboard: LintDashboard) -> Iterator[LintProblem]:
    """Yield a problem for a dashboard all of whose queries select one and the same job."""
    job = fixed_value(dashboard, "job")
    if job and dashboard.variable("job") is None:
        message = f"every query selects the job `{job}`, and there is no variable to choose another"
        hint = 'add a variable `job`, and `job=~"$job"` to the queries'
        yield dashboard.problem(message, "title", hint=hint)
