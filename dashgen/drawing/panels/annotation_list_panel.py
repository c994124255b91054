"""The panel `annolist`. Source: panel/annolist (AnnoListPanel.tsx) of Grafana 12.4.3."""

from typing import Final

from dashgen.core.json_values import items, text, whole
from dashgen.drawing.panel_data import AnnotationMark
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.text_rows import TextRow, row_marks
from dashgen.drawing.values.moment_formats import moment_text

NO_ANNOTATIONS: Final = "No annotations found"
_FORMAT: Final = "YYYY-MM-DD HH:mm:ss"
_MOST: Final = 10


def draw_annotation_list(drawing: PanelDrawing) -> list[str]:
    """The newest events, with their times and tags."""
    rows = annotation_rows(drawing)
    return row_marks(drawing, rows) if rows else drawing.message(NO_ANNOTATIONS)


def annotation_rows(drawing: PanelDrawing) -> list[TextRow]:
    """A row for each event that the options choose."""
    options = drawing.options
    tags = {text(tag) for tag in items(options.get("tags"))}
    marks = [one for one in drawing.data.annotations if tags <= set(one.tags)]
    marks.sort(key=lambda one: one.start, reverse=True)
    return [
        TextRow(one.text or "(no text)", _note(drawing, one), drawing.theme.color(one.color or "blue"))
        for one in marks[: whole(options.get("limit"), _MOST)]
    ]


def _note(drawing: PanelDrawing, mark: AnnotationMark) -> str:
    parts = []
    if drawing.options.get("showTime") is not False:
        parts.append(moment_text(mark.start, _FORMAT, drawing.context.zone))
    if drawing.options.get("showTags") is not False and mark.tags:
        parts.append(", ".join(mark.tags))
    return "  ".join(parts)
