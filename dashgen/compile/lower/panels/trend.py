"""Trend: a graph over a number that is not time."""

from typing import Annotated, ClassVar

from dashgen.compile.lower.chart_options import GRAPH_KEYS, GraphPanel
from dashgen.compile.lower.panel_keys import FieldKeys
from dashgen.core.json_values import Json
from dashgen.model.base import doc
from dashgen.model.settled_dashboard import SettledPanel


class Trend(GraphPanel, kw_only=True):
    """Lines over a rising number that is not time, such as an age or a distance."""

    type_id: ClassVar[str] = "trend"
    example: ClassVar[str] = """
    title: Response time by load
    type: trend
    queries:
      load: sum(rate(http_requests_total[5m]))
      seconds: sum(rate(http_request_duration_seconds_sum[5m])) / sum(rate(http_request_duration_seconds_count[5m]))
    transformations: [{joinByField: {byField: Time}}, {sortBy: {sort: [{field: load}]}}]
    x_field: load
    unit: s
    """
    asks_instant: ClassVar[bool] = True
    result_format: ClassVar = "table"
    color_scheme: ClassVar[str] = "palette-classic"
    field_keys: ClassVar[FieldKeys] = GRAPH_KEYS

    x_field: Annotated[
        str | None, doc("The field of the horizontal axis; the first number when absent.", "le")
    ] = None

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The horizontal axis, the legend and the tooltip."""
        options: Json = {"legend": self.legend_options(), "tooltip": self.tooltip_options()}
        if self.x_field is not None:
            options["xField"] = self.x_field
        return options
