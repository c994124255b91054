"""Bar chart: values by category."""

from typing import Annotated, ClassVar

from dashgen.compile.lower.chart_options import (
    AXIS_KEYS,
    AxisPanel,
    Gradient,
    LineWidth,
    Orientation,
    Percent,
    Share,
    Stack,
    Visibility,
)
from dashgen.compile.lower.panel_keys import FieldKey, FieldKeys
from dashgen.core.json_values import Json
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
    field_keys: ClassVar[FieldKeys] = {
        **AXIS_KEYS,
        "line_width": FieldKey("lineWidth"),
        "fill": FieldKey("fillOpacity"),
        "gradient": FieldKey("gradientMode"),
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

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The bars, their names, the legend and the tooltip."""
        return {
            "barRadius": self.bar_radius,
            "barWidth": self.bar_width,
            "colorByField": self.color_field,
            "fullHighlight": self.full_highlight,
            "groupWidth": self.group_width,
            "legend": self.legend_options(),
            "orientation": self.orientation,
            "showValue": self.show_values,
            "stacking": self.stack,
            "tooltip": self.tooltip_options(),
            "xField": self.x_field,
            "xTickLabelMaxLength": self.label_length,
            "xTickLabelRotation": self.label_rotation,
            "xTickLabelSpacing": self.label_spacing,
        }
