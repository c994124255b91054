"""The panel `bargauge`. Source: components/BarGauge of @grafana/ui 12.4.3."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from dashgen.core.json_values import mapping, text, whole
from dashgen.drawing.css_length import Length, greatest, least, pixels
from dashgen.drawing.fields.field_colors import color_mode, continuous_stops, is_by_value, value_color
from dashgen.drawing.fields.frames import number_or_none
from dashgen.drawing.fields.themes import Theme
from dashgen.drawing.fields.thresholds import thresholds_of
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.panel_values import FieldValue, field_values
from dashgen.drawing.panels.value_grid import cells
from dashgen.drawing.svg.elements import Box, GradientStop, TextStyle, clip, gradient, line_of_text, rectangle
from dashgen.drawing.svg.text_widths import shortened, text_width, width_share

_LEAST_VALUE, _MOST_VALUE, _MOST_VALUE_WIDTH = 18.0, 50.0, 150.0
_TITLE_LINE: Final = 1.5
BAR_PADDING: Final = 10.0
BAR_SPACING: Final = 10.0
LCD_CELL, LCD_GAP = 12.0, 2.0


class BarsLook(NamedTuple):
    """What all bars of a panel have in common."""

    mode: str
    name_placement: str
    value_mode: str
    is_filled: bool
    is_upright: bool
    widest_title: str
    widest_value: str
    own_title: float | None
    own_value: float | None

    @property
    def has_title(self) -> bool:
        """Whether bars have names."""
        return bool(self.widest_title) and self.name_placement != "hidden"


class BarSizes(NamedTuple):
    """The sizes of the parts of a bar: a title that has a height is above the bar or below it."""

    title_size: float
    title_width: Length
    title_height: float
    value_size: Length
    value_width: Length
    value_height: float


def bars_look(drawing: PanelDrawing, values: Sequence[FieldValue]) -> BarsLook:
    """How the options of a panel let its bars look."""
    options = drawing.options
    orientation = text(options.get("orientation")) or "auto"
    sizes = mapping(options.get("text"))
    return BarsLook(
        text(options.get("displayMode")) or "gradient",
        text(options.get("namePlacement")) or "auto",
        text(options.get("valueMode")) or "color",
        options.get("showUnfilled") is not False,
        orientation == "vertical" or (orientation == "auto" and drawing.box.width > drawing.box.height),
        max((value.title for value in values), key=len) if len(values) > 1 or _is_named(values[0]) else "",
        max((value.shown.text for value in values), key=len),
        number_or_none(sizes.get("titleSize")),
        number_or_none(sizes.get("valueSize")),
    )


def draw_bar_gauge(drawing: PanelDrawing) -> list[str]:
    """A bar for each value, in a row or below each other."""
    values = field_values(drawing)
    if not values:
        return drawing.no_data()
    bars = bars_look(drawing, values)
    if bars.is_upright:
        rooms = cells(drawing.box, len(values), is_stacked=False)
    else:
        rooms = _lying_rooms(drawing, len(values))
    draw = _upright_bar if bars.is_upright else _lying_bar
    marks = []
    for index, (value, room) in enumerate(zip(values, rooms, strict=True)):
        marks += draw(drawing, value, room, (bars, f"{drawing.identity}b{index}"))
    return [clip(drawing.box.inset(-2, -2, -2, 0), f"{drawing.identity}c", marks)]


def _is_named(value: FieldValue) -> bool:
    return bool(value.field.config.get("displayName")) or bool(value.title and value.title != "Value")


def lying_height(drawing: PanelDrawing, count: int) -> float:
    """The height of each of some bars below each other."""
    options = drawing.options
    low, high = whole(options.get("minVizHeight"), 16) + 1, whole(options.get("maxVizHeight"), 300)
    return min(max((drawing.box.height - BAR_SPACING * (count - 1)) / count, low), high)


def _lying_rooms(drawing: PanelDrawing, count: int) -> list[Box]:
    box, height = drawing.box, lying_height(drawing, count)
    return [Box(box.x, box.y + (height + BAR_SPACING) * index, box.width, height) for index in range(count)]


def lying_sizes(bars: BarsLook, width: Length, height: float) -> BarSizes:
    """The sizes of the parts of a bar that lies."""
    is_above = bars.has_title and (
        (height > 40 and bars.name_placement == "auto") or bars.name_placement == "top"
    )
    title_size, title_height = 0.0, 0.0
    title_width: Length = 0.0
    if is_above:
        title_size = bars.own_title or max(min(height * 0.45, _MOST_VALUE), 17) / _TITLE_LINE
        title_height = title_size * _TITLE_LINE
    elif bars.has_title:
        title_size = bars.own_title or max(height * 0.6, _LEAST_VALUE) / _TITLE_LINE
        title_width = least(text_width(bars.widest_title, title_size) + 15, width * 0.4)
    if bars.value_mode == "hidden":
        return BarSizes(title_size, title_width, title_height, 0.0, 0.0, 0.0)
    measured = text_width(bars.widest_value, bars.own_value or max(title_size, 12)) + BAR_PADDING * 2
    value_width = greatest(least(width * 0.2, _MOST_VALUE_WIDTH), measured)
    room = (value_width - BAR_PADDING * 2) * width_share(bars.widest_value)
    value_size = bars.own_value or least(room, height - title_height)
    return BarSizes(title_size, title_width, title_height, value_size, value_width, height - title_height)


def upright_sizes(bars: BarsLook, width: Length, height: float) -> BarSizes:
    """The sizes of the parts of a bar that stands."""
    title_size = (bars.own_title or 14.0) if bars.has_title else 0.0
    title_height = title_size * _TITLE_LINE
    if bars.value_mode == "hidden":
        return BarSizes(title_size, width, title_height, 0.0, 0.0, 0.0)
    value_height = bars.own_value or min(max(height * 0.1, _LEAST_VALUE), _MOST_VALUE)
    value_size = bars.own_value or least(width * width_share(bars.widest_value), value_height)
    return BarSizes(title_size, width, title_height, value_size, width, value_height)


def value_color_of(drawing: PanelDrawing, bars: BarsLook, value: FieldValue) -> str:
    """The colour in which a value is written."""
    return drawing.theme.text if bars.value_mode == "text" else value.shown.color


def _lying_bar(
    drawing: PanelDrawing, value: FieldValue, room: Box, details: tuple[BarsLook, str]
) -> list[str]:  # fmt: skip
    bars, identity = details
    sizes = lying_sizes(bars, room.width, room.height)
    title_width, value_width = pixels(sizes.title_width), pixels(sizes.value_width)
    style = TextStyle(sizes.title_size, drawing.theme.text)
    marks = []
    if sizes.title_height:
        shown = shortened(value.title, room.width, style.size)
        marks.append(line_of_text(shown, room.x, room.y + sizes.title_height / 2, style))
        room = room.inset(top=sizes.title_height)
    elif title_width:
        shown = shortened(value.title, title_width - 10, style.size)
        end = style._replace(anchor="end")
        marks.append(line_of_text(shown, room.x + title_width - 10, room.y + room.height / 2, end))
    if value_width:
        look = TextStyle(pixels(sizes.value_size), value_color_of(drawing, bars, value), "end")
        middle = room.y + room.height / 2
        marks.append(line_of_text(value.shown.text, room.right - BAR_PADDING, middle, look))
    bar = room.inset(left=title_width, right=value_width)
    return [*marks, *_bar_marks(drawing, value, bar, (bars, identity))]


def _upright_bar(
    drawing: PanelDrawing, value: FieldValue, room: Box, details: tuple[BarsLook, str]
) -> list[str]:  # fmt: skip
    bars, identity = details
    sizes = upright_sizes(bars, room.width, room.height)
    middle = room.x + room.width / 2
    marks = []
    if sizes.title_height:
        style = TextStyle(sizes.title_size, drawing.theme.text, "middle")
        shown = shortened(value.title, room.width, style.size)
        marks.append(line_of_text(shown, middle, room.bottom - sizes.title_height / 2, style))
        room = room.inset(bottom=sizes.title_height)
    if sizes.value_height:
        height = sizes.value_height
        top = room.y + (room.height - height) * (0 if bars.is_filled else 1 - filled_share(value))
        look = TextStyle(pixels(sizes.value_size), value_color_of(drawing, bars, value), "middle")
        marks.append(line_of_text(value.shown.text, middle, top + height / 2, look))
        room = room.inset(top=height)
    return [*marks, *_bar_marks(drawing, value, room, (bars, identity))]


def filled_share(value: FieldValue) -> float:
    """How much of a bar is filled."""
    return min(max(value.shown.share, 0.0), 1.0) if value.shown.number is not None else 0.0


def _bar_marks(
    drawing: PanelDrawing, value: FieldValue, room: Box, details: tuple[BarsLook, str]
) -> list[str]:  # fmt: skip
    bars, identity = details
    is_upright = bars.is_upright
    length = room.height if is_upright else room.width
    filled = max(filled_share(value) * length, 1.0)
    if bars.mode == "lcd":
        return _lcd_cells(drawing, value, room, is_upright=is_upright)
    bar = room._replace(y=room.bottom - filled, height=filled) if is_upright else room._replace(width=filled)
    marks = [rectangle(room, drawing.theme.secondary, radius=2)] if bars.is_filled else []
    if bars.mode == "basic":
        edge = bar._replace(height=2) if is_upright else bar._replace(x=bar.right - 2, width=2)
        return [*marks, rectangle(bar, value.shown.color, opacity=0.35), rectangle(edge, value.shown.color)]
    stops = bar_stops(value, drawing.theme)
    if len(stops) < 2:
        return [*marks, rectangle(bar, stops[0].color if stops else value.shown.color, radius=2)]
    ends = ((0.0, room.bottom), (0.0, room.y)) if is_upright else ((room.x, 0.0), (room.right, 0.0))
    gradient_element = gradient(identity, *ends, stops)
    return [*marks, gradient_element, rectangle(bar, f"url(#{identity})", radius=2)]


def bar_stops(value: FieldValue, theme: Theme) -> list[GradientStop]:
    """The colours along a bar, at shares of its whole length; none for a bar of one colour."""
    field = value.field
    if not is_by_value(field) or value.shown.is_color_mapped:
        return []
    if color_mode(field) != "thresholds":
        colors = continuous_stops(color_mode(field), theme)
        return [GradientStop(index / (len(colors) - 1), color) for index, color in enumerate(colors)]
    low, high = field.bounds or (0.0, 100.0)
    reached: list[tuple[float, str]] = []
    for step, name in thresholds_of(field.config).placed((low, high)):
        if reached and (value.shown.number or 0) < step:
            break
        share = min(max((step - low) / ((high - low) or 1), 0.0), 1.0) if reached else 0.0
        reached.append((share, theme.color(name)))
    # A colour is whole half way to the next step, and the last one at the end of what is filled.
    stops = [GradientStop(0.0, reached[0][1])] if reached else []
    for (before, color), (share, _) in pairwise(reached):
        stops.append(GradientStop((before + share) / 2, color))
    return [*stops, GradientStop(filled_share(value), reached[-1][1])] if len(reached) > 1 else stops


def _lcd_cells(drawing: PanelDrawing, value: FieldValue, room: Box, *, is_upright: bool) -> list[str]:
    length = room.height if is_upright else room.width
    count = max(1, int(length / LCD_CELL))
    size = (length - LCD_GAP * count) / count
    low, high = value.field.bounds or (0.0, 100.0)
    marks = []
    for index in range(count):
        at = low + (high - low) * index / count
        is_lit = value.shown.number is not None and value.shown.number >= at
        offset = index * (size + LCD_GAP)
        cell = (
            Box(room.x, room.bottom - offset - size, room.width, size)
            if is_upright
            else Box(room.x + offset, room.y, size, room.height)
        )
        color = value_color(value.field, at, drawing.theme)
        marks.append(rectangle(cell, color, opacity=0.95 if is_lit else 0.18, radius=2))
    return marks
