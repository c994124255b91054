"""Legends: lists and tables, below a chart or beside it.

Source: components/VizLegend and components/VizLayout of @grafana/ui 12.4.3.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from dashgen.core.json_values import Json, items, text
from dashgen.drawing.fields.field_display import FieldDisplay, ShownValue
from dashgen.drawing.fields.frames import Field
from dashgen.drawing.fields.reducers import WITHOUT_UNIT, reduce_field, reducer_name
from dashgen.drawing.fields.themes import Theme
from dashgen.drawing.svg.elements import Box, Stroke, TextStyle, line_of_text, rectangle, straight_line
from dashgen.drawing.svg.text_widths import shortened, text_width

_SIZE: Final = 12
_ROW_BELOW, _ROW_BESIDE, _ROW_OF_TABLE = 22.0, 23.0, 25.0
_MARK_WIDTH, _GAP, _BETWEEN, _INDENT = 14, 8, 11, 4
_MOST_HEIGHT, _MOST_WIDTH = 0.35, 0.5


class LegendItem(NamedTuple):
    """A series in a legend; `values` has the name and the text of each calculation."""

    title: str
    color: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def line(self) -> str:
        """The name, and after it the calculations."""
        return "  ".join([self.title, *(f"{name}: {value}" for name, value in self.values)])

    @property
    def width(self) -> float:
        """How wide it is in a list."""
        return _MARK_WIDTH + _GAP + text_width(self.line, _SIZE) + _BETWEEN


class Legend(NamedTuple):
    """The legend of a chart.

    Attributes:
        items: what it lists; empty where no legend is shown.
        is_table: whether it has a column for each calculation.
        is_beside: whether it is at the right of the chart, or below it.
        width: the width that its options ask for at the right; 0 for its own.
    """

    items: Sequence[LegendItem]
    is_table: bool = False
    is_beside: bool = False
    width: float = 0


def calculations(field: Field, display: FieldDisplay, calcs: Sequence[str]) -> list[ShownValue]:
    """What the calculations of a legend give for a field, as it writes them."""
    shown = []
    for calc in calcs:
        plain = FieldDisplay(Field(field.name, "number", []), display.theme, display.clock)
        percent = FieldDisplay(Field(field.name, "number", [], config={"unit": "percent"}), display.theme)
        writer = plain if calc in WITHOUT_UNIT else percent if calc == "diffperc" else display
        shown.append(writer.shown(reduce_field(field, calc)))
    return shown


def calculated(field: Field, display: FieldDisplay, calcs: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The calculations of a field with their names, as a legend writes them."""
    shown = calculations(field, display, calcs)
    return tuple((reducer_name(calc), one.text) for calc, one in zip(calcs, shown, strict=True))


def legend_of(options: Json, entries: Sequence[LegendItem]) -> Legend:
    """The legend that the options of a panel describe."""
    mode = text(options.get("displayMode")) or "list"
    if options.get("showLegend") is False or mode == "hidden":
        return Legend(())
    width = options.get("width")
    return Legend(
        entries,
        mode == "table",
        options.get("placement") == "right",
        float(width) if isinstance(width, int | float) else 0,
    )


def legend_calcs(options: Json) -> list[str]:
    """The calculations that a legend shows."""
    return [text(calc) for calc in items(options.get("calcs"))]


def split_box(legend: Legend, box: Box) -> tuple[Box, Box]:
    """The room for the chart, and that for its legend."""
    if not legend.items:
        return box, Box(box.x, box.bottom, 0, 0)
    if legend.is_beside:
        own = _table_width(legend) if legend.is_table else max(item.width for item in legend.items) + _INDENT
        width = min(legend.width or own, box.width * _MOST_WIDTH)
        return box.inset(right=width), Box(box.right - width, box.y, width, box.height)
    if legend.is_table:
        height = _ROW_OF_TABLE * (len(legend.items) + 1)
    else:
        height = _ROW_BELOW * len(_rows(legend.items, box.width - _INDENT))
    height = min(height, max(box.height * _MOST_HEIGHT, _ROW_BELOW))
    return box.inset(bottom=height), Box(box.x, box.bottom - height, box.width, height)


def _rows(entries: Sequence[LegendItem], width: float) -> list[list[LegendItem]]:
    rows: list[list[LegendItem]] = [[]]
    used = 0.0
    for item in entries:
        if rows[-1] and used + item.width - _BETWEEN > width:
            rows.append([])
            used = 0
        rows[-1].append(item)
        used += item.width
    return rows


def legend_marks(legend: Legend, box: Box, theme: Theme) -> list[str]:
    """The legend drawn; what does not fit is left out."""
    if not legend.items or box.height <= 0:
        return []
    if legend.is_table:
        return _table_marks(legend, box, theme)
    if legend.is_beside:
        placed = [(item, box.x + _INDENT, index) for index, item in enumerate(legend.items)]
        row = _ROW_BESIDE
    else:
        placed, row = [], _ROW_BELOW
        for index, entries in enumerate(_rows(legend.items, box.width - _INDENT)):
            x = box.x + _INDENT
            for item in entries:
                placed.append((item, x, index))
                x += item.width
    marks = []
    for item, x, index in placed:
        middle = box.y + row * index + row / 2
        if middle + _SIZE / 2 <= box.bottom + 1:
            marks += _item_marks(item.line, item.color, (x, middle), (box.right - x, theme))
    return marks


def _item_marks(line: str, color: str, at: tuple[float, float], room: tuple[float, Theme]) -> list[str]:
    (x, middle), (width, theme) = at, room
    shown = shortened(line, width - _MARK_WIDTH - _GAP, _SIZE)
    return [
        rectangle(Box(x, middle - 2, _MARK_WIDTH, 4), color, radius=2),
        line_of_text(shown, x + _MARK_WIDTH + _GAP, middle, TextStyle(_SIZE, theme.text)),
    ]


def _value_widths(legend: Legend) -> list[float]:
    columns = zip(*(item.values for item in legend.items), strict=True)
    return [
        max(text_width(cell, _SIZE, 500) for name, value in column for cell in (name, value)) + 16
        for column in columns
    ]  # fmt: skip


def _table_width(legend: Legend) -> float:
    names = max(text_width(item.title, _SIZE) for item in legend.items)
    return names + _MARK_WIDTH + _GAP + _INDENT + 8 + sum(_value_widths(legend))


def _table_marks(legend: Legend, box: Box, theme: Theme) -> list[str]:
    widths = _value_widths(legend)
    rights = [box.right - sum(widths[index + 1 :]) - 4 for index in range(len(widths))]
    marks = []
    head = box.y + _ROW_OF_TABLE / 2
    if widths:
        names = [name for name, _ in legend.items[0].values]
        style = TextStyle(_SIZE, theme.link, "end", 500)
        marks += [line_of_text(name, right, head, style) for name, right in zip(names, rights, strict=True)]
    for index, item in enumerate(legend.items):
        top = box.y + _ROW_OF_TABLE * (index + 1)
        middle = top + _ROW_OF_TABLE / 2
        if middle + _SIZE / 2 > box.bottom + 1:
            break
        marks.append(
            straight_line((box.x, top), (box.right, top), Stroke(theme.border, 1, theme.border_opacity))
        )
        room = box.width - sum(widths) - _INDENT
        marks += _item_marks(item.title, item.color, (box.x + _INDENT, middle), (room, theme))
        marks += [
            line_of_text(value, right, middle, TextStyle(_SIZE, theme.text, "end"))
            for (_, value), right in zip(item.values, rights, strict=True)
        ]
    return marks
