"""State timeline: how states change over time."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

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
    span,
    span_problems,
)
from dashgen.compile.lower.panel_keys import FieldKey, FieldKeys
from dashgen.compile.lower.panel_problems import PanelProblem
from dashgen.core.json_values import Json
from dashgen.model.base import Count, doc
from dashgen.model.settled_dashboard import SettledPanel


class StateTimeline(ChartPanel, kw_only=True):
    """How states change over time: a band for each series, a colour for each state."""

    type_id: ClassVar[str] = "state-timeline"
    example: ClassVar[str] = """
    title: Instances
    type: state-timeline
    query: max by (instance) (up)
    mappings: {1: {text: up, color: green}, 0: {text: down, color: red}}
    """
    field_keys: ClassVar[FieldKeys] = {
        "line_width": FieldKey("lineWidth"),
        "fill": FieldKey("fillOpacity"),
        "span_nulls": FieldKey("spanNulls", span),
        "disconnect": FieldKey("insertNulls", span),
        "hide_from": FieldKey("hideFrom", hide_from),
    }

    tooltip: TooltipMode = "single"
    tooltip_sort: TooltipSort = "none"
    merge: Annotated[bool, doc("Draw equal states that follow each other as one.")] = True
    show_values: Annotated[Visibility, doc("The state's name on the band.")] = "auto"
    align: Annotated[Literal["left", "center", "right"], doc("Where the name stands.")] = "left"
    row_height: Annotated[Share, doc("The height of a band as a part of its room.")] = 0.9
    line_width: Annotated[LineWidth, doc("The width of the outline in pixels.")] = 0
    fill: Annotated[Percent, doc("The opacity of the bands in percent.")] = 70
    span_nulls: Annotated[
        bool | str, doc("Continue a state over gaps; a duration continues it over shorter ones.", "5m")
    ] = False
    disconnect: Annotated[bool | str, doc("Interrupt a state where values are further apart.", "1h")] = False
    hide_from: Annotated[Hidden, doc("Parts that leave the series out.", ["legend"])] = []
    page_size: Annotated[Count | None, doc("Bands on a page.", 20)] = None

    def problems(self) -> Iterator[PanelProblem]:
        """Gaps that are neither a switch nor a duration."""
        yield from span_problems(self.span_nulls, "span_nulls")
        yield from span_problems(self.disconnect, "disconnect")

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The bands, the legend and the tooltip."""
        options: Json = {
            "alignValue": self.align,
            "legend": self.legend_options(),
            "mergeValues": self.merge,
            "rowHeight": self.row_height,
            "showValue": self.show_values,
            "tooltip": self.tooltip_options(),
        }
        if self.page_size is not None:
            options["perPage"] = self.page_size
        return options
