"""Pie chart: parts of a whole."""

from typing import Annotated, ClassVar, Literal

import msgspec

from dashgen.compile.lower import lower_fields
from dashgen.compile.lower.chart_options import ChartPanel, Hidden, LegendPlacement, TooltipMode, hide_from
from dashgen.compile.lower.lower_links import LinkScope
from dashgen.compile.lower.objects import PieChartObject as Lowered
from dashgen.compile.lower.panel_keys import Word, Words
from dashgen.compile.lower.reduce_options import (
    FieldFilter,
    Limit,
    ReduceCalc,
    Values,
    is_latest,
    reduce_options,
)
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
    words: ClassVar[Words] = {"hide_from": Word("hideFrom", hide_from)}

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

    def lower(self, settled: SettledPanel, scope: LinkScope) -> Lowered:
        """A pie chart of grafanalib; what it has no argument for is put over it."""
        color = self.field_color()
        return Lowered(
            custom={"hideFrom": hide_from(self.hide_from)},
            colorMode=color["mode"],
            legendDisplayMode=self.legend_form(),
            legendPlacement=self.legend_placement,
            legendValues=list(self.legend_values),
            mappings=lower_fields.mappings(self.mappings),
            overrides=self.lower_overrides(scope),
            pieType=self.shape,
            reduceOptionsCalcs=[self.reduce],
            reduceOptionsFields=self.fields,
            reduceOptionsValues=self.values,
            tooltipMode=self.tooltip,
            unit=settled.unit or "",
            moreDefaults={
                **lower_fields.all_defaults(self, settled.unit, settled.links, scope),
                "color": color,
            },
            moreOptions={
                "displayLabels": list(self.labels),
                "legend": {**self.legend_options(), "values": list(self.legend_values)},
                "reduceOptions": reduce_options(self.reduce, self.values, self.limit, self.fields),
                "tooltip": self.tooltip_options(),
            },
            **self.common(settled, scope),
        )
