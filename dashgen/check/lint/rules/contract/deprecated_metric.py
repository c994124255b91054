"""A query reads a metric that the contract calls deprecated.

The application stops exporting it with one of its next versions. The panel is empty then, and an alert
never fires again.

Read what the contract names instead.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        kind: Metrics
        metrics:
          orders: {type: counter, help: Orders., deprecated: Use orders_total.}
          orders_total: {type: counter, help: Orders.}
        ---
        kind: Dashboard
        title: Example
        panels: [{title: Orders, query: 'sum(rate(orders[$__rate_interval]))'}]
    """,
    good="""
        kind: Metrics
        metrics:
          orders: {type: counter, help: Orders., deprecated: Use orders_total.}
          orders_total: {type: counter, help: Orders.}
        ---
        kind: Dashboard
        title: Example
        panels: [{title: Orders, query: 'sum(rate(orders_total[$__rate_interval]))'}]
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each use of a deprecated metric."""
    if project.contract is None or query.facts is None or query.language != "prometheus":
        return
    for use in query.facts.metrics:
        series = project.contract.series.get(use.name)
        if series is not None and series.deprecated:
            yield query.at(use.offset, f"the metric `{use.name}` goes away", series.deprecated.rstrip("."))
