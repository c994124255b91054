"""XY chart: one number over another."""

from typing import Annotated, ClassVar, Literal

from dashgen.compile.lower.chart_options import (
    AXIS_KEYS,
    AxisPanel,
    LineWidth,
    Percent,
    TooltipMode,
    TooltipSort,
    line_style,
)
from dashgen.compile.lower.panel_keys import FieldKey, FieldKeys
from dashgen.core.json_values import Json
from dashgen.model.base import Spec, doc
from dashgen.model.settled_dashboard import SettledPanel


def fixed_size(size: int) -> dict[str, int]:
    """The size of points, the same for all of them."""
    return {"fixed": size}


class XySeries(Spec, kw_only=True):
    """One series of points: which fields it is made of."""

    x: Annotated[str, doc("The field of the horizontal axis.", "tokens")]
    y: Annotated[str, doc("The field of the vertical axis.", "cost")]
    name: Annotated[str | None, doc("Its name.", "Cost by tokens")] = None
    size: Annotated[str | None, doc("The field of the points' size.")] = None
    color: Annotated[str | None, doc("The field of the points' colour.")] = None
    frame: Annotated[int | None, doc("Which of several results, counted from 0.")] = None


class XyChart(AxisPanel, kw_only=True):
    """One number over another, as points or lines."""

    type_id: ClassVar[str] = "xychart"
    example: ClassVar[str] = """
    title: Response time by load
    type: xychart
    queries:
      load: sum(rate(http_requests_total[5m]))
      seconds: sum(rate(http_request_duration_seconds_sum[5m])) / sum(rate(http_request_duration_seconds_count[5m]))
    transformations: [{joinByField: {byField: Time}}]
    series: [{x: load, y: seconds}]
    """
    asks_instant: ClassVar[bool] = True
    result_format: ClassVar = "table"
    color_scheme: ClassVar[str] = "palette-classic"
    field_keys: ClassVar[FieldKeys] = {
        **AXIS_KEYS,
        "show": FieldKey("show"),
        "point_size": FieldKey("pointSize", fixed_size),
        "point_shape": FieldKey("pointShape"),
        "point_stroke": FieldKey("pointStrokeWidth"),
        "fill": FieldKey("fillOpacity"),
        "line_width": FieldKey("lineWidth"),
        "line_style": FieldKey("lineStyle", line_style),
    }

    tooltip: TooltipMode = "single"
    tooltip_sort: TooltipSort = "none"
    series: Annotated[
        list[XySeries], doc("Series by their fields; all number fields over the first when absent.")
    ] = []
    show: Annotated[Literal["points", "lines", "points+lines"], doc("What is drawn.")] = "points"
    point_size: Annotated[int, doc("The size of points in pixels.", ge=1, le=100)] = 5
    point_shape: Annotated[Literal["circle", "square"], doc("The shape of points.")] = "circle"
    point_stroke: Annotated[int, doc("The width of the points' outline.", ge=0, le=10)] = 1
    fill: Annotated[Percent, doc("The opacity of points in percent.")] = 50
    line_width: Annotated[LineWidth | None, doc("The width of lines in pixels.")] = None
    line_style: Annotated[Literal["solid", "dash", "dot"] | None, doc("How lines are drawn.")] = None

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The series, the legend and the tooltip."""
        return {
            "legend": self.legend_options(),
            "mapping": "manual" if self.series else "auto",
            "series": [_series(series) for series in self.series] or [{}],
            "tooltip": self.tooltip_options(),
        }


def _series(series: XySeries) -> Json:
    entry: Json = {}
    for part in ("x", "y", "size", "color"):
        field = getattr(series, part)
        if field is not None:
            entry[part] = {"matcher": {"id": "byName", "options": field}}
    if series.name is not None:
        entry["name"] = {"fixed": series.name}
    if series.frame is not None:
        entry["frame"] = {"matcher": {"id": "byIndex", "options": series.frame}}
    return entry
