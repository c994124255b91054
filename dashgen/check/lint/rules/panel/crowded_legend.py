"""A small panel has a legend of many series.

The legend takes the room of the graph, and what is left is a stripe nobody can read.

Make the panel higher, put the legend to the right or hide it, or keep the largest with `topk`. The contract
says how many series a query has at most.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, LintProject, Preset, lint_rule
from dashgen.check.lint.series_numbers import most_series

_GRAPHS = frozenset(("timeseries", "barchart", "piechart", "trend"))

_COLUMNS_OF_AN_ENTRY = 3
"""A column is 40 to 80 pixels wide; the colour and name of a series take about 200."""


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        title: Requests by handler
        query: sum by (handler) (rate(http_requests_total[$__rate_interval]))
        height: 6
        width: 8
    """,
    good="""
        title: Requests by handler
        query: sum by (handler) (rate(http_requests_total[$__rate_interval]))
        height: 6
        width: 8
        legend_mode: hidden
    """,
)
def check(panel: LintPanel, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem where the legend needs more lines than half of the panel has."""
    if panel.type not in _GRAPHS or panel.legend_mode not in ("list", "table") or panel.is_legend_right:
        return
    if panel.row is not None and panel.row.is_arranged:
        return  # nobody can make it higher
    width, height = panel.grid[2:]
    in_a_line = 1 if panel.legend_mode == "table" else max(1, width // _COLUMNS_OF_AN_ENTRY)
    series = most_series(panel, project)
    if height and series > max(in_a_line * height, 8):
        message = f"{panel.words} has a legend of up to {series} series in a height of {height}"
        hint = "make it higher, hide the legend, or keep the largest with `topk`"
        yield panel.problem(message, "height", hint=hint)
