"""A graph has a line for each user, request or address.

Grouping log lines by an identifier gives as many series as there are identifiers. Loki refuses a query with more
than 500 series (`max_query_series`), and nobody can read as many lines.

Choose the largest with `topk`, show a table, or count the identifiers: `count(sum by (user_id) (…))`. The option
`labels` lists the identifiers.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, lint_rule
from dashgen.query.logql.nodes import Aggregation, Grouping

_IDENTIFIERS = (
    "user_id", "userid", "userId", "session_id", "sessionId", "request_id", "requestId", "trace_id", "traceID",
    "traceId", "span_id", "correlation_id", "email", "ip", "client_ip", "remote_addr", "ip_address",
)  # fmt: skip
_REDUCING = frozenset({"topk", "bottomk", "approx_topk", "count", "sum", "max", "min", "avg"})


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests of users
        datasource: loki
        query: sum by (user_id) (count_over_time({app="shop"} | json | __error__="" [$__auto]))
    """,
    good="""
        title: Requests of users
        datasource: loki
        query: topk(10, sum by (user_id) (count_over_time({app="shop"} | json | __error__="" [$__auto])))
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each identifier that a graph has a line for."""
    if not query.is_drawn_over_time:
        return
    identifiers = frozenset(project.option("logql/high-cardinality", "labels", _IDENTIFIERS))
    outer = next(iter(query.logql), None)
    is_reduced = isinstance(outer, Aggregation) and outer.name in _REDUCING and _is_nested(query, outer)
    for node in query.logql:
        if isinstance(node, Grouping) and node.keeps and not is_reduced:
            for label in node.labels:
                if label in identifiers:
                    message = f"each `{label}` has a line of its own"
                    yield query.at(node.start, message, "choose the largest with `topk`, or show a table")


def _is_nested(query: LintQuery, outer: Aggregation) -> bool:
    """Whether the outermost aggregation reduces the series of one inside, rather than making them."""
    groupings = [node for node in query.logql if isinstance(node, Grouping)]
    return any(grouping is not outer.grouping for grouping in groupings)
