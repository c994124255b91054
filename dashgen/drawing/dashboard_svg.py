"""A dashboard as a picture: 24 columns, rows of 30 px, gaps of 8 px."""

from collections.abc import Callable
from typing import TypeAlias

from msgspec.structs import replace

from dashgen.core.json_values import Json, mapping, mappings, text, whole
from dashgen.drawing.drawing_context import FONT, DrawingContext
from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.panel_svg import panel_marks
from dashgen.drawing.panels.panel_chrome import with_variables
from dashgen.drawing.svg.elements import Box, Stroke, TextStyle, document, line_of_text, path, rectangle
from dashgen.drawing.svg.text_widths import text_width
from dashgen.formats.panel_tree import COLUMNS

DataOfPanel: TypeAlias = Callable[[Json], PanelData]
"""What gives the data of a panel."""
RangeSource: TypeAlias = Callable[[Json], tuple[int, int]]
"""What gives the time that a panel shows, in milliseconds since 1970, where it has one of its own."""

_CELL, _GAP, _MARGIN = 30, 8, 16
_ROW_TITLE, _ROW_NOTE = 16, 12


def dashboard_svg(
    dashboard: Json,
    data_of: DataOfPanel,
    context: DrawingContext,
    width: int = 1600,
    range_of: RangeSource | None = None,
) -> str:  # fmt: skip
    """A dashboard as an SVG document.

    Args:
        dashboard: Grafana's JSON at schemaVersion 42.
        data_of: gives the data of each panel that shows; it is not called for panels in folded rows.
        context: what the picture depends on beside.
        width: of the picture, in pixels; its height follows from the panels.
        range_of: gives the time that each panel shows; that of the context for all when absent.
    """
    panels = sorted(mappings(dashboard.get("panels")), key=_position)
    marks: list[str] = []
    bottom = 0
    for index, panel in enumerate(panels):
        grid = mapping(panel.get("gridPos"))
        bottom = max(bottom, whole(grid.get("y")) + whole(grid.get("h"), 1))
        box = _box(grid, width)
        if panel.get("type") == "row":
            marks += _row_marks(panel, box, context)
        else:
            own = context if range_of is None else replace(context, time_range=range_of(panel))
            marks += panel_marks(panel, data_of(panel), box, own, f"{context.prefix}{index}")
    height = _MARGIN * 2 + bottom * (_CELL + _GAP) - _GAP
    canvas = rectangle(Box(0, 0, width, height), context.palette.canvas)
    return document((width, height), FONT, text(dashboard.get("title")), [canvas, *marks])


def _position(panel: Json) -> tuple[int, int]:
    grid = mapping(panel.get("gridPos"))
    return whole(grid.get("y")), whole(grid.get("x"))


def _box(grid: Json, width: int) -> Box:
    column = (width - _MARGIN * 2 - _GAP * (COLUMNS - 1)) / COLUMNS
    columns, rows = whole(grid.get("w"), COLUMNS), whole(grid.get("h"), 1)
    return Box(
        round(_MARGIN + whole(grid.get("x")) * (column + _GAP), 2),
        _MARGIN + whole(grid.get("y")) * (_CELL + _GAP),
        round(columns * column + (columns - 1) * _GAP, 2),
        rows * _CELL + (rows - 1) * _GAP,
    )


def _row_marks(row: Json, box: Box, context: DrawingContext) -> list[str]:
    theme = context.palette
    is_folded = row.get("collapsed") is True
    middle = box.y + box.height / 2
    title = with_variables(text(row.get("title")), context.variables)
    marks = [rectangle(box, theme.panel, radius=2)] if is_folded else []
    arrow = f"M{box.x + 12} {middle - 3}l3 3l-3 3" if is_folded else f"M{box.x + 11} {middle - 1.5}l3 3l3 -3"
    marks.append(path(arrow, stroke=Stroke(theme.text, 1.5)))
    x = box.x + 22
    marks.append(line_of_text(title, x, middle, TextStyle(_ROW_TITLE, theme.text, weight=500)))
    if is_folded:
        count = len(mappings(row.get("panels")))
        note = f"({count} panel{'s' * (count != 1)})"
        style = TextStyle(_ROW_NOTE, theme.text, opacity=theme.text_opacity_secondary, is_italic=True)
        marks.append(line_of_text(note, x + text_width(title, _ROW_TITLE, 500) + 16, middle, style))
    return marks
