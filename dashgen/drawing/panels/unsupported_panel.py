"""What stands for a panel that cannot be drawn: what it is, and its queries."""

from dashgen.drawing.drawing_context import MONOSPACE
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.panel_kinds import panel_description, shown_queries
from dashgen.drawing.panels.text_rows import TextRow, row_marks


def draw_unsupported(drawing: PanelDrawing) -> list[str]:
    """What the panel is, and the texts of its queries."""
    rows = [TextRow(panel_description(drawing), family="inherit")]
    rows += [TextRow(query.text, family=MONOSPACE) for query in shown_queries(drawing)]
    return row_marks(drawing, rows)
