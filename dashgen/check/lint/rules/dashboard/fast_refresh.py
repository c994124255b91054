"""A dashboard reloads more often than there is new data.

Prometheus has a new value after each scrape. Everybody who has the dashboard open asks all its queries again
for the same answer.

Reload at most once in a scrape interval; `scrape_interval` of the data source says how long that is. The
option `shortest` replaces it, as for a dashboard of log lines.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintDashboard, LintProblem, LintProject, Preset, Safety, lint_rule
from dashgen.model.duration import lenient_seconds

_RULE = "dashboard/fast-refresh"


@lint_rule(
    presets=[Preset.RECOMMENDED],
    fix=Safety.UNSAFE,
    bad="""
        kind: Dashboard
        title: Orders
        refresh: 5s
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
    """,
    good="""
        kind: Dashboard
        title: Orders
        refresh: 15s
        panels:
          - {title: Requests, query: 'sum(rate(http_requests_total[$__rate_interval]))'}
    """,
)
def check(dashboard: LintDashboard, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a refresh interval below the scrape interval."""
    shortest = str(project.option(_RULE, "shortest", project.scrape_interval))
    least, refresh = lenient_seconds(shortest), lenient_seconds(dashboard.refresh)
    if least is None or refresh is None or refresh >= least:
        return
    if all(query.language != "prometheus" for query in dashboard.queries):
        return
    message = f"it reloads every {dashboard.refresh}, but there is new data every {shortest}"
    edits = dashboard.set(("refresh",), shortest)
    hint = f"write `refresh: {shortest}` or longer"
    yield dashboard.problem(message, "refresh", hint=hint, edits=edits)
