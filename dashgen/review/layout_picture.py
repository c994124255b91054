"""Where the panels of a dashboard stand, as a small picture."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from dashgen.core.json_values import Json, mapping, mappings, text, whole
from dashgen.drawing.drawing_context import FONT
from dashgen.drawing.fields.themes import THEMES, ThemeName
from dashgen.drawing.svg.elements import Box, TextStyle, document, line_of_text, rectangle
from dashgen.drawing.svg.text_widths import shortened
from dashgen.formats.panel_tree import COLUMNS

_WIDTH, _MARGIN, _GAP = 560, 6, 2
_LINE: Final = 9.0
_TALLEST: Final = 700
_TITLE: Final = 9
_MARK: Final = "#5794F2"


def layout_svg(
    dashboard: Json, marked: Collection[int], theme: ThemeName, texts: Mapping[str, str], lines: int = 0
) -> str:  # fmt: skip
    """The panels and rows of a dashboard as boxes with their titles.

    Args:
        dashboard: its JSON in Grafana's form.
        marked: the numbers of the panels that stand out, as they moved.
        theme: Grafana's theme.
        texts: the picture's `title`, read to those who do not see it.
        lines: the lines of the grid for which there is room at least, so that two pictures are of one size.
    """
    panels = mappings(dashboard.get("panels"))
    most = max(lines, grid_lines(panels), 1)
    line = min(_LINE, _TALLEST / most)
    height = _MARGIN * 2 + most * line
    palette = THEMES[theme]
    marks = [rectangle(Box(0, 0, _WIDTH, height), palette.canvas)]
    for panel in panels:
        box = _box(mapping(panel.get("gridPos")), line)
        is_row, is_marked = panel.get("type") == "row", panel.get("id") in marked
        if not is_row:
            marks.append(
                rectangle(box, palette.panel, radius=2, stroke=_MARK if is_marked else palette.secondary)
            )
            if is_marked:
                marks.append(rectangle(box, _MARK, opacity=0.25, radius=2))
        title = shortened(text(panel.get("title")), box.width - 8, _TITLE)
        style = TextStyle(_TITLE, palette.text, weight=500 if is_row or is_marked else 400)
        if is_row or box.height >= _TITLE:
            marks.append(line_of_text(title, box.x + 4, box.y + min(box.height / 2, _TITLE), style))
    return document((_WIDTH, height), FONT, texts.get("title", ""), marks)


def grid_lines(panels: Sequence[Json]) -> int:
    """How many lines of the grid some panels take."""
    places = [mapping(panel.get("gridPos")) for panel in panels]
    return max((whole(position.get("y")) + whole(position.get("h"), 1) for position in places), default=0)


def _box(position: Json, line: float) -> Box:
    column = (_WIDTH - _MARGIN * 2) / COLUMNS
    return Box(
        round(_MARGIN + whole(position.get("x")) * column, 2),
        round(_MARGIN + whole(position.get("y")) * line, 2),
        round(whole(position.get("w"), COLUMNS) * column - _GAP, 2),
        round(whole(position.get("h"), 1) * line - _GAP, 2),
    )
