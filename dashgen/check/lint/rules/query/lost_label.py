"""An aggregation groups by a label that its operand has lost.

`sum by (handler) (sum by (job) (x))` has one series for everything: the inner aggregation keeps only `job`.
The legend is empty, and an alert that should fire for each handler fires once.

Keep the label in the inner aggregation as well, or leave it out of the outer one.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.query.promql.output_labels import CHOOSING
from dashgen.query.promql.promql_nodes import Expr, VectorSelector
from dashgen.query.promql.promql_view import walk_promql


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests
        query: max by (handler) (sum by (method) (rate(http_requests_total[$__rate_interval])))
    """,
    good="""
        title: Requests
        query: max by (handler) (sum by (handler, method) (rate(http_requests_total[$__rate_interval])))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each label of a `by (…)` that is not there any more."""
    view = query.promql
    if view is None or view.is_open:
        return
    for node in view.aggregations:
        clause = node.grouping
        if clause is None or clause.without or node.op in CHOOSING:
            continue
        inner, empty = view.labels(node.expr), _chosen_empty(node.expr)
        for label in clause.labels:
            if view.has_variable(label) or inner.may_have(label.name) or label.name in empty:
                continue
            message = f"`{label.name}` is lost before `{node.op}` groups by it"
            hint = f"keep it inside{_line_of(view.text, inner.dropped_at(label.name))}, or leave it out here"
            yield query.at(label.start, message, hint)


def _chosen_empty(expression: Expr) -> frozenset[str]:
    """The labels that a matcher wants empty: grouping by them too is for copies with another value."""
    selectors = (node for node in walk_promql(expression) if isinstance(node, VectorSelector))
    matchers = (matcher for selector in selectors for matcher in selector.matchers)
    return frozenset(one.label for one in matchers if one.operator == "=" and not one.value)


def _line_of(text: str, offset: int) -> str:
    """Where a label is lost, for a query of several lines."""
    return (
        f" (line {text.count(chr(10), 0, offset) + 1} of the query)" if offset >= 0 and "\n" in text else ""
    )
