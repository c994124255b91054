"""The panel `gauge` as HTML: each gauge is a picture that keeps its proportions, with its title below."""

from dashgen.core.json_values import text
from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.markup.html_elements import html, html_text, styles
from dashgen.drawing.markup.message_markup import no_data_markup
from dashgen.drawing.markup.stat_markup import grid_rules
from dashgen.drawing.markup.value_links import linked
from dashgen.drawing.panels.gauge_panel import SPACING, gauge_look, gauge_marks, gauge_values, title_size_of
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.value_grid import cells, grid_cells
from dashgen.drawing.svg.elements import Box, element, number


def gauge_markup(drawing: PanelDrawing) -> ContentMarkup:
    """A gauge for each value."""
    values = gauge_values(drawing)
    if not values:
        return no_data_markup(drawing)
    look = gauge_look(drawing, values)
    orientation = text(drawing.options.get("orientation")) or "auto"
    is_stacked = orientation == "horizontal"
    room = (
        grid_cells(drawing.box, len(values), SPACING)
        if orientation == "auto"
        else cells(drawing.box, len(values), is_stacked=is_stacked, spacing=SPACING)
    )[0]
    title_size = title_size_of(look, room)
    height = max(room.height - title_size * 1.5, 8)
    # No wider than a gauge needs: the picture shrinks with its room, and does not grow beyond the height.
    body = Box(0, 0, min(height * 1.7, max(room.width, 40)), height)
    parts = []
    for value in values:
        picture = element(
            "svg",
            {
                "class": "gauge-picture", "viewBox": f"0 0 {number(body.width)} {number(body.height)}",
                "role": "img", "aria-label": f"{value.title} {value.shown.text}".strip(),
            },
            *gauge_marks(drawing, look, value, body),
        )  # fmt: skip
        look_of_title = styles(font_size=f"{title_size:.4g}px")
        title = (
            html("div", {"class": "gauge-title", "style": look_of_title}, html_text(value.title))
            if title_size
            else ""
        )
        parts.append(
            html(
                "div",
                {"class": "gauge", "title": value.title or None},
                linked(drawing, value, picture),
                title,
            )
        )
    if orientation == "auto":
        identity = f"{drawing.identity}-grid"
        rules = grid_rules(identity, drawing.box, len(values), SPACING)
        return ContentMarkup(html("div", {"class": "value-grid gauges", "id": identity}, rules, *parts))
    direction = "values-below" if is_stacked else "values-beside"
    return ContentMarkup(html("div", {"class": f"{direction} gauges"}, *parts))
