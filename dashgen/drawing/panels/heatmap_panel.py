"""The panel `heatmap`: counts in buckets over time. Source: panel/heatmap of Grafana 12.4.3."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from dashgen.core.json_values import mapping, text, whole
from dashgen.drawing.fields.color_math import at_share
from dashgen.drawing.fields.field_colors import scale_stops
from dashgen.drawing.fields.frames import Field, number_or_none
from dashgen.drawing.panels.heatmap_cells import HIDDEN, HeatmapCells, heatmap_cells
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.plots.plot_area import AXIS_FONT, BOTTOM_AXIS, PlotArea, grid_stroke, time_axis_marks
from dashgen.drawing.svg.elements import Box, TextStyle, clip, line_of_text, rectangle, straight_line
from dashgen.drawing.svg.text_widths import text_width

_TOP, _RIGHT, _GAP = 17.0, 9.0, 9.0
_LEGEND: Final = 30.0
_OPACITIES: Final = 64
# Schemes whose colours go the other way: always, or in one theme.
_TURNED = {"spectral": "always", "rdylgn": "always", "viridis": "light", "magma": "light", "plasma": "light",
           "inferno": "light", "cividis": "light", "turbo": "light"}  # fmt: skip


def draw_heatmap(drawing: PanelDrawing) -> list[str]:
    """Cells coloured by how many values are in them."""
    cells = heatmap_cells(drawing)
    if cells is None:
        return drawing.no_data()
    has_legend = mapping(drawing.options.get("legend")).get("show") is not False
    chart = drawing.box.inset(bottom=_LEGEND if has_legend else 0)
    left = max((text_width(shown, AXIS_FONT) for _, shown in cells.ticks), default=0) + _GAP
    box = chart.inset(left, _TOP, _RIGHT, BOTTOM_AXIS)
    area = PlotArea(box, drawing.context.time_range, [])
    inside = _cell_marks(drawing, cells, area)
    marks = [*time_axis_marks(area, drawing.context), *_tick_marks(drawing, cells, box)]
    marks.append(clip(box, f"{drawing.identity}c", inside))
    if has_legend:
        marks += _legend_marks(drawing, cells)
    return marks


def _cell_marks(drawing: PanelDrawing, cells: HeatmapCells, area: PlotArea) -> list[str]:
    gap = number_or_none(drawing.options.get("cellGap"))
    gap = 1.0 if gap is None else gap
    low, high = cells.bounds(mapping(drawing.options.get("color")))
    height = area.box.height / len(cells.buckets)
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


def _tick_marks(drawing: PanelDrawing, cells: HeatmapCells, box: Box) -> list[str]:
    stroke, style = grid_stroke(drawing.context), TextStyle(AXIS_FONT, drawing.theme.text, "end")
    height = box.height / len(cells.buckets)
    # Where buckets are many, not every one has its text.
    every = max(1, math.ceil(16 * len(cells.ticks) / max(box.height, 1)))
    marks = []
    for position, shown in cells.ticks[::every]:
        y = box.bottom - position * height
        marks.append(straight_line((box.x - 4, y), (box.right, y), stroke))
        marks.append(line_of_text(shown, box.x - _GAP, y, style))
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
