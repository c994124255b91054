"""Pie chart: parts of a whole."""

from typing import Annotated, Any, ClassVar, Literal

from grafanalib import core

from dashgen.lowering import fields
from dashgen.lowering.charts import ChartPanel, Hidden, LegendPlacement, TooltipMode, hide_from
from dashgen.lowering.links import Scope
from dashgen.lowering.reduced import FieldFilter, Limit, ReduceCalc, Values, reduce_options
from dashgen.lowering.words import Word, Words
from dashgen.model.base import doc
from dashgen.model.settled import SettledPanel

LegendValue = Literal["value", "percent"]


class PieChart(ChartPanel, kw_only=True):
    """Parts of a whole, as a pie or a ring."""

    type_id: ClassVar[str] = "piechart"
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
    legend_values: Annotated[list[LegendValue], doc("What the legend shows of each slice.", ["percent"])] = []
    hide_from: Annotated[Hidden, doc("Parts that leave the slice out.", ["legend"])] = []

    def lower(self, settled: SettledPanel, scope: Scope) -> core.PieChartv2:
        """A pie chart of grafanalib; what it has no argument for is its ``extraJson``."""
        color = self.field_color()
        return core.PieChartv2(
            custom={"hideFrom": hide_from(self.hide_from)},
            colorMode=color["mode"],
            legendDisplayMode=self.legend_mode,
            legendPlacement=self.legend_placement,
            legendValues=list(self.legend_values),
            mappings=fields.mappings(self.mappings),
            overrides=self.lower_overrides(scope),
            pieType=self.shape,
            reduceOptionsCalcs=[self.reduce],
            reduceOptionsFields=self.fields,
            reduceOptionsValues=self.values,
            tooltipMode=self.tooltip,
            unit=settled.unit or "",
            extraJson={
                "fieldConfig": {"defaults": self._more(settled, color, scope)},
                "options": {
                    "displayLabels": list(self.labels),
                    "legend": {"calcs": list(self.legend_calcs)},
                    "reduceOptions": reduce_options(self.reduce, self.values, self.limit, self.fields),
                    "tooltip": {"sort": self.tooltip_sort},
                },
            },
            **self.common(settled, scope),
        )

    def _more(self, settled: SettledPanel, color: dict[str, Any], scope: Scope) -> dict[str, Any]:
        return {**fields.all_defaults(self, settled.unit, settled.links, scope), "color": color}
