"""A quantile over log lines is not between 0 and 1.

Loki takes quantiles as ratios: the 95th percentile is `0.95`. With `95` the result is `+Inf` at every step.

Write the percentile divided by 100.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Safety, Severity, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.logql.nodes import RangeFunction

_NUMBER = lazy_pattern(r"-?\d+(?:\.\d+)?")
_PERCENT = 100


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Duration
        datasource: loki
        query: quantile_over_time(95, {app="shop"} | json | unwrap duration_ms | __error__="" [$__auto])
    """,
    good="""
        title: Duration
        datasource: loki
        query: quantile_over_time(0.95, {app="shop"} | json | unwrap duration_ms | __error__="" [$__auto])
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each quantile that is a number outside of 0 to 1."""
    for node in query.logql:
        if not isinstance(node, RangeFunction) or node.name != "quantile_over_time":
            continue
        if not _NUMBER.fullmatch(node.parameter) or 0 <= float(node.parameter) <= 1:
            continue
        value = float(node.parameter)
        start = query.text.index(node.parameter, node.start + len(node.name))
        ratio = f"{value / _PERCENT:.6g}"
        is_percentile = 1 < value <= _PERCENT
        edits = query.replacing(start, start + len(node.parameter), ratio) if is_percentile else ()
        hint = f"write `{ratio}`" if is_percentile else "write a number from 0 to 1"
        yield query.at(start, f"the quantile {node.parameter} is not between 0 and 1", hint, edits)
