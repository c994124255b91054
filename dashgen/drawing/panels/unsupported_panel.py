"""What stands for a panel that cannot be drawn: what it is, and its queries."""

from dashgen.core.json_values import mappings, text
from dashgen.drawing.drawing_context import MONOSPACE
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.svg.elements import TextStyle, line_of_text
from dashgen.drawing.svg.text_widths import wrapped

_SIZE, _ROW = 12, 18


def draw_unsupported(drawing: PanelDrawing) -> list[str]:
    """The type of the panel, and the texts of its queries."""
    style = TextStyle(_SIZE, drawing.theme.text, opacity=drawing.theme.text_opacity_secondary)
    kind = text(drawing.panel.get("type")) or "unknown"
    lines = [(f"A panel of type {kind} is not drawn here. It shows:", style)]
    code = style._replace(family=MONOSPACE)
    for target in mappings(drawing.panel.get("targets")):
        query = text(target.get("expr")) or text(target.get("query")) or text(target.get("rawSql"))
        query = query or text(target.get("queryType"))
        lines += [(line, code) for line in wrapped(query, drawing.box.width, _SIZE, is_monospace=True)]
    if len(lines) == 1:
        lines = [(f"A panel of type {kind} is not drawn here.", style)]
    marks = []
    for index, (line, look) in enumerate(lines):
        middle = drawing.box.y + _ROW * (index + 0.75)
        if middle + _SIZE / 2 <= drawing.box.bottom:
            marks.append(line_of_text(line, drawing.box.x + 4, middle, look))
    return marks
