"""The data links of a value, resolved and as markup."""

from dashgen.drawing.fields.link_addresses import LinkedValue, data_links
from dashgen.drawing.markup.html_elements import link
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.panel_values import FieldValue


def linked(drawing: PanelDrawing, value: FieldValue, inner: str) -> str:
    """The markup of a value of a series or row, as a link where its field has one."""
    subject = LinkedValue(value.field, value.frame, value.row, value.shown)
    links = data_links(subject, drawing.frames, drawing.context)
    return link(links[0].address, links[0].title, inner) if links else inner
