"""The panel `stat`. Source: components/BigValue and components/Sparkline of @grafana/ui 12.4.3."""

import math
from collections.abc import Iterable
from typing import Final, NamedTuple

from dashgen.core.json_values import mapping, text
from dashgen.drawing.css_length import pixels
from dashgen.drawing.fields.color_math import brighter, lighter, readable_on, turned
from dashgen.drawing.fields.frames import number_or_none
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.panel_values import FieldValue, field_values
from dashgen.drawing.panels.stat_layout import (
    WEIGHT,
    StatRoom,
    StatTexts,
    arrangement,
    padding_of,
    stat_sizes,
    suffix_size,
)
from dashgen.drawing.panels.value_grid import cells, grid_cells
from dashgen.drawing.plots.line_paths import area_path, line_path, runs
from dashgen.drawing.svg.elements import (
    Box,
    GradientStop,
    Stroke,
    TextStyle,
    element,
    escaped,
    gradient,
    line_of_text,
    path,
    rectangle,
)
from dashgen.drawing.svg.text_widths import LINE_HEIGHT, shortened, text_width
from dashgen.drawing.values.javascript_numbers import significant_text

_SPACING: Final = 3.0
_EDGES: Final = Box(-8, 0, -8, -8)


class StatLook(NamedTuple):
    """What the options say about all values of a panel, and what they are aligned to."""

    color_mode: str
    text_mode: str
    has_chart: bool
    texts: StatTexts
    may_be_wide: bool
    is_centered: bool

    @property
    def is_on_color(self) -> bool:
        """Whether values stand on their colours."""
        return self.color_mode.startswith("background")


def draw_stat(drawing: PanelDrawing) -> list[str]:
    """Big values, each with its title, sparkline and change where the options say so."""
    values = field_values(drawing)
    if not values:
        return drawing.no_data()
    marks = []
    rooms = _rooms(drawing, len(values))
    look = stat_look(drawing, values)
    for index, (value, room) in enumerate(zip(values, rooms, strict=True)):
        marks += _value_marks(drawing, value, room, (look, f"{drawing.identity}v{index}"))
    return marks


def stat_room(box: Box) -> Box:
    """The room of all values, which reaches to the edges of the panel."""
    return box.inset(*_EDGES)


def _rooms(drawing: PanelDrawing, count: int) -> list[Box]:
    box = stat_room(drawing.box)
    orientation = text(drawing.options.get("orientation")) or "auto"
    if orientation == "auto":
        return grid_cells(box, count, _SPACING)
    return cells(box, count, is_stacked=orientation == "horizontal", spacing=_SPACING)


def stat_look(drawing: PanelDrawing, values: list[FieldValue]) -> StatLook:
    """How the options of a panel let its values look."""
    options = drawing.options
    text_mode = text(options.get("textMode")) or "auto"
    if text_mode == "auto":
        text_mode = "value" if len(values) == 1 else "value_and_name"
    sizes = mapping(options.get("text"))
    widest_title = max((value.title for value in values), key=len)
    widest_value = {"name": widest_title, "none": "1"}.get(
        text_mode, max((value.shown.text for value in values), key=len)
    )
    has_title = text_mode == "value_and_name" and bool(widest_title)
    return StatLook(
        text(options.get("colorMode")) or "value",
        text_mode,
        (text(options.get("graphMode")) or "area") != "none",
        StatTexts(
            widest_value,
            widest_title if has_title else "",
            number_or_none(sizes.get("valueSize")),
            number_or_none(sizes.get("titleSize")),
        ),
        options.get("wideLayout") is not False,
        not has_title or options.get("justifyMode") == "center",
    )


def has_sparkline(look: StatLook, value: FieldValue) -> bool:
    """Whether a value has more than one number before it."""
    return look.has_chart and len([one for one in value.field.numbers() if one is not None]) > 1


def value_text_color(drawing: PanelDrawing, look: StatLook, value: FieldValue) -> str:
    """The colour in which a value is written."""
    if look.is_on_color:
        return readable_on(value.shown.color)
    return value.shown.color if look.color_mode == "value" else drawing.theme.text


