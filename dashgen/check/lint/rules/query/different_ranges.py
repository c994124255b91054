"""A quotient divides rates over different ranges.

`rate(errors[5m]) / rate(requests[1m])` compares five minutes with one. When traffic rises the share of
errors falls, and it can exceed one when traffic falls, though nothing has changed about the errors.

Write the same range on both sides. One metric over a short and a long range, or with an `offset`, is a
comparison with the past and no finding.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.query.promql.promql_nodes import BinaryExpr, Call, Expr, MatrixSelector, VectorSelector
from dashgen.query.promql.promql_view import PromQLView

_RATES = frozenset({"rate", "increase"})


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Share of errors
        query: sum(rate(http_requests_total{code="500"}[10m])) / sum(rate(http_requests_total[5m]))
    """,
    good="""
        title: Share of errors
        query: sum(rate(http_requests_total{code="500"}[10m])) / sum(rate(http_requests_total[10m]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each quotient whose sides have one range each, which differ."""
    view = query.promql
    if view is None or view.is_open:
        return
    for node in view.operations:
        if node.op != "/" or _compares_times(view, node):
            continue
        above, below = _ranges(view, node.lhs), _ranges(view, node.rhs)
        if len(above) == 1 and len(below) == 1 and above != below:
            (name, one), (other_name, other) = *above, *below
            if name == other_name:
                message = f"`{name}` over `{one}` is divided by `{name}` over `{other}`"
                yield query.at(node.op_start, message, "write the same range on both sides")


def _compares_times(view: PromQLView, node: BinaryExpr) -> bool:
    """Whether the sides are one thing at different times, whose ranges differ on purpose."""
    sides = [
        [one for one in view.below(side) if isinstance(one, VectorSelector)] for side in (node.lhs, node.rhs)
    ]
    if any(selector.offset is not None for side in sides for selector in side):
        return True
    texts = [{view.written(selector) for selector in side} for side in sides]
    return texts[0] == texts[1]


def _ranges(view: PromQLView, node: Expr) -> set[tuple[str, str]]:
    """The functions and ranges of the rates in an expression; none where something else reads a range."""
    ranges = set()
    for part in view.below(node):
        series = part.args[0] if isinstance(part, Call) and part.args else None
        if isinstance(part, Call) and isinstance(series, MatrixSelector):
            if part.name not in _RATES:
                return set()
            ranges.add((part.name, view.written(series.range)))
    return ranges
