"""A panel type without markup of its own: its picture, scaled to the width of the page."""

from dashgen.core.json_values import text
from dashgen.drawing.drawing_context import FONT
from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.panels.panel_drawing import PanelDrawer, PanelDrawing
from dashgen.drawing.svg.elements import document


def picture_markup(drawing: PanelDrawing, drawer: PanelDrawer) -> ContentMarkup:
    """The picture that a drawer draws, as markup."""
    size = (drawing.box.width, drawing.box.height)
    return ContentMarkup(document(size, FONT, text(drawing.panel.get("title")), drawer(drawing)))
