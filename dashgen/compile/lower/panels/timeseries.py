"""Time series: values over time."""

from typing import Annotated, Any, ClassVar

from dashgen.compile.lower import lower_fields
from dashgen.compile.lower.chart_options import (
    GRAPH_WORDS,
    GraphPanel,
    bar_alignment,
    hide_from,
    interpolation,
    line_style,
    scale,
    span,
    stacking,
)
from dashgen.compile.lower.lower_links import LinkScope
from dashgen.compile.lower.objects import TimeSeriesObject as Lowered
from dashgen.compile.lower.panel_keys import Words
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
    words: ClassVar[Words] = GRAPH_WORDS

    legend_sort: Annotated[
        str, doc("A column of the legend to sort by; `-` first for falling values.", "-Max")
    ] = ""
    legend_width: Annotated[Count | None, doc("The width of a legend at the right, in pixels.", 300)] = None

    def lower(self, settled: SettledPanel, scope: LinkScope) -> Lowered:
        """A time series of grafanalib; what it has no argument for is put over it."""
        color = self.field_color()
        return Lowered(
            axisPlacement=self.axis,
            axisLabel=self.axis_label,
            axisSoftMin=self.soft_min(),
            axisSoftMax=self.axis_soft_max,
            barAlignment=bar_alignment(self.bar_align),
            colorMode=color["mode"],
            drawStyle=self.draw,
            fillOpacity=self.opacity(),
            gradientMode=self.gradient,
            legendDisplayMode=self.legend_form(),
            legendPlacement=self.legend_placement,
            legendCalcs=self.legend_calcs,
            lineInterpolation=interpolation(self.interpolation),
            lineWidth=self.line_width,
            mappings=lower_fields.mappings(self.mappings),
            overrides=self.lower_overrides(scope),
            pointSize=self.point_size,
            showPoints=self.points,
            spanNulls=span(self.span_nulls),
            stacking=stacking(self.stack),
            thresholdsStyleMode=self.show_thresholds or ("line" if settled.threshold_lines else "off"),
            tooltipMode=self.tooltip,
            tooltipSort=self.tooltip_sort,
            unit=settled.unit or "",
            valueMin=self.min,
            valueMax=self.max,
            valueDecimals=self.decimals,
            moreCustom=self._custom(),
            moreOptions=self._options(),
            moreDefaults={**lower_fields.more_defaults(self, settled.links, scope), "color": color},
            **self.common(settled, scope),
        )

    def _options(self) -> dict[str, Any]:
        legend: dict[str, Any] = {}
        if self.legend_sort:
            name = self.legend_sort
            legend = {"sortBy": name.removeprefix("-"), "sortDesc": name.startswith("-")}
        if self.legend_width is not None:
            legend["width"] = self.legend_width
        return {"legend": {**self.legend_options(), **legend}} if legend else {}

    def _custom(self) -> dict[str, Any]:
        custom: dict[str, Any] = {
            "axisBorderShow": False,
            "axisCenteredZero": self.center_zero,
            "axisColorMode": self.axis_color,
            "barWidthFactor": self.bar_width,
            "hideFrom": hide_from(self.hide_from),
            "insertNulls": span(self.disconnect),
            "scaleDistribution": scale(self.scale),
        }
        if self.line_style != "solid":
            custom["lineStyle"] = line_style(self.line_style)
        options = {
            "axisWidth": self.axis_width,
            "axisGridShow": self.axis_grid,
            "fillBelowTo": self.fill_below,
            "transform": self.transform,
        }
        custom.update({key: value for key, value in options.items() if value is not None})
        return custom