def _value_marks(
    drawing: PanelDrawing, value: FieldValue, room: Box, details: tuple[StatLook, str]
) -> list[str]:  # fmt: skip
    look, identity = details
    has_chart = has_sparkline(look, value)
    arranged = arrangement(room.width, room.height, has_chart=has_chart, may_be_wide=look.may_be_wide)
    sized = stat_sizes(
        look.texts, StatRoom(room.width, room.height, padding_of(room.height)), arranged,
        has_change=value.change is not None,
    )  # fmt: skip
    value_size, title_size, chart = (pixels(one) for one in sized)
    sizes = _Sizes(value_size, title_size, chart, is_row=arranged.startswith("wide"))
    marks = []
    if look.is_on_color:
        marks += _background(drawing, value, room, (look, identity))
    if has_chart and sizes.chart > 0:
        marks += sparkline_marks(value, room._replace(y=room.bottom - sizes.chart, height=sizes.chart), look)
    return [*marks, *_texts(drawing, value, room, (look, sizes, value_text_color(drawing, look, value)))]


class _Sizes(NamedTuple):
    value: float
    title: float
    chart: float
    is_row: bool


def background_colors(drawing: PanelDrawing, look: StatLook, value: FieldValue) -> tuple[str, str]:
    """The colours behind a value, from the left to the right."""
    color = value.shown.color
    if look.color_mode == "background_solid":
        return color, color
    factor = 1 if drawing.theme.name == "dark" else -0.7
    return lighter(turned(color, 8), -15 * factor), lighter(turned(color, -8), -5 * factor)


def _background(
    drawing: PanelDrawing, value: FieldValue, room: Box, details: tuple[StatLook, str]
) -> list[str]:
    look, identity = details
    first, last = background_colors(drawing, look, value)
    if first == last:
        return [rectangle(room, first, radius=3)]
    stops = (GradientStop(0, first), GradientStop(1, last))
    gradient_element = gradient(identity, (room.x, room.y), (room.right, room.bottom), stops)
    return [gradient_element, rectangle(room, f"url(#{identity})", radius=3)]


def _sparkline_bounds(value: FieldValue) -> tuple[float, float]:
    """The ends of a sparkline's axis: those of the field, widened to all values and to more than a point."""
    present = [number for number in value.field.numbers() if number is not None]
    low, high = value.field.bounds or (min(present), max(present))
    low, high = min(low, *present), max(high, *present)
    if low == high:
        return (low * 2, low) if low < 0 else (low, low * 2 or 1)
    return low, high


def _with_gaps(
    points: Iterable[tuple[float | None, float | None]], interval: float | None
) -> list[tuple[float, float | None]]:
    """Points, with one without a value where more than an interval lies between two of them."""
    parted: list[tuple[float, float | None]] = []
    for at, number in points:
        if at is not None:
            if parted and interval and at - parted[-1][0] > interval + 1:
                parted.append((at - 1, None))
            parted.append((at, number))
    return parted


def sparkline_marks(value: FieldValue, room: Box, look: StatLook) -> list[str]:
    """The line of a value's field, with the area below it, across a room."""
    times = value.frame.first("time")
    numbers = value.field.numbers()
    low, high = _sparkline_bounds(value)
    moments = times.numbers() if times is not None else [float(index) for index in range(len(numbers))]
    present_times = [position for position in moments if position is not None]
    first, last = present_times[0], present_times[-1]
    interval = number_or_none(times.config.get("interval")) if times is not None else None

    def position(x: float, y: float) -> tuple[float, float]:
        share = (x - first) / ((last - first) or 1)
        return room.x + share * room.width, room.bottom - 0.5 - (y - low) / (high - low) * (room.height - 1)

    pieces = runs(_with_gaps(zip(moments, numbers, strict=False), interval), position)
    color = brighter(value.shown.color, 40) if look.is_on_color else value.shown.color
    fill, opacity = ("#ffffff", 0.4) if look.is_on_color else (value.shown.color, 0.2)
    areas = "".join(
        area_path(run, [(run[0][0], room.bottom), (run[-1][0], room.bottom)])
        for run in pieces
        if len(run) > 1
    )
    return [path(areas, fill, opacity=opacity), path("".join(map(line_path, pieces)), stroke=Stroke(color))]


