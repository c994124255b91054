"""The panel `barchart`. Source: panel/barchart of Grafana 12.4.3."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dashgen.core.json_values import mapping, text, whole
from dashgen.drawing.fields.field_colors import is_by_value, series_color, value_color
from dashgen.drawing.fields.frames import Field, Frame, number_or_none
from dashgen.drawing.fields.themes import Theme
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.plots.legend import (
    LegendItem,
    calculated,
    legend_calcs,
    legend_marks,
    legend_of,
    split_box,
)
from dashgen.drawing.plots.number_axis import (
    AxisLimits,
    NumberScale,
    number_scale,
    number_ticks,
    tick_decimals,
    tick_increment,
)
from dashgen.drawing.plots.plot_area import AXIS_FONT, BOTTOM_AXIS, grid_stroke
from dashgen.drawing.plots.plot_series import PlotSeries, is_hidden_from
from dashgen.drawing.plots.spread import spread
from dashgen.drawing.svg.elements import (
    Attribute,
    Box,
    TextStyle,
    element,
    line_of_text,
    rectangle,
    straight_line,
)
from dashgen.drawing.svg.text_widths import shortened, text_width
from dashgen.drawing.transformations.combine_frames import join_by_field

_TOP, _RIGHT, _GAP = 17.0, 9.0, 9.0
_GROUP, _BAR = 0.7, 0.97
_LONGEST_NAME, _TURNED_NAME = 0.4, 14.0
_LEAST_TEXT, _LARGEST_TEXT, _SHARE_OF_TEXT = 8.0, 30.0, 0.65


class _BarGroups(NamedTuple):
    """The columns of a chart with the room and the scale that they share."""

    columns: "BarColumns"
    scale: NumberScale
    box: Box
    stacking: str
    is_lying: bool


class BarColumns(NamedTuple):
    """What a bar chart shows: a name for each row, and the fields with a bar in each."""

    names: Sequence[str]
    fields: Sequence[Field]
    color_field: Field | None = None

    def color(self, field: Field, row: int, theme: Theme) -> str:
        """The colour of a bar: of its value in another field, of its own value, or of its field."""
        value = number_or_none(field.values[row])
        if self.color_field is not None:
            return value_color(self.color_field, number_or_none(self.color_field.values[row]), theme)
        return value_color(field, value, theme) if is_by_value(field) else series_color(field, theme)


def bar_columns(drawing: PanelDrawing, *, has_hidden: bool = False) -> BarColumns | None:
    """The names and the fields of a bar chart; None where there is nothing to show."""
    frame = _table(drawing.frames)
    x = _name_field(drawing, frame) if frame else None
    if frame is None or x is None:
        return None
    chosen = text(drawing.options.get("colorByField"))
    color_field = next((one for one in frame.fields if chosen and chosen in {one.name, one.title}), None)
    fields = [one for one in frame.fields if one.kind == "number" and one is not x and one is not color_field]
    for index, one in enumerate(fields):
        one.series_index = index
    shown = [one for one in fields if has_hidden or not is_hidden_from(one, "viz")]
    if not shown or not frame.length:
        return None
    display = drawing.display(x)
    return BarColumns([display.shown(value).text for value in x.values], shown, color_field)


def draw_bar_chart(drawing: PanelDrawing) -> list[str]:
    """Groups of bars for the rows of a table."""
    columns = bar_columns(drawing)
    if columns is None:
        return drawing.no_data()
    options = mapping(drawing.options.get("legend"))
    calcs = legend_calcs(options)
    entries = [
        LegendItem(one.title, series_color(one, drawing.theme), calculated(one, drawing.display(one), calcs))
        for one in columns.fields
        if not is_hidden_from(one, "legend")
    ]
    legend = legend_of(options, entries)
    chart, legend_box = split_box(legend, drawing.box)
    bars = _laid_out(drawing, columns, chart)
    marks = [*_axis_marks(drawing, bars), *_bar_marks(drawing, bars)]
    return [*marks, *legend_marks(legend, legend_box, drawing.theme)]


def _table(frames: Sequence[Frame]) -> Frame | None:
    filled = [frame for frame in frames if frame.length]
    if len(filled) > 1 and all(frame.first("time") for frame in filled):
        joined = join_by_field(filled, {})[0]
        titles = [one.title for frame in filled for one in frame.fields if one.kind != "time"]
        for field, title in zip(joined.fields[1:], titles, strict=True):
            field.title = title
        return joined
    return filled[0] if filled else None


def _name_field(drawing: PanelDrawing, frame: Frame) -> Field | None:
    name = text(drawing.options.get("xField"))
    named = next((one for one in frame.fields if name and name in {one.name, one.title}), None)
    return named or frame.first("string") or frame.first("time")


def bar_limits(field: Field) -> AxisLimits:
    """The limits of the axis by the first field of a bar chart; it reaches zero where nothing is set."""
    limits = PlotSeries(field, [], []).limits
    return limits._replace(
        soft_low=0.0 if limits.low is None and limits.soft_low is None else limits.soft_low,
        soft_high=0.0 if limits.high is None and limits.soft_high is None else limits.soft_high,
    )


def _laid_out(drawing: PanelDrawing, columns: BarColumns, chart: Box) -> _BarGroups:
    names, fields = columns.names, columns.fields
    orientation = text(drawing.options.get("orientation")) or "auto"
    is_lying = orientation == "horizontal" or (orientation == "auto" and chart.width < chart.height)
    stacking = text(drawing.options.get("stacking")) or "none"
    scale = number_scale(_extent(fields, stacking), bar_limits(fields[0]))
    if stacking == "percent":
        scale = NumberScale(0, 1)
    if is_lying:
        widest = max((text_width(name, AXIS_FONT) for name in names), default=0)
        left = min(widest, chart.width * _LONGEST_NAME) + _GAP
        return _BarGroups(
            columns, scale, chart.inset(left, 6, _RIGHT + 12, BOTTOM_AXIS), stacking, is_lying=True
        )
    before, after, below = _turned_room(drawing, names, chart)
    ticks = _ticks(drawing, fields[0], scale, chart.height - _TOP - below, stacking)
    left = max((text_width(shown, AXIS_FONT) for _, shown in ticks), default=0) + _GAP
    inner = chart.inset(max(left, before), _TOP, max(_RIGHT, after), below)
    return _BarGroups(columns, scale, inner, stacking, is_lying=False)


def _rotation(drawing: PanelDrawing) -> int:
    return min(max(whole(drawing.options.get("xTickLabelRotation"), 0), -90), 90)


def _turned_room(
    drawing: PanelDrawing, names: Sequence[str], chart: Box
) -> tuple[float, float, float]:  # fmt: skip
    # The room that turned names take at the left, at the right and below.
    degrees = _rotation(drawing)
    if not degrees or not names:
        return 0.0, 0.0, BOTTOM_AXIS
    cosine, sine = math.cos(math.radians(degrees)), abs(math.sin(math.radians(degrees)))
    widest = max(text_width(name, AXIS_FONT) for name in names)
    first, last = (min(text_width(names[index], AXIS_FONT) * cosine, chart.width / 4) for index in (0, -1))
    below = _GAP + min(chart.height / 2, AXIS_FONT * cosine + widest * sine)
    return (first, 0.0, below) if degrees > 0 else (0.0, last, below)


def _extent(fields: Sequence[Field], stacking: str) -> tuple[float, float] | None:
    numbers = [[number or 0.0 for number in one.finite()] for one in fields]
    if stacking != "none":
        rows = list(zip(*numbers, strict=True))
        above = [sum(value for value in row if value > 0) for row in rows]
        return min([0.0, *(sum(row) - high for row, high in zip(rows, above, strict=True))]), max(
            [0.0, *above]
        )
    flat = [number for row in numbers for number in row]
    return (min(flat), max(flat)) if flat else None


def _ticks(
    drawing: PanelDrawing, field: Field, scale: NumberScale, length: float, stacking: str
) -> list[tuple[float, str]]:  # fmt: skip
    if stacking == "percent":
        return [(value, f"{value * 100:.0f}%") for value in number_ticks(scale, length)]
    decimals = tick_decimals(tick_increment(scale, max(length, 1)))
    display = drawing.display(field)
    return [(value, display.shown(value, decimals).text) for value in number_ticks(scale, length)]


def _axis_marks(drawing: PanelDrawing, bars: _BarGroups) -> list[str]:
    stroke, style = grid_stroke(drawing.context), TextStyle(AXIS_FONT, drawing.theme.text)
    box = bars.box
    marks = []
    if bars.is_lying:
        for value, shown in _ticks(drawing, bars.columns.fields[0], bars.scale, box.width / 2, bars.stacking):
            x = round(box.x + bars.scale.share(value) * box.width) + 0.5
            marks.append(straight_line((x, box.y), (x, box.bottom + 4), stroke))
            marks.append(line_of_text(shown, x, box.bottom + 15, style._replace(anchor="middle")))
    else:
        for value, shown in _ticks(drawing, bars.columns.fields[0], bars.scale, box.height, bars.stacking):
            y = round(box.bottom - bars.scale.share(value) * box.height) + 0.5
            marks.append(straight_line((box.x - 4, y), (box.right, y), stroke))
            marks.append(line_of_text(shown, box.x - _GAP, y, style._replace(anchor="end")))
    return [*marks, *_name_marks(drawing, bars, style)]


def _name_marks(drawing: PanelDrawing, bars: _BarGroups, style: TextStyle) -> list[str]:
    box = bars.box
    marks = []
    length = box.height if bars.is_lying else box.width
    column = length / max(len(bars.columns.names), 1)
    places = spread(len(bars.columns.names), bar_widths(drawing, bars.stacking)[0])
    widest = max((text_width(name, AXIS_FONT) for name in bars.columns.names), default=0)
    # Names that would run into each other are left out.
    degrees = _rotation(drawing)
    needed = _TURNED_NAME if degrees else min(widest, 120) + 8
    every = 1 if bars.is_lying else max(1, (math.ceil if degrees else round)(needed / max(column, 1)))
    for index, (name, (start, share)) in enumerate(zip(bars.columns.names, places, strict=True)):
        middle = (start + share / 2) * length
        if index % every:
            continue
        if bars.is_lying:
            shown = shortened(name, box.x - _GAP, AXIS_FONT)
            marks.append(line_of_text(shown, box.x - _GAP, box.y + middle, style._replace(anchor="end")))
        elif degrees:
            marks.append(_turned_name(name, (box.x + middle, box.bottom + _GAP), degrees, style))
        else:
            shown = shortened(name, column * every, AXIS_FONT)
            marks.append(
                line_of_text(shown, box.x + middle, box.bottom + 15, style._replace(anchor="middle"))
            )
    return marks


def _turned_name(name: str, at: tuple[float, float], degrees: int, style: TextStyle) -> str:
    # A name that is turned down starts at its bar, and one that is turned up ends there.
    x, y = at
    anchored = style._replace(anchor="start" if degrees < 0 else "end")
    turn = {"transform": f"rotate({-degrees} {x:.1f} {y:.1f})"}
    return element("g", dict[str, Attribute](turn), line_of_text(name, x, y + AXIS_FONT / 2, anchored))


class _BarBox(NamedTuple):
    """A bar with its value and its place in the table."""

    box: Box
    field: Field
    row: int
    value: float


def _bar_marks(drawing: PanelDrawing, bars: _BarGroups) -> list[str]:
    boxes = list(_bar_boxes(drawing, bars))
    marks = []
    for one in boxes:
        color = bars.columns.color(one.field, one.row, drawing.theme)
        fill = number_or_none(mapping(one.field.config.get("custom")).get("fillOpacity"))
        narrow = min(one.box.width, one.box.height)
        radius = min((number_or_none(drawing.options.get("barRadius")) or 0) * narrow, narrow / 2)
        opacity, stroke = 0.8 if fill is None else fill / 100, color if not radius else None
        marks.append(rectangle(one.box, color, opacity=opacity, radius=radius, stroke=stroke))
    return [*marks, *_value_marks(drawing, bars, boxes)]


def _bar_boxes(drawing: PanelDrawing, bars: _BarGroups) -> Iterator[_BarBox]:
    group, width = bar_widths(drawing, bars.stacking)
    is_stacked = bars.stacking != "none"
    slots = [(0.0, 1.0)] * len(bars.columns.fields) if is_stacked else spread(len(bars.columns.fields), width)
    for row, (left, share) in enumerate(spread(len(bars.columns.names), group)):
        values = [one.finite()[row] for one in bars.columns.fields]
        total = sum(abs(value or 0) for value in values) or 1.0
        sums = {True: 0.0, False: 0.0}
        for field, value, (start, size) in zip(bars.columns.fields, values, slots, strict=True):
            if value is None:
                continue
            base = sums[value < 0] if is_stacked else 0.0
            top = base + (value / total if bars.stacking == "percent" else value)
            sums[value < 0] = top
            span = (left + share * start, share * size)
            yield _BarBox(_bar_box(bars, span, (base, top)), field, row, value)


def _bar_box(bars: _BarGroups, span: tuple[float, float], ends: tuple[float, float]) -> Box:
    low, high = sorted(min(max(bars.scale.share(end), 0.0), 1.0) for end in ends)
    start, size = span
    box = bars.box
    if bars.is_lying:
        return Box(
            box.x + low * box.width, box.y + start * box.height, (high - low) * box.width, size * box.height
        )
    bottom = box.bottom - high * box.height
    return Box(box.x + start * box.width, bottom, size * box.width, (high - low) * box.height)


def bar_widths(drawing: PanelDrawing, stacking: str) -> tuple[float, float]:
    """The share of the chart that its groups take, and the share of a group that its bars take.

    Of stacked bars, which have no neighbours in their group, the two options are swapped, as in Grafana.
    """
    group = _share(drawing.options.get("groupWidth")) or _GROUP
    width = _share(drawing.options.get("barWidth")) or _BAR
    return (group, width) if stacking == "none" else (width, group)


def _share(written: object) -> float:
    number = number_or_none(written) if isinstance(written, int | float) else None
    return min(max(number or 0.0, 0.0), 1.0)


def _value_marks(drawing: PanelDrawing, bars: _BarGroups, boxes: Sequence[_BarBox]) -> list[str]:
    mode = text(drawing.options.get("showValue")) or "auto"
    if mode == "never" or not boxes:
        return []
    texts = [drawing.display(one.field).shown(one.value).text for one in boxes]
    factor, most = (0.15, 10.0) if bars.is_lying else (0.1, 5.0)
    rooms = [one.box.height if bars.is_lying else one.box.width for one in boxes]
    offset = min(most, *(float(round(factor * room)) for room in rooms))
    size = number_or_none(mapping(drawing.options.get("text")).get("valueSize"))
    size = size or _fitting_size(bars, boxes, texts, offset)
    if size < _LEAST_TEXT and mode != "always":
        return []
    style = TextStyle(max(size, _LEAST_TEXT), drawing.theme.text)
    return [
        _value_mark(bars, one, (shown, offset), style) for one, shown in zip(boxes, texts, strict=True)
    ]  # fmt: skip


def _fitting_size(
    bars: _BarGroups, boxes: Sequence[_BarBox], texts: Sequence[str], offset: float
) -> float:  # fmt: skip
    # The font size at which all values fit beside, above or into their bars.
    size, area, is_stacked = _LARGEST_TEXT, bars.box, bars.stacking != "none"
    for (box, _, _, value), shown in zip(boxes, texts, strict=True):
        beside = box.x - area.x if value < 0 else area.right - box.right
        above = area.bottom - box.bottom if value < 0 else box.y - area.y
        if bars.is_lying:
            room = ((box.width if is_stacked else beside) - offset, box.height * _SHARE_OF_TEXT)
        else:
            room = (box.width * _SHARE_OF_TEXT, (box.height if is_stacked else above) - offset)
        size = min(size, room[0] / (text_width(shown, 14) + 2) * 14, room[1])
    return round(size)


def _value_mark(bars: _BarGroups, one: _BarBox, label: tuple[str, float], style: TextStyle) -> str:
    shown, offset = label
    box, is_negative = one.box, one.value < 0
    x, y = box.x + box.width / 2, box.y + box.height / 2
    if bars.stacking != "none":
        return line_of_text(shown, x, y, style._replace(anchor="middle"))
    if bars.is_lying:
        edge = box.x - offset if is_negative else box.right + offset
        return line_of_text(shown, edge, y, style._replace(anchor="end" if is_negative else "start"))
    half = style.size * 0.364
    edge = box.bottom + offset + half if is_negative else box.y - offset - half
    return line_of_text(shown, x, edge, style._replace(anchor="middle"))
