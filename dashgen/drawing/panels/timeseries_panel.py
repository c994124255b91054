"""The panels `timeseries`, `trend` and `graph`: lines, bars and points over an axis."""

from collections.abc import Sequence

from dashgen.core.json_values import mapping, text
from dashgen.drawing.fields.field_colors import series_color
from dashgen.drawing.fields.frames import Field
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.plots.event_marks import annotation_flags, annotation_lines, exemplar_marks
from dashgen.drawing.plots.legend import (
    LegendItem,
    calculated,
    legend_calcs,
    legend_marks,
    legend_of,
    split_box,
)
from dashgen.drawing.plots.number_axis import AxisLimits, NumberScale, number_scale
from dashgen.drawing.plots.plot_area import (
    PlotArea,
    axis_marks,
    bottom_axis_marks,
    bottom_ticks,
    plot_area,
    threshold_marks,
    time_axis_marks,
)
from dashgen.drawing.plots.plot_series import PlotSeries, in_legend, plot_series, with_constants
from dashgen.drawing.plots.series_marks import SeriesDrawing, series_marks
from dashgen.drawing.svg.elements import clip


def draw_timeseries(drawing: PanelDrawing) -> list[str]:
    """A chart over time."""
    start, end = drawing.context.time_range
    series = plot_series(drawing.frames)
    with_constants(series, (start, end))
    for one in series:
        one.drawn = (
            [point for point in one.drawn if start <= point[0] <= end] if one.base is None else one.drawn
        )
    if not any(one.drawn for one in series):
        return drawing.no_data()
    area, behind, marks = _laid_out(drawing, series, (start, end))
    grid = [*axis_marks(area, drawing.context), *time_axis_marks(area, drawing.context)]
    flags = annotation_flags(drawing.data.annotations, area, drawing.context)
    return [*behind, *grid, *marks, *flags]


def draw_trend(drawing: PanelDrawing) -> list[str]:
    """A chart over the numbers of the first field."""
    series = plot_series(drawing.frames, x_kind="number")
    places = [x for one in series for x, _ in one.points]
    if not places:
        return drawing.no_data()
    ends = (min(places), max(places))
    area, behind, marks = _laid_out(drawing, series, ends)
    x_field = next((one for frame in drawing.frames if (one := frame.first("number"))), None)
    scale = number_scale(ends, AxisLimits(*ends))
    scale = NumberScale(*ends) if ends[0] < ends[1] else scale
    display = drawing.display(x_field or Field("", "number", []))
    ticks = [(area.x(value), shown) for value, shown in bottom_ticks(scale, area.box.width, display)]
    grid = [*axis_marks(area, drawing.context), *bottom_axis_marks(area, ticks, drawing.context)]
    return [*behind, *grid, *marks]


def _laid_out(
    drawing: PanelDrawing, series: Sequence[PlotSeries], x_range: tuple[float, float]
) -> tuple[PlotArea, list[str], list[str]]:
    # The room of the chart, what is behind its grid, and what is upon it.
    legend_options = mapping(drawing.options.get("legend"))
    legend = legend_of(legend_options, legend_items(drawing, in_legend(series), legend_calcs(legend_options)))
    chart, legend_box = split_box(legend, drawing.box)
    area = plot_area(series, chart, x_range, drawing.context)
    inside = area.box.inset(-1, -1, -1, -1)
    color = series_color(series[0].field, drawing.theme)
    drawn = [
        *drawn_series(drawing, series, area),
        *exemplar_marks(drawing.data.exemplars, area, drawing.context, color),
        *annotation_lines(drawing.data.annotations, area, drawing.context),
    ]
    upon = [clip(inside, f"{drawing.identity}c", drawn), *legend_marks(legend, legend_box, drawing.theme)]
    return area, [clip(inside, f"{drawing.identity}t", threshold_marks(area, drawing.context))], upon


def drawn_series(drawing: PanelDrawing, series: Sequence[PlotSeries], area: PlotArea) -> list[str]:
    """The marks of all series on their axes; stacked ones from the top of the stack down."""
    scales = {id(one): axis.scale for axis in area.axes for one in axis.series}
    marks = []
    for index, one in enumerate(series):
        subject = SeriesDrawing(
            one, area, scales[id(one)], drawing.context, f"{drawing.identity}s{index}", series
        )  # fmt: skip
        marks += series_marks(subject)
    return marks


def legend_items(
    drawing: PanelDrawing, series: Sequence[PlotSeries], calcs: Sequence[str]
) -> list[LegendItem]:  # fmt: skip
    """The items of a legend, with the calculations that it shows."""
    return [
        LegendItem(
            text(one.field.title),
            series_color(one.field, drawing.theme),
            calculated(one.field, drawing.display(one.field), calcs),
        )
        for one in series
    ]
