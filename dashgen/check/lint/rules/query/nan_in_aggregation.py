"""One division by zero makes a whole aggregation NaN.

`sum(rate(a[5m]) / rate(b[5m]))` divides series by series. One of them without traffic is 0 / 0, which is
NaN, and a sum or mean with a NaN in it is NaN: the panel shows nothing for all of them.

Divide the sums, `sum(rate(a[5m])) / sum(rate(b[5m]))`, or leave zeros out: `… / (rate(b[5m]) > 0)`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.query.promql.promql_nodes import BinaryExpr, Call, Expr
from dashgen.query.promql.promql_view import bare

_SPREADING = frozenset({"sum", "avg", "stddev", "stdvar"})
_RATES = frozenset({"rate", "irate", "increase"})


@lint_rule(
    presets=[Preset.STRICT],
    bad="""
        title: Mean share of errors
        query: >-
          avg(rate(http_requests_total{code="500"}[5m])
          / ignoring (code) rate(http_requests_total{code="200"}[5m]))
    """,
    good="""
        title: Share of errors
        query: >-
          sum(rate(http_requests_total{code="500"}[5m])) / sum(rate(http_requests_total{code="200"}[5m]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each aggregation of quotients whose divisor is a plain rate."""
    view = query.promql
    if view is None or view.is_open:
        return
    for node in view.aggregations:
        ratio = bare(node.expr)
        if (
            node.op in _SPREADING
            and isinstance(ratio, BinaryExpr)
            and ratio.op == "/"
            and _is_rate(ratio.rhs)
        ):
            message = f"a series without events is 0 / 0, and `{node.op}` of a NaN is NaN"
            yield query.at(ratio.op_start, message, "divide sums, or leave zeros out with `> 0`")


def _is_rate(node: Expr) -> bool:
    node = bare(node)
    return isinstance(node, Call) and node.name in _RATES
