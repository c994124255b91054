"""Each point of a graph reads days of samples.

`avg_over_time(x[30d])` of a graph with 300 steps reads 300 times 30 days. It is slow for everybody who asks
the same Prometheus, and may be more than it keeps.

Record it with a rule, or show one value. The option `longest` says how long a range may be (`7d`).
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, Severity, lint_rule
from dashgen.model.duration import lenient_seconds
from dashgen.query.promql.promql_nodes import MatrixSelector, SubqueryExpr, seconds_of

_LONGEST = "7d"


@lint_rule(
    severity=Severity.INFO,
    presets=[Preset.STRICT],
    bad="""
        title: Requests of the month
        query: sum(increase(http_requests_total[30d]))
    """,
    good="""
        title: Requests of the hour
        query: sum(increase(http_requests_total[1h]))
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each range of a graph that is longer than that."""
    view = query.promql
    if view is None or not query.is_drawn_over_time:
        return
    longest = lenient_seconds(project.option("query/long-range", "longest", _LONGEST)) or 0
    for node in view.nodes:
        if isinstance(node, MatrixSelector | SubqueryExpr) and not view.has_variable(node.range):
            seconds = seconds_of(node.range)
            if seconds is not None and seconds > longest:
                message = f"each point of the graph reads `{view.written(node.range)}` of samples"
                yield query.at(node.range.start, message, "record it with a rule, or show one value")
