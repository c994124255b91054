"""A function for gauges is used on a counter.

`delta`, `deriv` and `predict_linear` look at the values as they are. A counter starts again at 0 when its
process restarts, so after each restart the result is far below zero. Names that end in `_total` are those
of counters.

Write `increase` instead of `delta`, and `rate` instead of `deriv`. Metrics of the contract are left to
`query/rate`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, lint_rule
from dashgen.model.metric_types import FOR_GAUGES
from dashgen.query.promql.promql_nodes import BinaryExpr, Call, MatrixSelector, NumberLiteral
from dashgen.query.promql.promql_view import PromQLView, bare

_INSTEAD = {"delta": "increase", "idelta": "irate", "deriv": "rate"}


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Jobs
        query: sum(delta(jobs_finished_total[1h]))
    """,
    good="""
        title: Jobs
        query: sum(increase(jobs_finished_total[1h]))
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each such call with a metric whose name is that of a counter."""
    if query.promql is None:
        return
    described = project.contract.series if project.contract is not None else {}
    for call in query.promql.calls:
        series = call.args[0] if call.name in FOR_GAUGES else None
        if not isinstance(series, MatrixSelector):
            continue
        name = series.vector_selector.name
        if _is_expected_to_fall(query.promql, call) or name in described:
            continue
        if name.endswith("_total") and ":" not in name:
            instead = _INSTEAD.get(call.name, "rate")
            message = f"`{call.name}` is for gauges, and `{name}` is a counter by its name"
            yield query.at(call.start, message, f"use `{instead}`")


def _is_expected_to_fall(view: PromQLView, call: Call) -> bool:
    """Whether the query is about a fall, so that its author knows the metric to be no counter."""
    outer = next(view.around(call), None)
    if isinstance(outer, BinaryExpr) and outer.op in {"<", "<="}:
        limit = bare(outer.rhs)
        return isinstance(limit, NumberLiteral) and limit.val < 0
    return isinstance(outer, Call) and outer.name == "abs"
