"""A metric of spans has a series for each user, request or trace.

`rate() by (span.user.id)` makes as many lines as there are users. Tempo cuts off at a limit
(`max_response_series`), and what is left is chance.

Group by route, service or status, or choose the largest: `| topk(10)`. The option `names` lists further
attributes.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, lint_rule
from dashgen.query.traceql.traceql_nodes import ChoiceStage, Intrinsic, MetricsStage, SpanAttribute

_ENDLESS = frozenset(
    {
        "user.id", "enduser.id", "session.id", "user_id", "session_id", "request_id", "request.id",
        "http.request.id", "url.full", "http.url", "client.address", "net.peer.ip",
        "gen_ai.conversation.id", "gen_ai.response.id", "db.query.text", "db.statement", "trace:id",
        "span:id", "span:parentID",
    }
)  # fmt: skip


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests
        datasource: tempo
        query: '{ kind = server } | rate() by (span.user.id)'
    """,
    good="""
        title: Requests
        datasource: tempo
        query: '{ kind = server } | rate() by (span.http.route)'
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each identifier that a metric of spans groups by."""
    names = _ENDLESS.union(project.option("traceql/endless-series", "names", ()))
    if any(isinstance(node, ChoiceStage) for node in query.traceql):
        return
    for node in query.traceql:
        for field in node.by if isinstance(node, MetricsStage) else ():
            if isinstance(field, SpanAttribute | Intrinsic) and field.name in names:
                message = f"each `{field.text}` has a series of its own"
                yield query.at(
                    field.start, message, "group by something with few values, or add `| topk(10)`"
                )
