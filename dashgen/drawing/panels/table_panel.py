"""The panel `table`. Source: components/Table/TableNG of @grafana/ui 12.4.3."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.drawing.fields.color_math import readable_on
from dashgen.drawing.fields.field_config import links_of
from dashgen.drawing.fields.field_display import ShownValue
from dashgen.drawing.fields.frames import Cell, Field, Frame, number_or_none
from dashgen.drawing.panels.panel_drawing import PanelDrawing
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
from dashgen.drawing.transformations.filter_frames import sorted_by

_SIZE: Final = 14.0
_HEAD, _PADDING, _LEAST_WIDTH = 45.0, 6.0, 150.0
_ROWS = {"sm": 36.0, "md": 42.0, "lg": 48.0}
_BAR_VALUE_WIDTH: Final = 80.0


class _Column(NamedTuple):
    """A column with its place, and the way its cells are drawn."""

    field: Field
    x: float
    width: float
    kind: str
    mode: str
    is_right: bool


def draw_table(drawing: PanelDrawing) -> list[str]:
    """The first frame, or the one that the options choose, as a table."""
    index = drawing.options.get("frameIndex")
    chosen = index if isinstance(index, int) and 0 <= index < len(drawing.frames) else 0
    if not drawing.frames or not drawing.frames[chosen].fields or not drawing.frames[chosen].length:
        return drawing.no_data()
    frame = drawing.frames[chosen]
    sorting = mappings(drawing.options.get("sortBy"))
    if sorting:
        is_falling = bool(sorting[0].get("desc"))
        frame = sorted_by(frame, text(sorting[0].get("displayName")), is_falling=is_falling)
    box = drawing.box.inset(-2, 0, -2, -2)
    columns = _columns(frame, box)
    marks = []
    top = box.y
    if drawing.options.get("showHeader") is not False:
        marks += _head_marks(drawing, columns, box, sorting)
        top += _HEAD
    height = _ROWS.get(text(drawing.options.get("cellHeight")), 36.0)
    for row in range(frame.length):
        if top >= box.bottom:
            break
        marks += _row_marks(drawing, columns, row, box._replace(y=top, height=height))
        top += height
    return [clip(box, f"{drawing.identity}c", marks)]


def _columns(frame: Frame, box: Box) -> list[_Column]:
    shown = [one for one in frame.fields if not _is_hidden(one)]
    fixed = [number_or_none(mapping(one.config.get("custom")).get("width")) for one in shown]
    free = box.width - sum(width or 0 for width in fixed)
    count = sum(width is None for width in fixed)
    columns = []
    x = box.x
    for one, own in zip(shown, fixed, strict=True):
        custom = mapping(one.config.get("custom"))
        least = number_or_none(custom.get("minWidth")) or _LEAST_WIDTH
        width = own or (max(free / count, min(least, box.width / len(shown))) if count else 0)
        cell = mapping(custom.get("cellOptions"))
        kind = text(cell.get("type")) or text(custom.get("displayMode")) or "auto"
        align = text(custom.get("align")) or "auto"
        is_right = align == "right" or (align == "auto" and one.kind == "number")
        columns.append(_Column(one, x, width, kind, text(cell.get("mode")), is_right))
        x += width
    return columns


def _is_hidden(field: Field) -> bool:
    custom = mapping(field.config.get("custom"))
    return custom.get("hidden") is True or mapping(custom.get("hideFrom")).get("viz") is True


def _head_marks(
    drawing: PanelDrawing, columns: Sequence[_Column], box: Box, sorting: Sequence[Json]
) -> list[str]:
    middle = box.y + _HEAD / 2 + 2
    style = TextStyle(_SIZE, drawing.theme.text, weight=500)
    marks = []
    for column in columns:
        title = shortened(column.field.title, column.width - _PADDING * 2, _SIZE, 500)
        if sorting and text(sorting[0].get("displayName")) == column.field.title:
            title = f"{title}  {'↓' if sorting[0].get('desc') else '↑'}"
        marks.append(_cell_text(title, column, middle, style))
    line = Stroke(drawing.theme.border, 1, drawing.theme.border_opacity)
    marks.append(straight_line((box.x, box.y + _HEAD - 0.5), (box.right, box.y + _HEAD - 0.5), line))
    return marks


def _cell_text(shown: str, column: _Column, middle: float, style: TextStyle) -> str:
    if column.is_right:
        return line_of_text(shown, column.x + column.width - _PADDING, middle, style._replace(anchor="end"))
    return line_of_text(shown, column.x + _PADDING, middle, style)


def _row_marks(drawing: PanelDrawing, columns: Sequence[_Column], row: int, box: Box) -> list[str]:
    line = Stroke(drawing.theme.border, 1, drawing.theme.border_opacity * 0.6)
    marks = [straight_line((box.x, box.bottom - 0.5), (box.right, box.bottom - 0.5), line)]
    for column in columns:
        if column is not columns[-1]:
            edge = round(column.x + column.width) - 0.5
            marks.append(straight_line((edge, box.y), (edge, box.bottom), line))
        value = column.field.values[row] if row < len(column.field.values) else None
        marks += _cell_marks(drawing, column, value, box)
    return marks


def _cell_marks(drawing: PanelDrawing, column: _Column, value: Cell, box: Box) -> list[str]:
    if isinstance(value, dict) and "trend" in value:
        return _trend_marks(drawing, column, value, box)
    shown = drawing.display(column.field).shown(value)
    middle = box.y + box.height / 2
    if column.kind == "gauge":
        return _bar_marks(drawing, column, shown, box)
    style = TextStyle(_SIZE, drawing.theme.text)
    marks = []
    if column.kind == "color-background" and shown.text:
        cell = Box(column.x, box.y, column.width, box.height)
        marks.append(rectangle(cell, shown.color))
        style = style._replace(color=readable_on(shown.color))
    elif column.kind == "color-text":
        style = style._replace(color=shown.color)
    elif column.kind == "pill" and shown.text:
        width = min(text_width(shown.text, _SIZE - 2) + 12, column.width - _PADDING * 2)
        marks.append(rectangle(Box(column.x + _PADDING, middle - 10, width, 20), shown.color, radius=10))
        style = TextStyle(_SIZE - 2, readable_on(shown.color))
        return [*marks, line_of_text(shown.text, column.x + _PADDING + 6, middle, style)]
    if links_of(column.field):
        style = style._replace(decoration="underline")
    fitting = shortened(shown.text, column.width - _PADDING * 2, _SIZE)
    return [*marks, _cell_text(fitting, column, middle, style)]


def _bar_marks(drawing: PanelDrawing, column: _Column, shown: ShownValue, box: Box) -> list[str]:
    width = max(column.width - _PADDING * 2 - _BAR_VALUE_WIDTH, 4)
    bar = Box(column.x + _PADDING, box.y + 8, width, box.height - 16)
    share = min(max(shown.share, 0.0), 1.0) if shown.number is not None else 0.0
    filled = bar._replace(width=max(bar.width * share, 1))
    style = TextStyle(_SIZE, shown.color, "end")
    marks = [rectangle(bar, drawing.theme.secondary, radius=2)]
    if column.mode == "basic":
        marks.append(rectangle(filled, shown.color, opacity=0.35))
        marks.append(rectangle(Box(filled.right - 2, bar.y, 2, bar.height), shown.color))
    else:
        marks.append(rectangle(filled, shown.color, radius=2))
    at = column.x + column.width - _PADDING
    return [*marks, line_of_text(shown.text, at, box.y + box.height / 2, style)]


def _trend_marks(drawing: PanelDrawing, column: _Column, value: Json, box: Box) -> list[str]:
    numbers = [number for one in value["trend"] if (number := number_or_none(one)) is not None]
    shown = drawing.display(column.field).shown(value.get("value"))
    right = column.x + column.width - _PADDING
    style = TextStyle(_SIZE, drawing.theme.text, "end")
    marks = [line_of_text(shown.text, right, box.y + box.height / 2, style)]
    if len(numbers) > 1:
        low, high = min(numbers), max(numbers)
        width = max(column.width - _PADDING * 2 - text_width(shown.text, _SIZE) - 8, 4)
        run = [
            (
                column.x + _PADDING + width * index / (len(numbers) - 1),
                box.bottom - 8 - (number - low) / ((high - low) or 1) * (box.height - 16),
            )
            for index, number in enumerate(numbers)
        ]
        marks.append(path(line_path(run), stroke=Stroke(shown.color)))
    return marks
