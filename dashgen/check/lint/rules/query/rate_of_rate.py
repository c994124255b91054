"""A rate is taken of what is a rate already.

`rate` and `increase` take a falling value for a restart of a counter. A rate goes up and down all the time,
so each fall is counted as if everything had started anew: the result is far too high and means nothing.

Take `deriv` of a rate to see whether it grows, or the rate of the counter itself.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.query.promql.promql_nodes import Call, Expr, SubqueryExpr
from dashgen.query.promql.promql_view import PromQLView, bare

_RATES = frozenset({"rate", "irate", "increase"})
_KEEPING = frozenset({"avg", "sum", "max", "min", "topk", "bottomk"})


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Growth
        query: rate(rate(http_requests_total[5m])[1h:])
    """,
    good="""
        title: Growth
        query: deriv(rate(http_requests_total[5m])[1h:])
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each rate of a rate."""
    if query.promql is None:
        return
    for call in query.promql.calls:
        subquery = bare(call.args[0]) if call.name in _RATES and call.args else None
        inner = _rate_in(query.promql, subquery.expr) if isinstance(subquery, SubqueryExpr) else None
        if inner is not None:
            message = f"`{call.name}` takes each fall of `{inner.name}` for a restart"
            yield query.at(call.start, message, "use `deriv`, or take the rate of the counter itself")


def _rate_in(view: PromQLView, node: Expr) -> Call | None:
    """The rate that an expression is, perhaps aggregated."""
    for part in view.below(node):
        if isinstance(part, Call):
            return part if part.name in _RATES else None
        if not (bare(part) is not part or getattr(part, "op", "") in _KEEPING):
            return None
    return None
