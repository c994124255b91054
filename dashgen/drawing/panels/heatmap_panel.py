"""The panel `heatmap`: counts in buckets over time. Source: panel/heatmap of Grafana 12.4.3."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from dashgen.core.json_values import Json, mapping, text, whole
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
_OPACITIES: Final = 64
HIDDEN: Final = 1e-9
# Schemes whose colours go the other way: always, or in one theme.
_TURNED = {"spectral": "always", "rdylgn": "always", "viridis": "light", "magma": "light", "plasma": "light",
           "inferno": "light", "cividis": "light", "turbo": "light"}  # fmt: skip


class HeatmapCells(NamedTuple):
    """Columns of time with a value for each bucket.

    Attributes:
        times: where each column ends.
        edges: the texts between buckets, from below.
    """

    times: Sequence[float]
    step: float
    columns: Sequence[Sequence[float]]
    edges: Sequence[str]

    def bounds(self, options: Json) -> tuple[float, float]:
        """The values that have the first and the last colour: as `color` of the options says, or those shown."""
        shown = [value for column in self.columns for value in column if value > HIDDEN]
        low, high = number_or_none(options.get("min")), number_or_none(options.get("max"))
        low = min(shown, default=0.0) if low is None else low
        high = max(shown, default=1.0) if high is None else high
        return (low, high) if low < high else (min(0.0, high - 1), high)


def heatmap_cells(drawing: PanelDrawing) -> HeatmapCells | None:
    """The cells of a heatmap, counted or as the buckets of its frames; None where there are none."""
    cells = _calculated(drawing) if drawing.options.get("calculate") else _from_buckets(drawing)
    return cells if cells is not None and cells.columns else None


def draw_heatmap(drawing: PanelDrawing) -> list[str]:
    """Cells coloured by how many values are in them."""
    cells = heatmap_cells(drawing)
    if cells is None:
        return drawing.no_data()
    has_legend = mapping(drawing.options.get("legend")).get("show") is not False
    chart = drawing.box.inset(bottom=_LEGEND if has_legend else 0)
    left = max(text_width(edge, AXIS_FONT) for edge in cells.edges) + _GAP
    box = chart.inset(left, _TOP, _RIGHT, BOTTOM_AXIS)
    area = PlotArea(box, drawing.context.time_range, [])
    inside = _cell_marks(drawing, cells, area)
    marks = [*time_axis_marks(area, drawing.context), *_edge_marks(drawing, cells, box)]
    marks.append(clip(box, f"{drawing.identity}c", inside))
    if has_legend:
        marks += _legend_marks(drawing, cells)
    return marks


def _from_buckets(drawing: PanelDrawing) -> HeatmapCells | None:
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
    return HeatmapCells(places, _step(places, times), columns, ["", *shown])


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


def _calculated(drawing: PanelDrawing) -> HeatmapCells | None:
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
    return HeatmapCells(
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


def _cell_marks(drawing: PanelDrawing, cells: HeatmapCells, area: PlotArea) -> list[str]:
    gap = number_or_none(drawing.options.get("cellGap"))
    gap = 1.0 if gap is None else gap
    low, high = cells.bounds(mapping(drawing.options.get("color")))
    height = area.box.height / (len(cells.edges) - 1)
    colors = HeatmapColors.of(drawing)
    marks = []
    for at, column in zip(cells.times, cells.columns, strict=True):
        left, right = area.x(at - cells.step), area.x(at)
        for row, value in enumerate(column):
            if value <= HIDDEN:
                continue
            bottom = area.box.bottom - row * height
            cell = Box(left + gap / 2, bottom - height + gap / 2, right - left - gap, height - gap)
            color, opacity = colors.at((value - low) / (high - low))
            marks.append(rectangle(cell, color, opacity=opacity))
    return marks


class HeatmapColors(NamedTuple):
    """How a share of the most becomes a colour."""

    stops: Sequence[str]
    steps: int
    exponent: float
    fill: str = ""

    @classmethod
    def of(cls, drawing: PanelDrawing) -> "HeatmapColors":
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

    @property
    def color_count(self) -> int:
        """How many colours there are."""
        return self.steps or _OPACITIES

    def at(self, share: float) -> tuple[str, float]:
        """The colour and opacity of a share."""
        share = min(max(share, 0.0), 1.0)
        if self.fill:
            return self.fill, share**self.exponent
        step = math.floor(share * (self.steps - 1) + 0.5) / (self.steps - 1)
        return at_share(self.stops, step), 1.0


def _edge_marks(drawing: PanelDrawing, cells: HeatmapCells, box: Box) -> list[str]:
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


def _legend_marks(drawing: PanelDrawing, cells: HeatmapCells) -> list[str]:
    box = Box(drawing.box.x + 4, drawing.box.bottom - _LEGEND + 6, min(drawing.box.width / 2, 240), 8)
    colors = HeatmapColors.of(drawing)
    count = 32
    marks = []
    for index in range(count):
        color, opacity = colors.at((index + 0.5) / count)
        cell = Box(box.x + box.width * index / count, box.y, box.width / count + 0.5, box.height)
        marks.append(rectangle(cell, color, opacity=opacity))
    plain = drawing.display(Field("", "number", []))
    low, high = cells.bounds(mapping(drawing.options.get("color")))
    style = TextStyle(11, drawing.theme.text)
    marks.append(line_of_text(plain.shown(low).text, box.x, box.bottom + 8, style))
    marks.append(
        line_of_text(plain.shown(high).text, box.right, box.bottom + 8, style._replace(anchor="end"))
    )
    return marks
