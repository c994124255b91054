"""A graph has more lines than a person can tell apart.

The contract says how many values the labels of the result can have, and together they make more lines than
there are colours. The browser draws them all at each refresh.

Aggregate a label away, choose the largest with `topk`, or show a table. The option `most` says how many
lines are enough.
"""

from collections.abc import Iterator
from math import prod

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, lint_rule
from dashgen.model.series_contract import Series
from dashgen.query.promql.output_labels import CHOOSING

_MOST = 50


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        title: Requests
        query: sum by (handler, code, method) (rate(http_requests_total[$__rate_interval]))
    """,
    good="""
        title: Requests
        query: sum by (code, method) (rate(http_requests_total[$__rate_interval]))
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a graph of one metric with more lines than that."""
    view, contract = query.promql, project.contract
    if view is None or contract is None or not query.is_drawn_over_time or view.is_open:
        return
    if any(node.op in CHOOSING for node in view.aggregations):
        return
    names = {selector.name for selector in query.selectors}
    series = contract.series.get(names.pop()) if len(names) == 1 else None
    labels = view.labels(view.tree)
    if series is None:
        return
    shown = [label for label in series.labels if labels.may_have(label)]
    count = prod(_count(series, label, query) for label in shown)
    most = project.option("contract/too-many-series", "most", _MOST)
    if count > most:
        listed = ", ".join(f"`{label}`" for label in shown)
        message = f"{listed} make up to {count:,} lines, more than {most}"
        yield query.at(view.tree.start, message, "aggregate a label away, or choose the largest with `topk`")


def _count(series: Series, label: str, query: LintQuery) -> int:
    """How many values of a label a query leaves."""
    matchers = [one for selector in query.selectors for one in selector.matchers if one.label == label]
    if any(one.is_open or one.operator == "=" for one in matchers):
        return 1  # what readers choose is theirs
    lists = [one.value.count("|") + 1 for one in matchers if one.operator == "=~" and "*" not in one.value]
    return min([series.counts.get(label, 1), *lists])
