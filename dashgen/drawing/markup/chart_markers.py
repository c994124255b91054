"""The panel types that are drawn by a script of the page, with uPlot."""

from collections.abc import Mapping
from typing import Final

from dashgen.drawing.markup.bar_chart_chart import bar_chart_markup, histogram_markup
from dashgen.drawing.markup.candlestick_chart import candlestick_markup
from dashgen.drawing.markup.content_markup import ContentMarker
from dashgen.drawing.markup.heatmap_chart import heatmap_markup
from dashgen.drawing.markup.states_chart import state_timeline_markup, status_history_markup
from dashgen.drawing.markup.timeseries_chart import timeseries_markup, trend_markup
from dashgen.drawing.markup.xy_chart import xy_chart_markup

CHART_MARKERS: Final[Mapping[str, ContentMarker]] = {
    "barchart": bar_chart_markup,
    "candlestick": candlestick_markup,
    "graph": timeseries_markup,
    "heatmap": heatmap_markup,
    "histogram": histogram_markup,
    "state-timeline": state_timeline_markup,
    "status-history": status_history_markup,
    "timeseries": timeseries_markup,
    "trend": trend_markup,
    "xychart": xy_chart_markup,
}
"""The marker of each type, which describes its chart."""