def _texts(
    drawing: PanelDrawing, value: FieldValue, room: Box, details: tuple[StatLook, _Sizes, str]
) -> list[str]:
    look, sizes, color = details
    if look.text_mode == "none":
        return []
    has_title = bool(sizes.title)
    change = [] if value.change is None else [change_text(value.change)]
    padding = padding_of(room.height)
    title_height = sizes.title * LINE_HEIGHT if has_title else 0
    change_size = max(sizes.value / 2.5, 12)
    value_height = sizes.value * LINE_HEIGHT
    x, anchor = (room.x + room.width / 2, "middle") if look.is_centered else (room.x + padding, "start")
    chart = sizes.chart if not sizes.is_row else 0
    free = room.height - chart if has_title and chart else room.height
    height = (
        (0 if sizes.is_row else title_height) + value_height + (change_size * LINE_HEIGHT if change else 0)
    )
    top = room.y + max((free - height) / 2, padding if has_title else 0)
    marks = []
    if has_title:
        style = TextStyle(sizes.title, color if look.is_on_color else drawing.theme.text)
        middle = top + (value_height if sizes.is_row else title_height) / 2
        shown = shortened(value.title, room.width - padding * 2, sizes.title)
        marks.append(
            line_of_text(
                shown,
                room.x + padding if sizes.is_row else x,
                middle,
                style._replace(anchor=anchor if not sizes.is_row else "start"),
            )
        )
        if sizes.is_row:
            x, anchor = room.right - padding, "end"
        else:
            top += title_height
    marks.append(_big_text(value, look, (x, top + value_height / 2, anchor), (sizes.value, color)))
    if change:
        tone = change_color(drawing, value.change or 0, color)
        middle = top + value_height + change_size * LINE_HEIGHT / 2
        marks.append(line_of_text(change[0], x, middle, TextStyle(change_size, tone, anchor, WEIGHT)))
    return marks


def _big_text(
    value: FieldValue, look: StatLook, at: tuple[float, float, str], look_of: tuple[float, str]
) -> str:
    # The suffix, and a prefix that is no sign of a currency, are smaller than the number.
    (x, middle, anchor), (size, color) = at, look_of
    if look.text_mode == "name":
        return line_of_text(value.title, x, middle, TextStyle(size, color, anchor, WEIGHT))
    parts = value.shown.parts
    is_small = bool(parts.suffix)
    unit_size = suffix_size(size)
    width = text_width(parts.prefix + parts.text, size, WEIGHT) + text_width(parts.suffix, unit_size, WEIGHT)
    left = {"middle": x - width / 2, "end": x - width}.get(anchor, x)
    spans = escaped(parts.prefix + parts.text)
    if is_small:
        spans += element("tspan", {"font_size": unit_size}, escaped(parts.suffix))
    return element(
        "text",
        {
            "x": left, "y": middle + size * 0.364, "font_size": size, "font_weight": str(WEIGHT),
            "fill": color, "xml:space": "preserve",
        },
        spans,
    )  # fmt: skip


def change_text(change: float) -> str:
    """A change in percent with an arrow."""
    if not math.isfinite(change):
        return "-"
    arrow = "↗ " if change > 0 else "↘ " if change < 0 else ""
    return f"{arrow}{significant_text(change, 3)}%"


def change_color(drawing: PanelDrawing, change: float, color: str) -> str:
    """The colour of a change beside a value of a colour."""
    if text(drawing.options.get("colorMode")).startswith("background"):
        return color
    mode = text(drawing.options.get("percentChangeColorMode")) or "standard"
    if mode == "same_as_value":
        return color
    is_good = change * (-1 if mode == "inverted" else 1) > 0
    return drawing.theme.color("green" if is_good else "red")
