"""The panel `xychart` as a chart. Source: panel/xychart of Grafana 12.4.3."""

from dashgen.core.json_values import Json, mapping, text
from dashgen.drawing.fields.field_colors import series_color
from dashgen.drawing.fields.frames import number_or_none
from dashgen.drawing.markup.chart_columns import short_number
from dashgen.drawing.markup.chart_markup import LegendSeries, chart_markup, tooltip_options
from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.markup.field_description import distinct, field_description
from dashgen.drawing.markup.message_markup import no_data_markup
from dashgen.drawing.markup.timeseries_chart import axis_settings
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.xy_chart_panel import PointSeries, xy_series
from dashgen.drawing.plots.legend import LegendItem
from dashgen.drawing.plots.plot_area import axis_groups
from dashgen.drawing.plots.plot_series import PlotSeries, is_hidden_from


def xy_chart_markup(drawing: PanelDrawing) -> ContentMarkup:
    """Points, and perhaps lines between them."""
    series = xy_series(drawing)
    if not series:
        return no_data_markup(drawing)
    plots = [PlotSeries(one.y, [], []) for one in series]
    groups = axis_groups(plots)
    scale_of = {id(one): index for index, (_, members) in enumerate(groups) for one in members}
    x = series[0].x
    displays, places = distinct(
        [field_description(drawing.display(one)) for one in (x, *(one.y for one in series))]
    )
    display_of = {id(plot): position for plot, position in zip(plots, places[1:], strict=True)}
    chart: Json = {
        "kind": "points", "displays": displays,
        "x": axis_settings(PlotSeries(x, [], []), PlotSeries(x, [], []).limits)
        | {"display": places[0], "name": x.title},
        "scales": [
            axis_settings(members[0], members[0].limits)
            | {"side": side, "display": display_of[id(members[0])]}
            for side, members in groups
        ],
        "series": [
            _series(drawing, one) | {"display": display_of[id(plot)], "scale": scale_of[id(plot)]}
            for one, plot in zip(series, plots, strict=True)
        ],
        "tooltip": tooltip_options(drawing),
    }  # fmt: skip
    entries = [
        LegendSeries(LegendItem(one.name, series_color(one.y, drawing.theme)), [index])
        for index, one in enumerate(series)
        if not is_hidden_from(one.y, "legend")
    ]
    return chart_markup(chart, mapping(drawing.options.get("legend")), entries)


def _series(drawing: PanelDrawing, series: PointSeries) -> Json:
    fill, width = (number_or_none(series.custom.get(name)) for name in ("fillOpacity", "lineWidth"))
    has_points, has_lines = series.shows
    return {
        "name": series.name, "color": series_color(series.y, drawing.theme), "heights": series.y.title,
        "points": [[*map(short_number, (point.x, point.y, point.size))] for point in series.points],
        "fill": (50 if fill is None else fill) / 100, "width": 2 if width is None else width,
        "hasPoints": has_points, "hasLines": has_lines,
        "isSquare": text(series.custom.get("pointShape")) == "square",
    }  # fmt: skip
