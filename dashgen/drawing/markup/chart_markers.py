"""The panel types that are drawn by a script of the page, with uPlot."""

from collections.abc import Mapping
from typing import Final

from dashgen.drawing.markup.content_markup import ContentMarker
from dashgen.drawing.markup.timeseries_chart import timeseries_markup, trend_markup

CHART_MARKERS: Final[Mapping[str, ContentMarker]] = {
    "graph": timeseries_markup,
    "timeseries": timeseries_markup,
    "trend": trend_markup,
}
"""The marker of each type, which describes its chart."""
