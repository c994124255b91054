"""The panel `stat`. Source: components/BigValue and components/Sparkline of @grafana/ui 12.4.3."""

import math
from typing import Final, NamedTuple

from dashgen.core.json_values import mapping, text
from dashgen.drawing.fields.color_math import lighter, readable_on, turned
from dashgen.drawing.fields.frames import number_or_none
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.panel_values import FieldValue, field_values
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
from dashgen.drawing.svg.text_widths import LINE_HEIGHT, shortened, size_that_fits, text_width
from dashgen.drawing.values.javascript_numbers import significant_text

_WEIGHT: Final = 500
_MOST_TITLE: Final = 30.0
_SMALLER: Final = 0.6


class _Look(NamedTuple):
    """What the options say about all values of a panel, and what they are aligned to."""

    color_mode: str
    text_mode: str
    has_chart: bool
    widest_value: str
    widest_title: str
    is_wide: bool
    sizes: tuple[float | None, float | None]


class _Sizes(NamedTuple):
    """Font sizes of a value and its title, and the height of the sparkline."""

    value: float
    title: float
    chart: float
    is_row: bool


def draw_stat(drawing: PanelDrawing) -> list[str]:
    """Big values, each with its title, sparkline and change where the options say so."""
    values = field_values(drawing)
    if not values:
        return drawing.no_data()
    marks = []
    rooms = _rooms(drawing, len(values))
    look = _look(drawing, values)
    for index, (value, room) in enumerate(zip(values, rooms, strict=True)):
        marks += _value_marks(drawing, value, room, (look, f"{drawing.identity}v{index}"))
    return marks


def _rooms(drawing: PanelDrawing, count: int) -> list[Box]:
    # A single value reaches to the edges of its panel.
    box = drawing.box.inset(-8, 0, -8, -8)
    if count == 1:
        return [box]
    orientation = text(drawing.options.get("orientation")) or "auto"
    if orientation == "auto":
        return grid_cells(drawing.box, count)
    return cells(drawing.box, count, is_stacked=orientation == "horizontal")


def _look(drawing: PanelDrawing, values: list[FieldValue]) -> _Look:
    options = drawing.options
    text_mode = text(options.get("textMode")) or "auto"
    if text_mode == "auto":
        text_mode = "value" if len(values) == 1 else "value_and_name"
    sizes = mapping(options.get("text"))
    return _Look(
        text(options.get("colorMode")) or "value",
        text_mode,
        (text(options.get("graphMode")) or "area") != "none",
        max((value.shown.text for value in values), key=len),
        max((value.title for value in values), key=len) if text_mode == "value_and_name" else "",
        options.get("wideLayout") is not False,
        (number_or_none(sizes.get("valueSize")), number_or_none(sizes.get("titleSize"))),
    )


def _sizes(look: _Look, room: Box, *, has_chart: bool, has_change: bool) -> _Sizes:
    padding = 12 if room.height > 100 else 8
    width, height = room.width - padding * 2, room.height - padding * 2
    aligned = look.widest_title if look.text_mode == "name" else look.widest_value
    is_row = room.width / room.height > 2.5 and look.is_wide
    if is_row and has_chart and room.height > 50:
        title = _fitting_title(look, width * 0.6, height * 0.4)
        value = size_that_fits(aligned, width * 0.4, height * 0.5, weight=_WEIGHT)
        return _with_own(look, _Sizes(value, title, room.height * 0.5, is_row=True))
    if is_row:
        room_for_value = width * (0.3 if look.widest_title else 1)
        value = size_that_fits(aligned, room_for_value, height * (0.75 if has_change else 1), weight=_WEIGHT)
        title = min(_fitting_title(look, width * 0.6, height), value * 0.7)
        return _with_own(look, _Sizes(value, title, 0, is_row=True))
    title = _fitting_title(look, width, room.height * 0.15)
    is_charted = has_chart and room.height > 100
    left = height - title * LINE_HEIGHT - (room.height * 0.25 if is_charted else 0)
    value = size_that_fits(
        aligned, width, left * (0.75 if has_change and not is_charted else 1), weight=_WEIGHT
    )
    title = min(title, value * 0.7)
    chart = max(room.height - (title + value) * LINE_HEIGHT, 0) if is_charted else 0
    return _with_own(look, _Sizes(value, title, chart, is_row=False))


def _fitting_title(look: _Look, width: float, height: float) -> float:
    if not look.widest_title:
        return 0
    return size_that_fits(look.widest_title, width, height, most=_MOST_TITLE)


def _with_own(look: _Look, sizes: _Sizes) -> _Sizes:
    value, title = look.sizes
    return sizes._replace(value=value or sizes.value, title=(title or sizes.title) if sizes.title else 0)


def _value_marks(
    drawing: PanelDrawing, value: FieldValue, room: Box, details: tuple[_Look, str]
) -> list[str]:  # fmt: skip
    look, identity = details
    has_chart = look.has_chart and len([one for one in value.field.numbers() if one is not None]) > 1
    sizes = _sizes(look, room, has_chart=has_chart, has_change=value.change is not None)
    marks = []
    text_color = value.shown.color if look.color_mode == "value" else drawing.theme.text
    if look.color_mode.startswith("background"):
        marks += _background(drawing, value, room, (look.color_mode, identity))
        text_color = readable_on(value.shown.color)
    if has_chart and sizes.chart > 0:
        marks += _sparkline(value, room._replace(y=room.bottom - sizes.chart, height=sizes.chart), look)
    return [*marks, *_texts(drawing, value, room, (look, sizes, text_color))]


