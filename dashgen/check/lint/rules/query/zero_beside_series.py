"""`or vector(0)` adds a line of zeros beside the series that it should complete.

`or` adds the series of its right side that have other labels than those on the left. `vector(0)` has no
labels, so beside `sum by (code) (…)` it is always there, as one more line, and its zero is counted by what
aggregates it.

Write `or vector(0)` only behind a result without labels, such as `sum(…)`; behind others write `or on ()
vector(0)`, which is 0 when there is nothing else.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, lint_rule
from dashgen.query.promql.promql_nodes import AggregateExpr, BinaryExpr, Call, Expr, NumberLiteral
from dashgen.query.promql.promql_view import PromQLView, bare

_OFTEN_ABSENT = frozenset({"cluster"})
"""Labels of which mixins do not know whether a series has them."""


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Requests
        query: sum by (code) (rate(http_requests_total[$__rate_interval])) or vector(0)
    """,
    good="""
        title: Requests
        query: sum by (code) (rate(http_requests_total[$__rate_interval])) or on () vector(0)
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each `or` of labelled series and a number."""
    view = query.promql
    if view is None or view.is_open:
        return
    for node in view.operations:
        if node.op != "or" or node.matching is not None or not _is_number(node.rhs):
            continue
        labels = view.labels(node.lhs)
        named = labels.named | labels.surely
        if named - _OFTEN_ABSENT and not _is_summed(view, node):
            label = min(named - _OFTEN_ABSENT)
            message = f"`{view.written(node.rhs)}` is one more series beside those with `{label}`"
            edits = query.replacing(node.op_start, node.op_start + 2, "or on ()")
            yield query.at(node.op_start, message, "write `or on () vector(…)`", edits)


def _is_number(node: Expr) -> bool:
    node = bare(node)
    return isinstance(node, Call) and node.name == "vector" and isinstance(bare(node.args[0]), NumberLiteral)


def _is_summed(view: PromQLView, node: BinaryExpr) -> bool:
    """Whether the zero only keeps a sum or maximum from being empty."""
    outer = next(view.around(node), None)
    return isinstance(outer, AggregateExpr) and outer.op in {"sum", "max"}
