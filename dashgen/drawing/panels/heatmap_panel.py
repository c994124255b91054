"""The panel `heatmap`: counts in buckets over time. Source: panel/heatmap of Grafana 12.4.3."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from dashgen.core.json_values import mapping, text, whole
from dashgen.drawing.fields.color_math import at_share
from dashgen.drawing.fields.field_colors import scale_stops
from dashgen.drawing.fields.frames import Field, number_or_none
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.plots.number_axis import NumberScale, number_scale, number_ticks
from dashgen.drawing.plots.plot_area import AXIS_FONT, BOTTOM_AXIS, PlotArea, grid_stroke, time_axis_marks
from dashgen.drawing.plots.plot_series import PlotSeries
from dashgen.drawing.svg.elements import Box, TextStyle, clip, line_of_text, rectangle, straight_line
from dashgen.drawing.svg.text_widths import text_width

_TOP, _RIGHT, _GAP = 17.0, 9.0, 9.0
_LEGEND: Final = 30.0
_COLUMNS, _ROWS = 30, 20
_HIDDEN: Final = 1e-9
# Schemes whose colours go the other way: always, or in one theme.
_TURNED = {"spectral": "always", "rdylgn": "always", "viridis": "light", "magma": "light", "plasma": "light",
           "inferno": "light", "cividis": "light", "turbo": "light"}  # fmt: skip


class _Cells(NamedTuple):
    """Columns of time with a value for each bucket; `edges` are the texts between buckets, from below."""

    times: Sequence[float]
    step: float
    columns: Sequence[Sequence[float]]
    edges: Sequence[str]


def draw_heatmap(drawing: PanelDrawing) -> list[str]:
    """Cells coloured by how many values are in them."""
    cells = _calculated(drawing) if drawing.options.get("calculate") else _from_buckets(drawing)
    if cells is None or not cells.columns:
        return drawing.no_data()
    has_legend = mapping(drawing.options.get("legend")).get("show") is not False
    chart = drawing.box.inset(bottom=_LEGEND if has_legend else 0)
    left = max(text_width(edge, AXIS_FONT) for edge in cells.edges) + _GAP
    box = chart.inset(left, _TOP, _RIGHT, BOTTOM_AXIS)
    area = PlotArea(box, drawing.context.time_range, [])
    most = max((value for column in cells.columns for value in column), default=0) or 1
    gap = number_or_none(drawing.options.get("cellGap"))
    inside = _cell_marks(drawing, cells, area, (most, 1.0 if gap is None else gap))
    marks = [*time_axis_marks(area, drawing.context), *_edge_marks(drawing, cells, box)]
    marks.append(clip(box, f"{drawing.identity}c", inside))
    if has_legend:
        marks += _legend_marks(drawing, most)
    return marks


def _from_buckets(drawing: PanelDrawing) -> _Cells | None:
    frames = [frame for frame in drawing.frames if frame.first("time") and frame.length]
    if not frames:
        return None
    if len(frames) == 1:
        times, fields = frames[0].first("time"), [one for one in frames[0].fields if one.kind == "number"]
    else:
        times = frames[0].first("time")
        fields = [one for frame in frames for one in frame.fields if one.kind == "number"]
    if times is None or not fields:
        return None
    places = [number for number in times.numbers() if number is not None]
    columns = [
        [max(one.finite()[row] or 0.0, 0.0) if row < len(one.values) else 0.0 for one in fields]
        for row in range(len(places))
    ]
    names = [one.title for one in fields]
    unit = text(mapping(drawing.options.get("yAxis")).get("unit"))
    shown = [_bucket_name(drawing, name, unit) for name in names]
    return _Cells(places, _step(places, times), columns, ["", *shown])


def _bucket_name(drawing: PanelDrawing, name: str, unit: str) -> str:
    try:
        value = float(name)
    except ValueError:
        return name
    if math.isinf(value):
        return name
    return drawing.display(Field("", "number", [], config={"unit": unit})).shown(value).text


def _step(places: Sequence[float], times: Field) -> float:
    own = number_or_none(times.config.get("interval"))
    return own or min((after - before for before, after in pairwise(places)), default=60_000.0)


def _calculated(drawing: PanelDrawing) -> _Cells | None:
    start, end = drawing.context.time_range
    points = [
        (at, value)
        for frame in drawing.frames
        if (times := frame.first("time"))
        for field in frame.fields
        if field.kind == "number"
        for at, value in zip(times.numbers(), field.finite(), strict=False)
        if at is not None and value is not None and math.isfinite(value) and start <= at <= end
    ]
    if not points:
        return None
    field = next(one for frame in drawing.frames for one in frame.fields if one.kind == "number")
    values = [value for _, value in points]
    scale = number_scale((min(values), max(values)), PlotSeries(field, [], []).limits)
    step = (end - start) / _COLUMNS
    columns = [[0.0] * _ROWS for _ in range(_COLUMNS)]
    for at, value in points:
        column = min(int((at - start) / step), _COLUMNS - 1)
        columns[column][min(int(max(scale.share(value), 0) * _ROWS), _ROWS - 1)] += 1
    return _Cells(
        [start + step * (index + 1) for index in range(_COLUMNS)],
        step,
        columns,
        _edges(drawing, field, scale),
    )


def _edges(drawing: PanelDrawing, field: Field, scale: NumberScale) -> list[str]:
    edges = [""] * (_ROWS + 1)
    display = drawing.display(field)
    for value in number_ticks(scale, drawing.box.height):
        index = round(scale.share(value) * _ROWS)
        if 0 <= index <= _ROWS:
            edges[index] = display.shown(value).text
    return edges


def _cell_marks(
    drawing: PanelDrawing, cells: _Cells, area: PlotArea, details: tuple[float, float]
) -> list[str]:  # fmt: skip
    most, gap = details
    height = area.box.height / (len(cells.edges) - 1)
    colors = _Colors.of(drawing)
    marks = []
    for at, column in zip(cells.times, cells.columns, strict=True):
        left, right = area.x(at - cells.step), area.x(at)
        for row, value in enumerate(column):
            if value <= _HIDDEN:
                continue
            bottom = area.box.bottom - row * height
            cell = Box(left + gap / 2, bottom - height + gap / 2, right - left - gap, height - gap)
            color, opacity = colors.at(value / most)
            marks.append(rectangle(cell, color, opacity=opacity))
    return marks


class _Colors(NamedTuple):
    """How a share of the most becomes a colour."""

    stops: Sequence[str]
    steps: int
    exponent: float
    fill: str = ""

    @classmethod
    def of(cls, drawing: PanelDrawing) -> "_Colors":
        """The colours that a panel's options say."""
        options = mapping(drawing.options.get("color"))
        exponent = number_or_none(options.get("exponent")) or 0.5
        if options.get("mode") == "opacity":
            fill = drawing.theme.color(text(options.get("fill")) or "dark-orange")
            return cls((), 0, exponent, fill)
        scheme = text(options.get("scheme")) or "Oranges"
        stops = list(scale_stops(scheme))
        turned = _TURNED.get(scheme.lower(), "dark") in {"always", drawing.theme.name}
        if turned is not bool(options.get("reverse")):
            stops.reverse()
        return cls(stops, max(whole(options.get("steps"), 64), 2), exponent)

    def at(self, share: float) -> tuple[str, float]:
        """The colour and opacity of a share."""
        if self.fill:
            return self.fill, share**self.exponent
        step = math.floor(share * (self.steps - 1) + 0.5) / (self.steps - 1)
        return at_share(self.stops, step), 1.0


