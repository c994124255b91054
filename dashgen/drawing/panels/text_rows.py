"""Rows of texts: what lists of alerts, dashboards and events are drawn as."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.svg.elements import Box, TextStyle, clip, line_of_text, rectangle
from dashgen.drawing.svg.text_widths import shortened, text_width, wrapped

_SIZE: Final = 14.0
_ROW: Final = 24.0
_MARK, _GAP = 4.0, 8.0


class TextRow(NamedTuple):
    """A row of a list.

    Attributes:
        title: what it is about.
        note: what is beside it, in a weaker colour.
        color: of the mark before it; none without one.
        is_heading: whether it is the heading of the rows that follow.
        family: of its letters; the page's own without one.
    """

    title: str
    note: str = ""
    color: str = ""
    is_heading: bool = False
    family: str | None = None


def row_marks(drawing: PanelDrawing, rows: Sequence[TextRow]) -> list[str]:
    """Rows below each other, as far as the panel has room."""
    box, theme = drawing.box, drawing.theme
    marks: list[str] = []
    top = box.y
    for row in rows:
        left = box.x + (_MARK + _GAP if row.color else 0)
        style = TextStyle(_SIZE, theme.text, weight=500 if row.is_heading else 400, family=row.family)
        room = box.right - left
        for line in wrapped(row.title, room, _SIZE) if row.family else [shortened(row.title, room, _SIZE)]:
            if top + _ROW > box.bottom + 1:
                return [clip(box, f"{drawing.identity}c", marks)]
            if row.color:
                marks.append(rectangle(Box(box.x, top + 4, _MARK, _ROW - 8), row.color, radius=2))
            marks.append(line_of_text(line, left, top + _ROW / 2, style))
            used = text_width(line, _SIZE) + _GAP
            note = shortened(row.note, room - used, _SIZE - 2)
            weak = TextStyle(_SIZE - 2, theme.text, opacity=theme.text_opacity_secondary)
            marks.append(line_of_text(note, left + used, top + _ROW / 2, weak))
            top += _ROW
    return [clip(box, f"{drawing.identity}c", marks)]
