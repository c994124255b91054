"""A graph is too small to show anything.

In 90 pixels of height title and axis leave a stripe of 40. It looks like information, and nobody reads it.

Make it at least 4 grid rows high, hide the legend, or show the number alone: `type: stat`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule

_GRAPHS = frozenset(
    ("timeseries", "barchart", "heatmap", "histogram", "state-timeline", "logs", "table", "trend")
)
_LOW, _LOWEST, _NARROW = 4, 3, 3


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Requests
        query: sum by (code) (rate(http_requests_total[$__rate_interval]))
        height: 3
    """,
    good="""
        title: Requests
        query: sum by (code) (rate(http_requests_total[$__rate_interval]))
        height: 6
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for a graph or table that is lower or narrower than its frame needs."""
    _, _, width, height = panel.grid
    # Of one row nothing is left: its results are for other panels, which nobody does by accident.
    if panel.row is not None and panel.row.is_arranged:
        return
    if panel.type not in _GRAPHS or height <= 1 or not width:
        return
    # A graph of one line and a table of one row need no more than three.
    framed = panel.type == "timeseries" and panel.legend_mode not in ("hidden", "") and panel.title
    least = _LOW if framed else _LOWEST
    if height < least or width < _NARROW:
        message = f"{panel.words} is {width} columns wide and {height} rows high"
        yield panel.problem(message, "height", hint="make it larger, or show the number alone: `type: stat`")
