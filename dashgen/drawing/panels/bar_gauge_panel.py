"""The panel `bargauge`. Source: components/BarGauge of @grafana/ui 12.4.3."""

from typing import Final, NamedTuple

from dashgen.core.json_values import mapping, text, whole
from dashgen.drawing.fields.field_colors import color_mode, continuous_stops, is_by_value, value_color
from dashgen.drawing.fields.frames import number_or_none
from dashgen.drawing.fields.thresholds import thresholds_of
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.panel_values import FieldValue, field_values
from dashgen.drawing.panels.value_grid import cells
from dashgen.drawing.svg.elements import Box, GradientStop, TextStyle, clip, gradient, line_of_text, rectangle
from dashgen.drawing.svg.text_widths import shortened, size_that_fits, text_width

_LEAST_VALUE, _MOST_VALUE, _MOST_VALUE_WIDTH = 18.0, 50.0, 150.0
_TITLE_LINE: Final = 1.5
_PADDING: Final = 10.0
_CELL, _CELL_GAP = 12.0, 2.0


class _Bars(NamedTuple):
    """What all bars of a panel have in common."""

    mode: str
    name_placement: str
    value_mode: str
    is_filled: bool
    widest_title: str
    widest_value: str
    sizes: tuple[float | None, float | None]


def draw_bar_gauge(drawing: PanelDrawing) -> list[str]:
    """A bar for each value, in a row or below each other."""
    values = field_values(drawing)
    if not values:
        return drawing.no_data()
    options = drawing.options
    orientation = text(options.get("orientation")) or "auto"
    is_upright = orientation == "vertical" or (
        orientation == "auto" and drawing.box.width > drawing.box.height
    )
    sizes = mapping(options.get("text"))
    bars = _Bars(
        text(options.get("displayMode")) or "gradient",
        text(options.get("namePlacement")) or "auto",
        text(options.get("valueMode")) or "color",
        options.get("showUnfilled") is not False,
        max((value.title for value in values), key=len) if len(values) > 1 or _is_named(values[0]) else "",
        max((value.shown.text for value in values), key=len),
        (number_or_none(sizes.get("titleSize")), number_or_none(sizes.get("valueSize"))),
    )
    rooms = _rooms(drawing, len(values), is_upright=is_upright)
    draw = _upright_bar if is_upright else _lying_bar
    marks = []
    for index, (value, room) in enumerate(zip(values, rooms, strict=True)):
        marks += draw(drawing, value, room, (bars, f"{drawing.identity}b{index}"))
    return [clip(drawing.box.inset(-2, -2, -2, 0), f"{drawing.identity}c", marks)]


def _is_named(value: FieldValue) -> bool:
    return bool(value.field.config.get("displayName")) or bool(value.title and value.title != "Value")


def _rooms(drawing: PanelDrawing, count: int, *, is_upright: bool) -> list[Box]:
    box, options = drawing.box, drawing.options
    if is_upright:
        return cells(box, count, is_stacked=False)
    least = whole(options.get("minVizHeight"), 16) + 1
    most = whole(options.get("maxVizHeight"), 300)
    height = min(max((box.height - _PADDING * (count - 1)) / count, least), most)
    return [Box(box.x, box.y + (height + _PADDING) * index, box.width, height) for index in range(count)]


def _lying_bar(
    drawing: PanelDrawing, value: FieldValue, room: Box, details: tuple[_Bars, str]
) -> list[str]:  # fmt: skip
    bars, identity = details
    own_title, own_value = bars.sizes
    has_title = bool(bars.widest_title) and bars.name_placement != "hidden"
    is_above = has_title and (
        (room.height > 40 and bars.name_placement == "auto") or bars.name_placement == "top"
    )
    marks = []
    title_width = 0.0
    style = TextStyle(12, drawing.theme.text)
    if is_above:
        height = max(min(room.height * 0.45, _MOST_VALUE), 17)
        size = own_title or height / _TITLE_LINE
        shown = shortened(value.title, room.width, size)
        marks.append(line_of_text(shown, room.x, room.y + height / 2, style._replace(size=size)))
        room = room.inset(top=height)
    elif has_title:
        size = own_title or max(room.height * 0.6, _LEAST_VALUE) / _TITLE_LINE
        title_width = min(text_width(bars.widest_title, size) + 15, room.width * 0.4)
        shown = shortened(value.title, title_width - 10, size)
        end = style._replace(size=size, anchor="end")
        marks.append(line_of_text(shown, room.x + title_width - 10, room.y + room.height / 2, end))
    value_width = 0.0
    if bars.value_mode != "hidden":
        measured = text_width(bars.widest_value, own_value or 12) + _PADDING * 2
        value_width = max(min(room.width * 0.2, _MOST_VALUE_WIDTH), measured)
        size = own_value or size_that_fits(bars.widest_value, value_width - _PADDING * 2, room.height * 1.2)
        color = drawing.theme.text if bars.value_mode == "text" else value.shown.color
        look = TextStyle(size, color, "end")
        marks.append(line_of_text(value.shown.text, room.right - _PADDING, room.y + room.height / 2, look))
    bar = room.inset(left=title_width, right=value_width)
    return [*marks, *_bar_marks(drawing, value, bar, (bars, identity, False))]


