"""The room of a chart: its scales, axes, grid and thresholds.

Source: components/uPlot/config/UPlotAxisBuilder.ts and UPlotThresholds.ts of @grafana/ui 12.4.3.
"""

import math
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from dashgen.core.json_values import mapping, text
from dashgen.drawing.drawing_context import DrawingContext
from dashgen.drawing.fields.field_display import FieldDisplay
from dashgen.drawing.fields.thresholds import thresholds_of
from dashgen.drawing.plots.number_axis import (
    AxisLimits,
    NumberScale,
    minor_ticks,
    number_scale,
    number_ticks,
    tick_decimals,
    tick_increment,
)
from dashgen.drawing.plots.plot_series import PlotSeries
from dashgen.drawing.plots.time_axis import time_ticks
from dashgen.drawing.svg.elements import (
    Box,
    Stroke,
    TextStyle,
    element,
    line_of_text,
    rectangle,
    straight_line,
)
from dashgen.drawing.svg.text_widths import text_width

AXIS_FONT: Final = 12
_TICK, _GAP, _TEXT_GAP = 4, 5, 18
BOTTOM_AXIS: Final = _TICK + _GAP + AXIS_FONT
_TOP, _RIGHT, _LABEL_SIZE = 17, 9, 20
_GRID_DARK, _GRID_LIGHT = "#f0faff", "#000a17"


class ValueAxis(Struct):
    """An axis of values that several series share.

    Attributes:
        side: `left`, `right`, or `hidden`.
        ticks: values with their texts.
        width: the room that the axis takes.
    """

    series: list[PlotSeries]
    scale: NumberScale
    side: str
    ticks: list[tuple[float, str]]
    width: float
    label: str = ""


class PlotArea(Struct):
    """Where a chart has its points.

    Attributes:
        box: the room within the axes.
        x_range: the ends of the x axis.
        axes: those of values.
    """

    box: Box
    x_range: tuple[float, float]
    axes: list[ValueAxis]

    def x(self, value: float) -> float:
        """The pixel of a place on the x axis."""
        low, high = self.x_range
        return self.box.x + (value - low) / ((high - low) or 1) * self.box.width

    def y(self, value: float, scale: NumberScale) -> float:
        """The pixel of a value, never far outside the chart."""
        share = min(max(scale.share(value), -10.0), 11.0)
        return self.box.bottom - share * self.box.height


def axis_groups(series: Sequence[PlotSeries]) -> list[tuple[str, list[PlotSeries]]]:
    """The series of each axis, with the side where it is: `left`, `right` or `hidden`."""
    shared: dict[tuple[object, ...], list[PlotSeries]] = {}
    for one in series:
        shared.setdefault(one.axis_key, []).append(one)
    groups: list[tuple[str, list[PlotSeries]]] = []
    for members in shared.values():
        side = members[0].side
        if side == "auto":
            side = "right" if any(other == "left" for other, _ in groups) else "left"
        groups.append((side, members))
    return groups


def value_axes(series: Sequence[PlotSeries], height: float, context: DrawingContext) -> list[ValueAxis]:
    """The axes of a chart of a height: one for each unit, side and set of limits."""
    return [_value_axis(members, side, height, context) for side, members in axis_groups(series)]


def _value_axis(members: list[PlotSeries], side: str, height: float, context: DrawingContext) -> ValueAxis:
    extents = [extent for one in members if (extent := one.extent()) is not None]
    values = (min(low for low, _ in extents), max(high for _, high in extents)) if extents else None
    first = members[0]
    is_percent = mapping(first.custom.get("stacking")).get("mode") == "percent"
    limits = first.limits
    if is_percent:
        limits = AxisLimits(limits.low, limits.high, 0, 1)
    scale = number_scale(values, limits)
    display = FieldDisplay(first.field, context.palette, context.clock)
    decimals = tick_decimals(tick_increment(scale, height, is_binary=limits.is_binary))
    places = number_ticks(scale, height, limits)
    ticks = [(value, _tick_text(value, display, decimals, is_percent=is_percent)) for value in places]
    ticks += [(value, "") for value in minor_ticks(scale, places)]
    label = text(first.custom.get("axisLabel"))
    is_shown = side != "hidden"
    widest = max((text_width(shown, AXIS_FONT) for _, shown in ticks), default=0)
    width = math.ceil(_TICK + _GAP + widest) + (_LABEL_SIZE if label else 0) if is_shown and ticks else 0
    return ValueAxis(members, scale, side, ticks if is_shown else [], width, label)


def _tick_text(value: float, display: FieldDisplay, decimals: int | None, *, is_percent: bool) -> str:
    if is_percent:
        return f"{round(value * 100)}%"
    return display.shown(value, decimals).text


def plot_area(
    series: Sequence[PlotSeries], box: Box, x_range: tuple[float, float], context: DrawingContext
) -> PlotArea:
    """The room of a chart within a box, and its axes."""
    height = max(box.height - _TOP - BOTTOM_AXIS, 1)
    axes = value_axes(series, height, context)
    left = sum(axis.width for axis in axes if axis.side == "left")
    right = sum(axis.width for axis in axes if axis.side == "right")
    inner = box.inset(left or _RIGHT, _TOP, right or _RIGHT, BOTTOM_AXIS)
    return PlotArea(inner, x_range, axes)


def grid_stroke(context: DrawingContext) -> Stroke:
    """How lines of the grid look."""
    return Stroke(_GRID_DARK if context.theme == "dark" else _GRID_LIGHT, 1, context.palette.grid_opacity)


