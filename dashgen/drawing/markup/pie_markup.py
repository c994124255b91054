"""The panel `piechart` as HTML: a picture that keeps its proportions, and a legend that wraps."""

from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.markup.html_elements import html
from dashgen.drawing.markup.legend_markup import legend_markup
from dashgen.drawing.markup.message_markup import no_data_markup
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.pie_panel import pie_legend, pie_marks, pie_values
from dashgen.drawing.plots.legend import split_box
from dashgen.drawing.svg.elements import Box, element, number


def pie_markup(drawing: PanelDrawing) -> ContentMarkup:
    """Slices for the values, the largest first, and their legend."""
    values = pie_values(drawing)
    if not values:
        return no_data_markup(drawing)
    legend = pie_legend(drawing, values)
    chart, _ = split_box(legend, drawing.box)
    size = max(min(chart.width, chart.height), 40.0)
    side = number(size)
    picture = element(
        "svg",
        {"class": "pie-picture", "viewBox": f"0 0 {side} {side}", "role": "img", "aria-label": "pie chart"},
        *pie_marks(drawing, values, Box(0, 0, size, size)),
    )
    kind = "with-legend with-legend-beside" if legend.is_beside else "with-legend"
    room = html("div", {"class": "pie-room"}, picture)
    return ContentMarkup(html("div", {"class": kind}, room, legend_markup(legend)))