def _edge_marks(drawing: PanelDrawing, cells: _Cells, box: Box) -> list[str]:
    stroke, style = grid_stroke(drawing.context), TextStyle(AXIS_FONT, drawing.theme.text, "end")
    height = box.height / (len(cells.edges) - 1)
    # Where buckets are many, not every one has its text.
    every = max(1, math.ceil(16 / max(height, 1)))
    marks = []
    for index, edge in enumerate(cells.edges):
        if edge and index % every == 0:
            y = box.bottom - index * height
            marks.append(straight_line((box.x - 4, y), (box.right, y), stroke))
            marks.append(line_of_text(edge, box.x - _GAP, y, style))
    return marks


def _legend_marks(drawing: PanelDrawing, most: float) -> list[str]:
    box = Box(drawing.box.x + 4, drawing.box.bottom - _LEGEND + 6, min(drawing.box.width / 2, 240), 8)
    colors = _Colors.of(drawing)
    count = 32
    marks = []
    for index in range(count):
        color, opacity = colors.at((index + 0.5) / count)
        cell = Box(box.x + box.width * index / count, box.y, box.width / count + 0.5, box.height)
        marks.append(rectangle(cell, color, opacity=opacity))
    plain = drawing.display(Field("", "number", []))
    style = TextStyle(11, drawing.theme.text)
    marks.append(line_of_text("0", box.x, box.bottom + 8, style))
    marks.append(
        line_of_text(plain.shown(most).text, box.right, box.bottom + 8, style._replace(anchor="end"))
    )
    return marks
