"""Time series: values over time."""

from typing import Annotated, ClassVar

from dashgen.compile.lower.chart_options import (
    GRAPH_KEYS,
    GraphPanel,
)
from dashgen.compile.lower.panel_keys import FieldKeys
from dashgen.core.json_values import Json
from dashgen.model.base import Count, doc
from dashgen.model.settled_dashboard import SettledPanel


class TimeSeries(GraphPanel, kw_only=True):
    """Values over time, as lines, bars or points."""

    type_id: ClassVar[str] = "timeseries"
    example: ClassVar[str] = """
    title: Response time
    unit: s
    queries:
      - for_each: {q: [0.5, 0.95]}
        query: histogram_quantile(${{ q }}, sum by (le) (rate(http_request_duration_seconds_bucket[$__rate_interval])))
        legend: P${{ (q * 100) | int }}
    thresholds: {green: 0, red: 2}
    show_thresholds: dashed
    """
    draws_thresholds: ClassVar[bool] = True
    color_scheme: ClassVar[str] = "palette-classic"
    field_keys: ClassVar[FieldKeys] = GRAPH_KEYS

    legend_sort: Annotated[
        str, doc("A column of the legend to sort by; `-` first for falling values.", "-Max")
    ] = ""
    legend_width: Annotated[Count | None, doc("The width of a legend at the right, in pixels.", 300)] = None

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """Its legend and tooltip."""
        legend = self.legend_options()
        if self.legend_sort:
            legend["sortBy"] = self.legend_sort.removeprefix("-")
            legend["sortDesc"] = self.legend_sort.startswith("-")
        if self.legend_width is not None:
            legend["width"] = self.legend_width
        return {"legend": legend, "tooltip": self.tooltip_options()}

    def custom(self, settled: SettledPanel, /) -> Json:
        """Its own field options; thresholds are lines when an alert is linked to the panel."""
        custom = super().custom(settled)
        if self.line_style == "solid":
            # Unlike for the other graphs, Grafana's editor writes no style for a solid line.
            del custom["lineStyle"]
        if self.show_thresholds is None:
            custom["thresholdsStyle"] = {"mode": "line" if settled.threshold_lines else "off"}
        return custom