def _upright_bar(
    drawing: PanelDrawing, value: FieldValue, room: Box, details: tuple[_Bars, str]
) -> list[str]:  # fmt: skip
    bars, identity = details
    own_title, own_value = bars.sizes
    marks = []
    middle = room.x + room.width / 2
    style = TextStyle(own_title or 14, drawing.theme.text, "middle")
    if bars.widest_title and bars.name_placement != "hidden":
        height = style.size * _TITLE_LINE
        shown = shortened(value.title, room.width, style.size)
        marks.append(line_of_text(shown, middle, room.bottom - height / 2, style))
        room = room.inset(bottom=height)
    if bars.value_mode != "hidden":
        height = min(max(room.height * 0.1, _LEAST_VALUE), _MOST_VALUE)
        size = own_value or size_that_fits(bars.widest_value, room.width, height)
        color = drawing.theme.text if bars.value_mode == "text" else value.shown.color
        share = _share(value)
        top = room.y + (room.height - height) * (0 if bars.is_filled else 1 - share)
        marks.append(
            line_of_text(value.shown.text, middle, top + height / 2, TextStyle(size, color, "middle"))
        )
        room = room.inset(top=height)
    return [*marks, *_bar_marks(drawing, value, room, (bars, identity, True))]


def _share(value: FieldValue) -> float:
    return min(max(value.shown.share, 0.0), 1.0) if value.shown.number is not None else 0.0


def _bar_marks(
    drawing: PanelDrawing, value: FieldValue, room: Box, details: tuple[_Bars, str, bool]
) -> list[str]:  # fmt: skip
    bars, identity, is_upright = details
    length = room.height if is_upright else room.width
    filled = max(_share(value) * length, 1.0)
    if bars.mode == "lcd":
        return _lcd_cells(drawing, value, room, is_upright=is_upright)
    bar = room._replace(y=room.bottom - filled, height=filled) if is_upright else room._replace(width=filled)
    marks = [rectangle(room, drawing.theme.secondary, radius=2)] if bars.is_filled else []
    if bars.mode == "basic":
        edge = bar._replace(height=2) if is_upright else bar._replace(x=bar.right - 2, width=2)
        return [*marks, rectangle(bar, value.shown.color, opacity=0.35), rectangle(edge, value.shown.color)]
    stops = _stops(drawing, value)
    if len(stops) < 2:
        return [*marks, rectangle(bar, stops[0].color if stops else value.shown.color, radius=2)]
    ends = ((0.0, room.bottom), (0.0, room.y)) if is_upright else ((room.x, 0.0), (room.right, 0.0))
    gradient_element = gradient(identity, *ends, stops)
    return [*marks, gradient_element, rectangle(bar, f"url(#{identity})", radius=2)]


def _stops(drawing: PanelDrawing, value: FieldValue) -> list[GradientStop]:
    field, theme = value.field, drawing.theme
    if not is_by_value(field) or value.shown.is_color_mapped:
        return []
    if color_mode(field) != "thresholds":
        colors = continuous_stops(color_mode(field), theme)
        return [GradientStop(index / (len(colors) - 1), color) for index, color in enumerate(colors)]
    low, high = field.bounds or (0.0, 100.0)
    stops: list[GradientStop] = []
    before = 0.0
    for step, color in thresholds_of(field.config).placed((low, high)):
        if stops and (value.shown.number or 0) < step:
            break
        share = min(max((step - low) / ((high - low) or 1), 0.0), 1.0) if stops else 0.0
        stops.append(GradientStop((share + before) / 2 if stops else 0.0, theme.color(color)))
        before = share
    return stops


def _lcd_cells(drawing: PanelDrawing, value: FieldValue, room: Box, *, is_upright: bool) -> list[str]:
    length = room.height if is_upright else room.width
    count = max(1, int(length / (_CELL + _CELL_GAP)))
    size = (length - _CELL_GAP * (count - 1)) / count
    low, high = value.field.bounds or (0.0, 100.0)
    marks = []
    for index in range(count):
        at = low + (high - low) * index / count
        is_lit = value.shown.number is not None and value.shown.number >= at
        offset = index * (size + _CELL_GAP)
        cell = (
            Box(room.x, room.bottom - offset - size, room.width, size)
            if is_upright
            else Box(room.x + offset, room.y, size, room.height)
        )
        color = value_color(value.field, at, drawing.theme)
        marks.append(rectangle(cell, color, opacity=1 if is_lit else 0.18, radius=2))
    return marks
