"""Bar chart: values by category."""

from typing import Annotated, Any, ClassVar

from dashgen.compile.lower import lower_fields
from dashgen.compile.lower.chart_options import (
    AXIS_WORDS,
    AxisPanel,
    Gradient,
    LineWidth,
    Orientation,
    Percent,
    Share,
    Stack,
    Visibility,
    hide_from,
    scale,
    soft_bound,
)
from dashgen.compile.lower.lower_links import LinkScope
from dashgen.compile.lower.objects import BarChartObject as Lowered
from dashgen.compile.lower.panel_keys import Word, Words
from dashgen.model.base import doc
from dashgen.model.settled_dashboard import SettledPanel


class BarChart(AxisPanel, kw_only=True):
    """Values by category: the first text or time field names the bars."""

    type_id: ClassVar[str] = "barchart"
    example: ClassVar[str] = """
    title: Requests by method
    type: barchart
    query: sum by (method) (increase(http_requests_total[$__range]))
    x_field: method
    show_values: always
    """
    asks_instant: ClassVar[bool] = True
    result_format: ClassVar = "table"
    color_scheme: ClassVar[str] = "palette-classic"
    words: ClassVar[Words] = {
        **AXIS_WORDS,
        "line_width": Word("lineWidth"),
        "fill": Word("fillOpacity"),
        "gradient": Word("gradientMode"),
    }

    x_field: Annotated[str | None, doc("The field that names the bars.", "tool")] = None
    color_field: Annotated[str | None, doc("The field whose values colour the bars.", "status")] = None
    orientation: Annotated[Orientation, doc("Whether the bars stand or lie.")] = "auto"
    stack: Annotated[Stack, doc("Bars on top of each other, as values or as shares.")] = "none"
    show_values: Annotated[Visibility, doc("Numbers on the bars.")] = "auto"
    group_width: Annotated[Share, doc("The width of a group as a part of its room.")] = 0.7
    bar_width: Annotated[Share, doc("The width of a bar as a part of its room.")] = 0.97
    bar_radius: Annotated[float, doc("How round the corners are.", ge=0, le=0.5)] = 0.0
    line_width: Annotated[LineWidth, doc("The width of the bars' outline in pixels.")] = 1
    fill: Annotated[Percent, doc("The opacity of the bars in percent.")] = 80
    gradient: Annotated[Gradient, doc("How the fill fades.")] = "none"
    label_rotation: Annotated[int, doc("The angle of the labels.", ge=-90, le=90)] = 0
    label_spacing: Annotated[int, doc("The least room between labels in pixels.")] = 0
    label_length: Annotated[int | None, doc("Labels are cut after so many characters.")] = None
    full_highlight: Annotated[bool, doc("Highlight the whole category under the mouse.")] = False

    def lower(self, settled: SettledPanel, scope: LinkScope) -> Lowered:
        """A bar chart of grafanalib; what it has no argument for is put over it."""
        color = self.field_color()
        arguments = self.common(settled, scope)
        return Lowered(
            orientation=self.orientation,
            xTickLabelRotation=self.label_rotation,
            xTickLabelSpacing=self.label_spacing,
            showValue=self.show_values,
            stacking=self.stack,
            groupWidth=self.group_width,
            barWidth=self.bar_width,
            barRadius=self.bar_radius,
            tooltipMode=self.tooltip,
            tooltipSort=self.tooltip_sort,
            showLegend=self.legend_form() != "hidden",
            legendDisplayMode=self.legend_form(),
            legendPlacement=self.legend_placement,
            legendCalcs=list(self.legend_calcs),
            lineWidth=self.line_width,
            fillOpacity=self.fill,
            gradientMode=self.gradient,
            axisPlacement=self.axis,
            axisLabel=self.axis_label,
            axisColorMode=self.axis_color,
            axisCenteredZero=self.center_zero,
            colorMode=color["mode"],
            mappings=lower_fields.mappings(self.mappings),
            thresholdsMode=arguments.pop("thresholdType", "absolute"),
            thresholdSteps=arguments.pop("thresholds"),
            overrides=self.lower_overrides(scope),
            moreCustom=self._custom(),
            moreDefaults={
                **lower_fields.all_defaults(self, settled.unit, settled.links, scope),
                "color": color,
            },
            moreOptions=self._options(),
            **arguments,
        )

    def _custom(self) -> dict[str, Any]:
        return {
            "axisBorderShow": False,
            "axisGridShow": self.axis_grid,
            "axisSoftMax": self.axis_soft_max,
            "axisSoftMin": soft_bound(self.axis_soft_min),
            "axisWidth": self.axis_width,
            "hideFrom": hide_from(self.hide_from),
            "scaleDistribution": scale(self.scale),
            "thresholdsStyle": {"mode": "off"},
        }

    def _options(self) -> dict[str, Any]:
        return {
            "colorByField": self.color_field,
            "fullHighlight": self.full_highlight,
            "xField": self.x_field,
            "xTickLabelMaxLength": self.label_length,
        }