def _background(drawing: PanelDrawing, value: FieldValue, room: Box, details: tuple[str, str]) -> list[str]:
    mode, identity = details
    color = value.shown.color
    if mode == "background_solid":
        return [rectangle(room, color, radius=3)]
    factor = 1 if drawing.theme.name == "dark" else -0.7
    stops = (
        GradientStop(0, lighter(turned(color, 8), -15 * factor)),
        GradientStop(1, lighter(turned(color, -8), -5 * factor)),
    )
    gradient_element = gradient(identity, (room.x, room.y), (room.right, room.bottom), stops)
    return [gradient_element, rectangle(room, f"url(#{identity})", radius=3)]


def _sparkline(value: FieldValue, room: Box, look: _Look) -> list[str]:
    times = value.frame.first("time")
    numbers = value.field.numbers()
    present = [number for number in numbers if number is not None]
    low, high = value.field.bounds or (min(present), max(present))
    low, high = min(low, *present), max(high, *present)
    if low == high:
        low, high = (low * 2, low) if low < 0 else (low, low * 2 or 1)
    places = times.numbers() if times is not None else [float(index) for index in range(len(numbers))]
    present_places = [place for place in places if place is not None]
    first, last = present_places[0], present_places[-1]
    interval = number_or_none(times.config.get("interval")) if times is not None else None

    def place(x: float, y: float) -> tuple[float, float]:
        share = (x - first) / ((last - first) or 1)
        return room.x + share * room.width, room.bottom - 0.5 - (y - low) / (high - low) * (room.height - 1)

    points: list[tuple[float, float | None]] = []
    for at, number in zip(places, numbers, strict=False):
        if at is not None:
            if points and interval and at - points[-1][0] > interval + 1:
                points.append((at - 1, None))
            points.append((at, number))
    pieces = runs(points, place)
    is_on_color = look.color_mode.startswith("background")
    color = lighter(value.shown.color, 20) if is_on_color else value.shown.color
    fill, opacity = ("#ffffff", 0.4) if is_on_color else (value.shown.color, 0.2)
    areas = "".join(
        area_path(run, [(run[0][0], room.bottom), (run[-1][0], room.bottom)])
        for run in pieces
        if len(run) > 1
    )
    return [path(areas, fill, opacity=opacity), path("".join(map(line_path, pieces)), stroke=Stroke(color))]


def _texts(
    drawing: PanelDrawing, value: FieldValue, room: Box, details: tuple[_Look, _Sizes, str]
) -> list[str]:
    look, sizes, color = details
    if look.text_mode == "none":
        return []
    has_title = bool(sizes.title) and look.text_mode == "value_and_name"
    is_centered = not has_title or drawing.options.get("justifyMode") == "center"
    change = [] if value.change is None else [_change_text(value.change)]
    padding = 12 if room.height > 100 else 8
    title_height = sizes.title * LINE_HEIGHT if has_title else 0
    change_size = max(sizes.value / 2.5, 12)
    value_height = sizes.value * LINE_HEIGHT
    x, anchor = (room.x + room.width / 2, "middle") if is_centered else (room.x + padding, "start")
    chart = sizes.chart if not sizes.is_row else 0
    free = room.height - chart if has_title and chart else room.height
    height = (
        (0 if sizes.is_row else title_height) + value_height + (change_size * LINE_HEIGHT if change else 0)
    )
    top = room.y + max((free - height) / 2, padding if has_title else 0)
    marks = []
    if has_title:
        style = TextStyle(
            sizes.title, color if look.color_mode.startswith("background") else drawing.theme.text
        )
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
        tone = _change_color(drawing, value.change or 0, color)
        middle = top + value_height + change_size * LINE_HEIGHT / 2
        marks.append(line_of_text(change[0], x, middle, TextStyle(change_size, tone, anchor, _WEIGHT)))
    return marks


def _big_text(
    value: FieldValue, look: _Look, at: tuple[float, float, str], look_of: tuple[float, str]
) -> str:
    # The suffix, and a prefix that is no sign of a currency, are smaller than the number.
    (x, middle, anchor), (size, color) = at, look_of
    if look.text_mode == "name":
        return line_of_text(value.title, x, middle, TextStyle(size, color, anchor, _WEIGHT))
    parts = value.shown.parts
    is_small = bool(parts.suffix)
    suffix_size = size * _SMALLER
    width = text_width(parts.prefix + parts.text, size, _WEIGHT) + text_width(
        parts.suffix, suffix_size, _WEIGHT
    )
    left = {"middle": x - width / 2, "end": x - width}.get(anchor, x)
    spans = escaped(parts.prefix + parts.text)
    if is_small:
        spans += element("tspan", {"font_size": suffix_size}, escaped(parts.suffix))
    return element(
        "text",
        {
            "x": left, "y": middle + size * 0.364, "font_size": size, "font_weight": str(_WEIGHT),
            "fill": color, "xml:space": "preserve",
        },
        spans,
    )  # fmt: skip


def _change_text(change: float) -> str:
    if not math.isfinite(change):
        return "-"
    arrow = "↗ " if change > 0 else "↘ " if change < 0 else ""
    return f"{arrow}{significant_text(change, 3)}%"


def _change_color(drawing: PanelDrawing, change: float, color: str) -> str:
    if text(drawing.options.get("colorMode")).startswith("background"):
        return color
    mode = text(drawing.options.get("percentChangeColorMode")) or "standard"
    if mode == "same_as_value":
        return color
    is_good = change * (-1 if mode == "inverted" else 1) > 0
    return drawing.theme.color("green" if is_good else "red")
