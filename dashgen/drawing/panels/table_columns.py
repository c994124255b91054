"""What a table shows: its frame, its columns, and the looks of their cells.

Source: components/Table/TableNG of @grafana/ui 12.4.3.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from dashgen.core.json_values import Json, items, mapping, mappings, text, whole
from dashgen.drawing.fields.color_math import lighter, readable_on, turned
from dashgen.drawing.fields.field_display import ShownValue
from dashgen.drawing.fields.frames import Field, Frame, number_or_none
from dashgen.drawing.fields.reducers import WITHOUT_UNIT, reduce_field, reducer_name
from dashgen.drawing.fields.themes import Theme
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.transformations.filter_frames import sorted_by

LEAST_WIDTH: Final = 150.0
_ROWS: Final = {"sm": 36.0, "md": 42.0, "lg": 48.0}
_TEXT_KINDS: Final = frozenset({"auto", "color-text", "color-background", "json-view"})
# How `custom.displayMode` of old dashboards names cell types, and their modes.
_OLD_MODES: Final = {
    "basic": ("gauge", "basic"), "gradient-gauge": ("gauge", "gradient"), "lcd-gauge": ("gauge", "lcd"),
    "color-background": ("color-background", "gradient"),
    "color-background-solid": ("color-background", "basic"),
}  # fmt: skip


class TableColumn(NamedTuple):
    """A column: its field, and the way its cells are shown.

    Attributes:
        kind: the type of its cells: `auto`, `color-text`, `gauge`, …
        options: all options of its cells.
        align: `left`, `center` or `right`.
        width: in pixels, where it is configured.
        least_width: how narrow it may become where it is not.
    """

    field: Field
    kind: str
    options: Json
    align: str
    width: float | None
    least_width: float
    is_wrapped: bool

    @property
    def mode(self) -> str:
        """The mode of its cells."""
        return text(self.options.get("mode"))


def table_frames(drawing: PanelDrawing) -> list[Frame]:
    """The frames with something to show, the chosen one first, their rows in the order configured."""
    frames = [frame for frame in drawing.frames if frame.fields and frame.length]
    index = whole(drawing.options.get("frameIndex"))
    if 0 < index < len(drawing.frames) and drawing.frames[index] in frames:
        chosen = drawing.frames[index]
        frames = [chosen, *(frame for frame in frames if frame is not chosen)]
    sorting = table_sorting(drawing)
    for name, is_falling in reversed(sorting):
        frames = [sorted_by(frame, name, is_falling=is_falling) for frame in frames]
    return frames


def table_sorting(drawing: PanelDrawing) -> list[tuple[str, bool]]:
    """The columns by which rows are sorted, and whether they fall."""
    orders = mappings(drawing.options.get("sortBy"))
    return [(text(one.get("displayName")), bool(one.get("desc"))) for one in orders]


def table_columns(frame: Frame) -> list[TableColumn]:
    """The columns that are shown."""
    return [_column(one) for one in frame.fields if not _is_hidden(one)]


def _column(field: Field) -> TableColumn:
    custom = mapping(field.config.get("custom"))
    options = mapping(custom.get("cellOptions"))
    kind = text(options.get("type")) or "auto"
    old = text(custom.get("displayMode"))
    if old:
        kind, mode = _OLD_MODES.get(old, (old, ""))
        options = {"type": kind, "mode": mode, **options}
    if kind == "auto" and any(isinstance(value, dict) and "trend" in value for value in field.values):
        kind = "sparkline"
    align = text(custom.get("align")) or "auto"
    if align not in {"left", "center", "right"}:
        align = "right" if field.kind == "number" and kind in _TEXT_KINDS else "left"
    least = number_or_none(custom.get("minWidth")) or LEAST_WIDTH
    is_wrapped = custom.get("wrapText") is True or options.get("wrapText") is True
    width = number_or_none(custom.get("width")) or None
    return TableColumn(field, kind, options, align, width, least, is_wrapped)


def _is_hidden(field: Field) -> bool:
    custom = mapping(field.config.get("custom"))
    hidden_from = mapping(custom.get("hideFrom"))
    return custom.get("hidden") is True or hidden_from.get("viz") is True


def row_height(drawing: PanelDrawing) -> float:
    """The height of rows whose texts do not wrap."""
    return _ROWS.get(text(drawing.options.get("cellHeight")), 36.0)


class CellLook(NamedTuple):
    """The colour of a cell's text, and the one or two colours behind it; None for what the theme has."""

    color: str | None = None
    background: tuple[str, str] | None = None


def cell_look(column: TableColumn, shown: ShownValue, theme: Theme) -> CellLook:
    """How a cell of a value looks."""
    if column.kind == "color-text":
        return CellLook(shown.color)
    if column.kind != "color-background" or shown.color == "none" or not shown.text:
        return CellLook()
    color = shown.color
    first = color
    if column.mode != "basic":
        first = lighter(turned(color, 5), -10 * (1 if theme.name == "dark" else -0.7))
    return CellLook(readable_on(color), (first, color))


def row_look(drawing: PanelDrawing, columns: Sequence[TableColumn], row: int) -> CellLook:
    """How a whole row looks where a column colours it."""
    for column in columns:
        if column.kind == "color-background" and column.options.get("applyToRow") is True:
            cell = column.field.values[row] if row < len(column.field.values) else None
            return cell_look(column, drawing.display(column.field).shown(cell), drawing.theme)
    return CellLook()


def footers(drawing: PanelDrawing, columns: Sequence[TableColumn]) -> list[list[tuple[str, str]]]:
    """The calculations below each column with their names; empty where a table has none."""
    below = [_footer(drawing, column, is_first=index == 0) for index, column in enumerate(columns)]
    return below if any(below) else []


def _footer(drawing: PanelDrawing, column: TableColumn, *, is_first: bool) -> list[tuple[str, str]]:
    custom = mapping(column.field.config.get("custom"))
    calcs = [text(calc) for calc in items(mapping(custom.get("footer")).get("reducers"))]
    old = mapping(drawing.options.get("footer"))
    if old.get("show") is True:
        calcs = _old_footer(old, column.field, is_first=is_first) or calcs
    shown = []
    for calc in calcs:
        value = reduce_field(column.field, calc)
        if calc in WITHOUT_UNIT:
            written = "" if value is None else f"{value:g}" if isinstance(value, int | float) else str(value)
        else:
            written = "" if value is None else drawing.display(column.field).shown(value).text
        shown.append(("Count" if calc == "countAll" else reducer_name(calc), written))
    return shown


def _old_footer(options: Json, field: Field, *, is_first: bool) -> list[str]:
    calcs = [text(calc) for calc in items(options.get("reducer"))]
    if calcs == ["count"] and options.get("countRows") is True:
        return ["countAll"] if is_first else []
    names = items(options.get("fields")) or ([options["fields"]] if text(options.get("fields")) else [])
    if field.kind != "number" or (names and field.title not in names and field.name not in names):
        return []
    return calcs
