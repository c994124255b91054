"""The unit of a panel is not that of the numbers it shows.

Seconds shown as milliseconds are wrong by a thousand, a share of 0.07 shown as `percent` reads 0.07%, and
bytes per second as `bytes` look like a stock.

Write the unit that fits, or compute what the unit says: `* 1000` for `ms`. Units of your own are no finding.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintProject, Preset, Safety, lint_rule
from dashgen.check.lint.unit_families import common_unit, contradicts, is_rate_of_stock, is_share_of_time

_NUMERIC = frozenset(("timeseries", "stat", "gauge", "bargauge", "barchart"))


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    fix=Safety.UNSAFE,
    bad="""
        title: Latency
        query: histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))
        unit: ms
    """,
    good="""
        title: Latency
        query: histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))
        unit: s
    """,
)
def check(panel: LintPanel, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a unit that contradicts every query."""
    unit = common_unit(panel, project) if panel.type in _NUMERIC else None
    if unit is None or not contradicts(panel.unit, unit) or any(map(is_rate_of_stock, panel.queries)):
        return
    # Cores in use have any unit but the one that shows them as a hundredth.
    is_open = unit == "percentunit" and panel.unit != "percent"
    if is_open and any(map(is_share_of_time, panel.queries)):
        return
    message = f"{panel.words} shows numbers of the unit `{unit}` as `{panel.unit}`"
    yield panel.problem(message, "unit", hint=f"write `unit: {unit}`", edits=panel.set(("unit",), unit))
