"""A panel has no title.

Readers guess from the colours what a graph shows, and nobody can name it in a call: "the third one, at the
left".

Write what it shows as `title:`. Texts, tables, logs, and figures that show the names of their values are no
finding.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule

_DRAWN = frozenset(
    (
        "timeseries", "stat", "gauge", "barchart", "piechart", "heatmap", "histogram", "state-timeline",
        "status-history", "xychart", "candlestick", "trend",
    )
)  # fmt: skip
"""Pictures; tables have headings, and log lines and traces are recognised as what they are."""
_NAMED = frozenset(("value_and_name", "name"))
_TITLED = 4
"""From this height on, in grid rows, a title leaves room for what is below it."""


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        query: sum(rate(http_requests_total[$__rate_interval]))
    """,
    good="""
        title: Requests
        query: sum(rate(http_requests_total[$__rate_interval]))
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for a drawn panel without a title or names in it."""
    if panel.title.strip() or panel.type not in _DRAWN or not panel.queries:
        return
    if panel.display_name or panel.text_mode in _NAMED:
        return
    # Several values show their names, and texts that stand for values explain themselves.
    if panel.has_mappings or (panel.type in ("stat", "gauge") and len(panel.queries) > 1):
        return
    if 0 < panel.grid[3] < _TITLED:
        return  # a cell of a table that was put together from panels, under headings of texts
    yield panel.problem(f"{panel.words}", "type", hint="write what it shows as `title:`")
