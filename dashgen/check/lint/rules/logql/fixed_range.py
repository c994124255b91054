"""The range of a log graph is fixed instead of `$__auto`.

Each point of a graph counts what its range holds. With a step of ten minutes, `count_over_time({…}[1m])`
leaves nine in ten minutes out; with a step of ten seconds it counts each line six times.

Write `$__auto`, which is as long as the step. Longer ranges than the option `longest` (5 minutes) count as
intended.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, Safety, lint_rule
from dashgen.model.duration import lenient_seconds
from dashgen.query.logql.nodes import RangeFunction

_LONGEST = 300
_COUNTING = frozenset(
    {"rate", "count_over_time", "bytes_rate", "bytes_over_time", "sum_over_time", "rate_counter"}
)


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Lines
        datasource: loki
        query: sum(count_over_time({app="shop"}[1m]))
    """,
    good="""
        title: Lines
        datasource: loki
        query: sum(count_over_time({app="shop"}[$__auto]))
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each fixed range of what is counted in a graph."""
    if not query.is_drawn_over_time:
        return
    longest = project.option("logql/fixed-range", "longest", _LONGEST)
    for node in query.logql:
        if not isinstance(node, RangeFunction) or node.name not in _COUNTING or "$" in node.range.range:
            continue
        seconds = lenient_seconds(node.range.range)
        opening = query.text.find(f"[{node.range.range}]", node.range.start, node.range.end)
        if seconds is not None and seconds <= longest and opening >= 0:
            start, end = opening + 1, opening + 1 + len(node.range.range)
            message = f"the range `{node.range.range}` does not grow with the step of the graph"
            yield query.at(start, message, "write `$__auto`", query.replacing(start, end, "$__auto"))
