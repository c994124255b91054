"""The panel `table`. Source: components/Table/TableNG of @grafana/ui 12.4.3."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from dashgen.core.json_values import Json, items
from dashgen.drawing.fields.color_math import readable_on
from dashgen.drawing.fields.field_config import links_of
from dashgen.drawing.fields.field_display import ShownValue
from dashgen.drawing.fields.frames import Cell, number_or_none
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.table_columns import (
    CellLook,
    TableColumn,
    cell_look,
    row_height,
    row_look,
    table_columns,
    table_frames,
    table_sorting,
)
from dashgen.drawing.plots.line_paths import line_path
from dashgen.drawing.svg.elements import (
    Box,
    Stroke,
    TextStyle,
    clip,
    line_of_text,
    path,
    rectangle,
    straight_line,
)
from dashgen.drawing.svg.text_widths import shortened, text_width

_SIZE: Final = 14.0
_HEAD, _PADDING = 45.0, 6.0
_BAR_VALUE_WIDTH: Final = 80.0


class _PlacedColumn(NamedTuple):
    """A column with its place."""

    column: TableColumn
    x: float
    width: float


def draw_table(drawing: PanelDrawing) -> list[str]:
    """The first frame, or the one that the options choose, as a table."""
    frames = table_frames(drawing)
    if not frames:
        return drawing.no_data()
    box = drawing.box.inset(-2, 0, -2, -2)
    columns = _placed(table_columns(frames[0]), box)
    marks = []
    top = box.y
    if drawing.options.get("showHeader") is not False:
        marks += _head_marks(drawing, columns, box)
        top += _HEAD
    height = row_height(drawing)
    for row in range(frames[0].length):
        if top >= box.bottom:
            break
        marks += _row_marks(drawing, columns, row, box._replace(y=top, height=height))
        top += height
    return [clip(box, f"{drawing.identity}c", marks)]


def _placed(columns: Sequence[TableColumn], box: Box) -> list[_PlacedColumn]:
    free = box.width - sum(column.width or 0 for column in columns)
    count = sum(column.width is None for column in columns)
    placed = []
    x = box.x
    for column in columns:
        # A picture does not scroll: columns that are too many for it become narrower than they may.
        least = min(column.least_width, box.width / len(columns))
        width = column.width or max(free / count, least)
        placed.append(_PlacedColumn(column, x, width))
        x += width
    return placed


def _head_marks(drawing: PanelDrawing, columns: Sequence[_PlacedColumn], box: Box) -> list[str]:
    middle = box.y + _HEAD / 2 + 2
    style = TextStyle(_SIZE, drawing.theme.text, weight=500)
    sorting = dict(table_sorting(drawing))
    marks = []
    for placed in columns:
        name = placed.column.field.title
        title = shortened(name, placed.width - _PADDING * 2, _SIZE, 500)
        if name in sorting:
            title = f"{title}  {'↓' if sorting[name] else '↑'}"
        marks.append(_cell_text(title, placed, middle, style))
    line = Stroke(drawing.theme.border, 1, drawing.theme.border_opacity)
    marks.append(straight_line((box.x, box.y + _HEAD - 0.5), (box.right, box.y + _HEAD - 0.5), line))
    return marks


def _cell_text(shown: str, placed: _PlacedColumn, middle: float, style: TextStyle) -> str:
    align = placed.column.align
    if align == "right":
        return line_of_text(shown, placed.x + placed.width - _PADDING, middle, style._replace(anchor="end"))
    if align == "center":
        return line_of_text(shown, placed.x + placed.width / 2, middle, style._replace(anchor="middle"))
    return line_of_text(shown, placed.x + _PADDING, middle, style)


def _row_marks(
    drawing: PanelDrawing, columns: Sequence[_PlacedColumn], row: int, box: Box
) -> list[str]:  # fmt: skip
    line = Stroke(drawing.theme.border, 1, drawing.theme.border_opacity * 0.6)
    marks = [straight_line((box.x, box.bottom - 0.5), (box.right, box.bottom - 0.5), line)]
    look = row_look(drawing, [placed.column for placed in columns], row)
    if look.background:
        marks.append(rectangle(box, look.background[1]))
    for placed in columns:
        if placed is not columns[-1]:
            edge = round(placed.x + placed.width) - 0.5
            marks.append(straight_line((edge, box.y), (edge, box.bottom), line))
        values = placed.column.field.values
        marks += _cell_marks(drawing, placed, values[row] if row < len(values) else None, (box, look))
    return marks


def _cell_marks(
    drawing: PanelDrawing, placed: _PlacedColumn, value: Cell, details: tuple[Box, CellLook]
) -> list[str]:  # fmt: skip
    box, of_row = details
    column = placed.column
    if isinstance(value, dict) and "trend" in value:
        return _trend_marks(drawing, placed, value, box)
    shown = drawing.display(column.field).shown(value)
    middle = box.y + box.height / 2
    if column.kind == "gauge":
        return _gauge_marks(drawing, placed, shown, box)
    style = TextStyle(_SIZE, of_row.color or drawing.theme.text)
    marks = []
    look = cell_look(column, shown, drawing.theme)
    if look.background:
        marks.append(rectangle(Box(placed.x, box.y, placed.width, box.height), look.background[1]))
    if look.color:
        style = style._replace(color=look.color)
    if column.kind == "pill" and shown.text:
        width = min(text_width(shown.text, _SIZE - 2) + 12, placed.width - _PADDING * 2)
        marks.append(rectangle(Box(placed.x + _PADDING, middle - 10, width, 20), shown.color, radius=10))
        style = TextStyle(_SIZE - 2, readable_on(shown.color))
        return [*marks, line_of_text(shown.text, placed.x + _PADDING + 6, middle, style)]
    if links_of(column.field):
        style = style._replace(decoration="underline")
    fitting = shortened(shown.text, placed.width - _PADDING * 2, _SIZE)
    return [*marks, _cell_text(fitting, placed, middle, style)]


def _gauge_marks(drawing: PanelDrawing, placed: _PlacedColumn, shown: ShownValue, box: Box) -> list[str]:
    width = max(placed.width - _PADDING * 2 - _BAR_VALUE_WIDTH, 4)
    bar = Box(placed.x + _PADDING, box.y + 8, width, box.height - 16)
    share = min(max(shown.share, 0.0), 1.0) if shown.number is not None else 0.0
    filled = bar._replace(width=max(bar.width * share, 1))
    style = TextStyle(_SIZE, shown.color, "end")
    marks = [rectangle(bar, drawing.theme.secondary, radius=2)]
    if placed.column.mode == "basic":
        marks.append(rectangle(filled, shown.color, opacity=0.35))
        marks.append(rectangle(Box(filled.right - 2, bar.y, 2, bar.height), shown.color))
    else:
        marks.append(rectangle(filled, shown.color, radius=2))
    at = placed.x + placed.width - _PADDING
    return [*marks, line_of_text(shown.text, at, box.y + box.height / 2, style)]


def _trend_marks(drawing: PanelDrawing, placed: _PlacedColumn, value: Json, box: Box) -> list[str]:
    shown = drawing.display(placed.column.field).shown(value.get("value"))
    right = placed.x + placed.width - _PADDING
    style = TextStyle(_SIZE, drawing.theme.text, "end")
    width = max(placed.width - _PADDING * 2 - text_width(shown.text, _SIZE) - 8, 4)
    room = Box(placed.x + _PADDING, box.y + 8, width, box.height - 16)
    line = path(trend_line(value, room), stroke=Stroke(shown.color))
    return [line_of_text(shown.text, right, box.y + box.height / 2, style), line]


def trend_line(value: Json, room: Box) -> str:
    """The commands of the line of a cell that has a series; none for less than two numbers."""
    numbers = [number for one in items(value.get("trend")) if (number := number_or_none(one)) is not None]
    if len(numbers) < 2:
        return ""
    low, high = min(numbers), max(numbers)
    return line_path(
        [
            (
                room.x + room.width * index / (len(numbers) - 1),
                room.bottom - (number - low) / ((high - low) or 1) * room.height,
            )
            for index, number in enumerate(numbers)
        ]
    )
