"""The panel `barchart`. Source: panel/barchart of Grafana 12.4.3."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from dashgen.core.json_values import mapping, text
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
from dashgen.drawing.svg.elements import Box, TextStyle, line_of_text, rectangle, straight_line
from dashgen.drawing.svg.text_widths import shortened, text_width
from dashgen.drawing.transformations.combine_frames import join_by_field

_TOP, _RIGHT, _GAP = 17.0, 9.0, 9.0
_GROUP, _BAR = 0.7, 0.97
_LONGEST_NAME: Final = 0.4
_LEAST_TEXT: Final = 9.0


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
    """What the first field of a bar chart says about the axis, which has zero on it."""
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
    ticks = _ticks(drawing, fields[0], scale, chart.height - _TOP - BOTTOM_AXIS, stacking)
    left = max((text_width(shown, AXIS_FONT) for _, shown in ticks), default=0) + _GAP
    return _BarGroups(columns, scale, chart.inset(left, _TOP, _RIGHT, BOTTOM_AXIS), stacking, is_lying=False)


def _extent(fields: Sequence[Field], stacking: str) -> tuple[float, float] | None:
    numbers = [[number or 0.0 for number in one.finite()] for one in fields]
    if stacking != "none":
        sums = [sum(row) for row in zip(*numbers, strict=True)]
        return (min([0.0, *sums]), max([0.0, *sums])) if sums else None
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
    every = 1 if bars.is_lying else max(1, round((min(widest, 120) + 8) / max(column, 1)))
    for index, (name, (start, share)) in enumerate(zip(bars.columns.names, places, strict=True)):
        middle = (start + share / 2) * length
        if index % every:
            continue
        if bars.is_lying:
            shown = shortened(name, box.x - _GAP, AXIS_FONT)
            marks.append(line_of_text(shown, box.x - _GAP, box.y + middle, style._replace(anchor="end")))
        else:
            shown = shortened(name, column * every, AXIS_FONT)
            marks.append(
                line_of_text(shown, box.x + middle, box.bottom + 15, style._replace(anchor="middle"))
            )
    return marks


def _bar_marks(drawing: PanelDrawing, bars: _BarGroups) -> list[str]:
    group, width = bar_widths(drawing, bars.stacking)
    length = bars.box.height if bars.is_lying else bars.box.width
    is_stacked = bars.stacking != "none"
    slots = [(0.0, 1.0)] * len(bars.columns.fields) if is_stacked else spread(len(bars.columns.fields), width)
    marks = []
    for row, (left, share) in enumerate(spread(len(bars.columns.names), group)):
        values = [one.finite()[row] or 0.0 for one in bars.columns.fields]
        total = sum(values) or 1.0
        ends = list(accumulate(values))
        for index, (value, (start, size)) in enumerate(zip(values, slots, strict=True)):
            base = ends[index] - value if is_stacked else 0.0
            top = ends[index] if is_stacked else value
            if bars.stacking == "percent":
                base, top = base / total, top / total
            bounds = ((left + share * start) * length, share * size * length, base, top)
            marks += _one_bar(drawing, bars, (index, row), bounds)
    return marks


def bar_widths(drawing: PanelDrawing, stacking: str) -> tuple[float, float]:
    """The share of the chart that its groups take, and the share of a group that its bars take.

    Of stacked bars, which have no neighbours in their group, the two options are swapped, as in Grafana.
    """
    group = number_or_none(drawing.options.get("groupWidth")) or _GROUP
    width = number_or_none(drawing.options.get("barWidth")) or _BAR
    return (group, width) if stacking == "none" else (width, group)


def _one_bar(
    drawing: PanelDrawing,
    bars: _BarGroups,
    subject: tuple[int, int],
    bounds: tuple[float, float, float, float],
) -> list[str]:
    index, row = subject
    field = bars.columns.fields[index]
    start, width, base, top = bounds
    low, high = sorted(min(max(bars.scale.share(end), 0.0), 1.0) for end in (base, top))
    box = bars.box
    if bars.is_lying:
        bar = Box(box.x + low * box.width, box.y + start, (high - low) * box.width, width)
    else:
        bar = Box(box.x + start, box.bottom - high * box.height, width, (high - low) * box.height)
    custom = mapping(field.config.get("custom"))
    color = bars.columns.color(field, row, drawing.theme)
    fill = number_or_none(custom.get("fillOpacity"))
    opacity = 0.8 if fill is None else fill / 100
    radius = min((number_or_none(drawing.options.get("barRadius")) or 0) * width, width / 2)
    marks = [rectangle(bar, color, opacity=opacity, radius=radius, stroke=color if not radius else None)]
    shown = drawing.display(field).shown(field.values[row]).text
    return [*marks, *_value_marks(drawing, bars, bar, shown)]


def _value_marks(drawing: PanelDrawing, bars: _BarGroups, bar: Box, shown: str) -> list[str]:
    mode = text(drawing.options.get("showValue")) or "auto"
    size = min(AXIS_FONT, bar.height if bars.is_lying else bar.width)
    style = TextStyle(max(size, _LEAST_TEXT), drawing.theme.text)
    is_stacked = bars.stacking != "none"
    room = bars.box.width if bars.is_lying and not is_stacked else bar.width
    is_fitting = text_width(shown, style.size) <= room and size >= _LEAST_TEXT
    if mode == "never" or (mode == "auto" and not is_fitting):
        return []
    middle = bar.y + bar.height / 2
    if is_stacked:
        return [line_of_text(shown, bar.x + bar.width / 2, middle, style._replace(anchor="middle"))]
    if bars.is_lying:
        return [line_of_text(shown, bar.right + 4, middle, style)]
    return [line_of_text(shown, bar.x + bar.width / 2, bar.y - 8, style._replace(anchor="middle"))]
