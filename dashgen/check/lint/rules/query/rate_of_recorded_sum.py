"""A rate is taken of a recorded sum of counters.

The recording rule adds counters up, and `rate` takes the fall of one of them, when its process restarts,
for a restart of all: the rate jumps to the whole sum.

Record the sum of rates, `sum(rate(x[5m]))`, and show it as it is.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, Severity, lint_rule
from dashgen.query.promql.promql_nodes import AggregateExpr, MatrixSelector, VectorSelector
from dashgen.query.promql.promql_view import bare

_RATES = frozenset({"rate", "irate", "increase"})
_SUMMING = frozenset({"sum", "avg"})
_RULE = """
        kind: AlertRules
        group: records
        folder: Examples
        rules: [{record: 'job:http_requests:sum', query: 'sum by (job) (%s)'}]
        ---
        kind: Dashboard
        title: Example
        panels: [{title: Requests, query: '%s'}]
"""


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad=_RULE % ("http_requests_total", "rate(job:http_requests:sum[$__rate_interval])"),
    good=_RULE % ("rate(http_requests_total[5m])", "job:http_requests:sum"),
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each rate of a series that a rule of the same tree records as a sum of counters."""
    if query.promql is None:
        return
    for call in query.promql.calls:
        series = call.args[0] if call.name in _RATES else None
        name = series.vector_selector.name if isinstance(series, MatrixSelector) else ""
        recorded = project.recorded.get(name) if name else None
        if recorded is not None and _sums_counters(recorded):
            message = (
                f"`{name}` is a sum of counters, of which `{call.name}` takes one restart for a jump of all"
            )
            yield query.at(call.start, message, "record the sum of rates, and show it as it is")


def _sums_counters(recorded: LintQuery) -> bool:
    tree = bare(recorded.promql.tree) if recorded.promql is not None else None
    if not isinstance(tree, AggregateExpr) or tree.op not in _SUMMING:
        return False
    inner = bare(tree.expr)
    return isinstance(inner, VectorSelector) and inner.name.endswith(("_total", "_count", "_sum", "_bucket"))
