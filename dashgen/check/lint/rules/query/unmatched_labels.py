"""Two sides of an operation cannot find each other: one side has a label that the other lacks.

Series match when all labels that are compared are equal, and a missing label is an empty one. When `sum by
(job, handler)` meets `sum by (job)`, no series of the left side has an empty `handler`, and the result is
empty without an error.

Aggregate both sides by the same labels, or say which are compared: `on (job)`, and `group_left` when
several series of one side belong to one of the other.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.query.promql.output_labels import compared_labels
from dashgen.query.promql.promql_nodes import BinaryExpr
from dashgen.query.promql.promql_view import PromQLView


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Share of errors
        query: >-
          sum by (handler, method) (rate(http_requests_total{code="500"}[5m]))
          / sum by (handler) (rate(http_requests_total[5m]))
    """,
    good="""
        title: Share of errors
        query: >-
          sum by (handler) (rate(http_requests_total{code="500"}[5m]))
          / sum by (handler) (rate(http_requests_total[5m]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each operation whose sides have different labels."""
    view = query.promql
    if view is None or view.is_open:
        return
    for node in view.operations:
        if node.op == "or" or node.lhs.type != "vector" or node.rhs.type != "vector" or _fills(node):
            continue
        if node.matching is not None and view.has_variable(node.matching):
            continue
        label, side = _unmatched(view, node)
        if label:
            other = "right" if side == "left" else "left"
            what = "compares" if node.op in {"and", "unless"} else "matches"
            message = (
                f"the {side} side has the label `{label}`, and the {other} side lacks it: "
                f"`{node.op}` {what} nothing"
            )
            hint = "aggregate both sides by the same labels, or add `on (…)`"
            if node.matching is not None and node.matching.on:
                hint = f"remove `{label}` from `on (…)`, or keep it on the {other} side"
            yield query.at(node.op_start, message, hint)


_FEDERATED = frozenset(("cluster",))
"""Labels that mixins group by for those who have several clusters; everybody else's series have none."""


def _fills(node: BinaryExpr) -> bool:
    matching = node.matching
    return matching is not None and (matching.fill_left is not None or matching.fill_right is not None)


def _unmatched(view: PromQLView, node: BinaryExpr) -> tuple[str, str]:
    """A compared label that only one side has, and that side; empty texts when there is none."""
    left, right = view.labels(node.lhs), view.labels(node.rhs)
    on, ignored = compared_labels(node.matching)
    for side, having, lacking in (("left", left, right), ("right", right, left)):
        expected = (having.surely | having.named) - _FEDERATED if on is None else filter(having.may_have, on)
        for label in sorted(expected):
            if label not in ignored and not lacking.may_have(label):
                return label, side
    return "", ""
