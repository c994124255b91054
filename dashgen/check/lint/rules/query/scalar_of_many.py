"""`scalar` of several series is NaN.

`scalar` makes a number of a result that has one series. Of any other result it makes NaN without an error,
and everything that is computed with it is NaN.

Aggregate to one series first, as in `scalar(sum(x))`, or match the sides: `a / on () group_left sum(b)`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.query.promql.output_labels import CHOOSING
from dashgen.query.promql.promql_nodes import AggregateExpr, Expr, VectorSelector
from dashgen.query.promql.promql_view import PromQLView, bare


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Share
        query: sum(rate(http_requests_total[5m])) / scalar(sum by (method) (rate(http_requests_total[5m])))
    """,
    good="""
        title: Share
        query: sum(rate(http_requests_total[5m])) / scalar(sum(rate(http_requests_total[5m])))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each `scalar` of an aggregation by labels that can have several values."""
    view = query.promql
    if view is None or view.is_open:
        return
    for call in view.calls:
        inner = bare(call.args[0]) if call.name == "scalar" else None
        if not isinstance(inner, AggregateExpr) or inner.op in CHOOSING or inner.grouping is None:
            continue
        if inner.grouping.without:
            continue
        labels = [label for label in inner.grouping.names if not _is_fixed(view, inner, label)]
        if labels:
            message = f"`scalar` is NaN when `{labels[0]}` has several values"
            yield query.at(call.start, message, f"aggregate `{labels[0]}` away")


def _is_fixed(view: PromQLView, node: Expr, label: str) -> bool:
    """Whether a matcher or a variable chooses one value of a label."""
    return any(
        matcher.label == label and (matcher.operator == "=" or view.has_variable(matcher))
        for selector in view.below(node)
        if isinstance(selector, VectorSelector)
        for matcher in selector.matchers
    )
