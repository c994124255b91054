"""Several series of one side may meet one series of the other, without `group_left`.

`sum by (pod, node) (x) / on (node) sum by (node) (y)` works as long as each node has one pod. With the
second pod Prometheus refuses the whole query: many-to-one matching must be explicit.

Write `group_left` when the left side has several series for one of the right, `group_right` for the opposite.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.query.promql.output_labels import OutputLabels, compared_labels
from dashgen.query.promql.promql_names import SET_OPERATORS
from dashgen.query.promql.promql_nodes import Call

_RENAMING = frozenset({"label_replace", "label_join"})


@lint_rule(
    presets=[Preset.STRICT],
    bad="""
        title: Share of the method
        query: >-
          sum by (method, handler) (rate(http_requests_total[5m]))
          / on (method) sum by (method) (rate(http_requests_total[5m]))
    """,
    good="""
        title: Share of the method
        query: >-
          sum by (method, handler) (rate(http_requests_total[5m]))
          / on (method) group_left () sum by (method) (rate(http_requests_total[5m]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each one-to-one operation of a side that has more labels than are compared."""
    view = query.promql
    if view is None or view.is_open:
        return
    for node in view.operations:
        matching = node.matching
        if matching is None or matching.group or node.op in SET_OPERATORS or view.has_variable(matching):
            continue
        if any(call.name in _RENAMING for call in view.below(node) if isinstance(call, Call)):
            continue  # a label that is written from another one adds no series
        on, _ = compared_labels(matching)
        for side, labels in (("left", view.labels(node.lhs)), ("right", view.labels(node.rhs))):
            more = _more(labels, on)
            if more:
                message = (
                    f"the {side} side may have several series that differ in `{more}` for one of the other"
                )
                yield query.at(matching.start, message, f"write `group_{side}`")


def _more(labels: OutputLabels, on: frozenset[str] | None) -> str:
    return "" if on is None or labels.only is None else min(labels.only - on, default="")
