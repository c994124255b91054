"""Messages in place of a panel's content, and notes below it."""

from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.markup.html_elements import html, html_text
from dashgen.drawing.panels.panel_drawing import PanelDrawing


def message_markup(message: str) -> ContentMarkup:
    """A text in the middle of the panel."""
    return ContentMarkup(html("div", {"class": "message", "role": "status"}, html_text(message)))


def no_data_markup(drawing: PanelDrawing) -> ContentMarkup:
    """What stands for an answer without values."""
    return message_markup(drawing.no_data_text)


def with_note(content: ContentMarkup, note: str) -> ContentMarkup:
    """A content with a sentence below it."""
    shown = html("p", {"class": "content-note"}, html_text(note))
    return ContentMarkup(content.html + shown, content.chart)