def axis_marks(area: PlotArea, context: DrawingContext) -> list[str]:
    """The grid and the axes of values."""
    stroke, style = grid_stroke(context), TextStyle(AXIS_FONT, context.palette.text)
    marks = []
    edges = {"left": area.box.x, "right": area.box.right}
    for axis in area.axes:
        if axis.side == "hidden":
            continue
        sign = -1 if axis.side == "left" else 1
        edge = edges[axis.side]
        has_grid = axis is area.axes[0]
        for value, shown in axis.ticks:
            y = round(area.y(value, axis.scale)) + 0.5
            if not area.box.y - 1 <= y <= area.box.bottom + 1:
                continue
            tick_end = edge + sign * _TICK
            start = (tick_end, y) if axis.side == "left" else (area.box.x if has_grid else edge, y)
            end = (area.box.right if has_grid else edge, y) if axis.side == "left" else (tick_end, y)
            marks.append(straight_line(start, end, stroke))
            anchored = style._replace(anchor="end" if sign < 0 else "start")
            marks.append(line_of_text(shown, edge + sign * (_TICK + _GAP), y, anchored))
        if axis.label:
            marks.append(_rotated(axis.label, edge + sign * (axis.width - AXIS_FONT / 2), area.box, style))
        edges[axis.side] += sign * axis.width
    return marks


def _rotated(label: str, x: float, box: Box, style: TextStyle) -> str:
    middle = box.y + box.height / 2
    turned = line_of_text(label, x, middle, style._replace(anchor="middle"))
    return element("g", {"transform": f"rotate(-90 {x:.1f} {middle:.1f})"}, turned)


def time_axis_marks(area: PlotArea, context: DrawingContext) -> list[str]:
    """The axis of time below a chart, with its grid."""
    start, end = (round(edge) for edge in area.x_range)
    ticks = time_ticks((start, end), area.box.width, context.zone)
    return bottom_axis_marks(area, [(area.x(at), shown) for at, shown in ticks], context)


def bottom_ticks(scale: NumberScale, length: float, display: FieldDisplay) -> list[tuple[float, str]]:
    """The ticks of an axis of numbers below a chart, with their texts."""
    sample = display.shown(max(abs(scale.low), abs(scale.high))).text
    space = text_width(sample, AXIS_FONT) + _TEXT_GAP
    decimals = tick_decimals(tick_increment(scale, length, space))
    ticks = number_ticks(scale, length, space=space)
    return [(value, display.shown(value, decimals).text) for value in ticks]


def bottom_axis_marks(
    area: PlotArea, ticks: Sequence[tuple[float, str]], context: DrawingContext, *, has_grid: bool = True
) -> list[str]:
    """An axis below a chart, with texts at pixels."""
    stroke, style = grid_stroke(context), TextStyle(AXIS_FONT, context.palette.text, "middle")
    marks = []
    for x, shown in ticks:
        sharp_x = round(x) + 0.5
        top = area.box.y if has_grid else area.box.bottom
        marks.append(straight_line((sharp_x, top), (sharp_x, area.box.bottom + _TICK), stroke))
        marks.append(line_of_text(shown, sharp_x, area.box.bottom + _TICK + _GAP + AXIS_FONT / 2, style))
    return marks


def threshold_marks(area: PlotArea, context: DrawingContext) -> list[str]:
    """The thresholds of each axis: areas, and lines upon them. They are behind the series and the grid."""
    areas: list[str] = []
    lines: list[str] = []
    for axis in area.axes:
        styled = [one for one in axis.series if _threshold_mode(one) not in {"off", ""}]
        if not styled:
            continue
        mode = _threshold_mode(styled[0])
        field = styled[0].field
        steps = thresholds_of(field.config).placed(field.bounds or (axis.scale.low, axis.scale.high))
        if "area" in mode:
            areas += _threshold_areas(area, axis, steps, context)
        if "line" in mode or "dashed" in mode:
            lines += _threshold_lines(area, axis, steps, (context, "dashed" in mode))
    return [*areas, *lines]


def _threshold_mode(series: PlotSeries) -> str:
    return text(mapping(series.custom.get("thresholdsStyle")).get("mode"))


_Steps = Sequence[tuple[float, str]]


def _threshold_areas(area: PlotArea, axis: ValueAxis, steps: _Steps, context: DrawingContext) -> list[str]:
    marks = []
    ends = [value for value, _ in steps[1:]] + [math.inf]
    for (value, color), end in zip(steps, ends, strict=True):
        if color == "transparent":
            continue
        top = area.y(min(end, axis.scale.high), axis.scale)
        bottom = area.y(max(value, axis.scale.low), axis.scale)
        if bottom > top and end > axis.scale.low and value < axis.scale.high:
            box = Box(area.box.x, top, area.box.width, bottom - top)
            marks.append(rectangle(box, context.palette.color(color), opacity=0.15))
    return marks


def _threshold_lines(
    area: PlotArea, axis: ValueAxis, steps: _Steps, look: tuple[DrawingContext, bool]
) -> list[str]:
    context, is_dashed = look
    transparent = next((index for index, (_, color) in enumerate(steps) if color == "transparent"), 0)
    marks = []
    for index in range(1, len(steps)):
        value, color = steps[index]
        color = steps[index - 1][1] if transparent >= index else color
        if axis.scale.low <= value <= axis.scale.high:
            y = area.y(value, axis.scale)
            stroke = Stroke(context.palette.color(color), 2, 0.7, (10, 10) if is_dashed else ())
            marks.append(straight_line((area.box.x, y), (area.box.right, y), stroke))
    return marks
