"""Status history: a state for each step of time."""

from typing import Annotated, ClassVar

from dashgen.compile.lower.chart_options import (
    ChartPanel,
    Hidden,
    LineWidth,
    Percent,
    Share,
    TooltipMode,
    TooltipSort,
    Visibility,
    hide_from,
)
from dashgen.compile.lower.panel_keys import FieldKey, FieldKeys
from dashgen.core.json_values import Json
from dashgen.model.base import Count, doc
from dashgen.model.settled_dashboard import SettledPanel


class StatusHistory(ChartPanel, kw_only=True):
    """A state for each step of time: a box for each value, coloured by thresholds or mappings."""

    type_id: ClassVar[str] = "status-history"
    example: ClassVar[str] = """
    title: Nightly jobs
    type: status-history
    query: max by (job) (job_success)
    thresholds: {red: 0, green: 1}
    """
    field_keys: ClassVar[FieldKeys] = {
        "line_width": FieldKey("lineWidth"),
        "fill": FieldKey("fillOpacity"),
        "hide_from": FieldKey("hideFrom", hide_from),
    }

    tooltip: TooltipMode = "single"
    tooltip_sort: TooltipSort = "none"
    show_values: Annotated[Visibility, doc("The value in each box.")] = "auto"
    row_height: Annotated[Share, doc("The height of a box as a part of its room.")] = 0.9
    column_width: Annotated[Share, doc("The width of a box as a part of its room.")] = 0.9
    line_width: Annotated[LineWidth, doc("The width of the outline in pixels.")] = 1
    fill: Annotated[Percent, doc("The opacity of the boxes in percent.")] = 70
    hide_from: Annotated[Hidden, doc("Parts that leave the series out.", ["legend"])] = []
    page_size: Annotated[Count | None, doc("Series on a page.", 20)] = None

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The boxes, the legend and the tooltip."""
        options: Json = {
            "colWidth": self.column_width,
            "legend": self.legend_options(),
            "rowHeight": self.row_height,
            "showValue": self.show_values,
            "tooltip": self.tooltip_options(),
        }
        if self.page_size is not None:
            options["perPage"] = self.page_size
        return options
