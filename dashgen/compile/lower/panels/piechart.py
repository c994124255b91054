"""Pie chart: parts of a whole."""

from typing import Annotated, ClassVar, Literal

import msgspec

from dashgen.compile.lower.chart_options import ChartPanel, Hidden, LegendPlacement, TooltipMode, hide_from
from dashgen.compile.lower.panel_keys import FieldKey, FieldKeys
from dashgen.compile.lower.reduce_options import (
    FieldFilter,
    Limit,
    ReduceCalc,
    Values,
    is_latest,
    reduce_options,
)
from dashgen.core.json_values import Json
from dashgen.model.base import doc
from dashgen.model.settled_dashboard import SettledPanel

LegendValue = Literal["value", "percent"]


def _value_and_share() -> list[LegendValue]:
    return ["value", "percent"]


class PieChart(ChartPanel, kw_only=True):
    """Parts of a whole, as a pie or a ring."""

    type_id: ClassVar[str] = "piechart"
    example: ClassVar[str] = """
    title: Requests by method
    type: piechart
    query: sum by (method) (increase(http_requests_total[$__range]))
    shape: donut
    labels: [name, percent]
    """
    asks_instant: ClassVar[bool] = True
    color_scheme: ClassVar[str] = "palette-classic"
    field_keys: ClassVar[FieldKeys] = {"hide_from": FieldKey("hideFrom", hide_from)}

    legend_placement: LegendPlacement = "right"
    tooltip: TooltipMode = "single"
    reduce: ReduceCalc = "lastNotNull"
    values: Values = False
    limit: Limit = None
    fields: FieldFilter = ""
    shape: Annotated[Literal["pie", "donut"], doc("A full pie or a ring.")] = "pie"
    labels: Annotated[
        list[Literal["name", "value", "percent"]], doc("What stands on the slices.", ["name", "percent"])
    ] = []
    legend_values: Annotated[list[LegendValue], doc("What the legend shows of each slice.", ["percent"])] = (
        msgspec.field(default_factory=_value_and_share)
    )
    hide_from: Annotated[Hidden, doc("Parts that leave the slice out.", ["legend"])] = []

    def wants_instant(self) -> bool:
        """The latest value is the one of now; a mean or a maximum is over the time range."""
        return is_latest(self.reduce)

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The slices, the legend and the tooltip."""
        return {
            "displayLabels": list(self.labels),
            "legend": {**self.legend_options(), "values": list(self.legend_values)},
            "pieType": self.shape,
            "reduceOptions": reduce_options(self.reduce, self.values, self.limit, self.fields),
            "tooltip": self.tooltip_options(),
        }
