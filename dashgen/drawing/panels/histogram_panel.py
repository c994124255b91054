"""The panel `histogram`: how often values are in each range. Source: panel/histogram of Grafana 12.4.3."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from dashgen.core.json_values import mapping
from dashgen.drawing.fields.field_colors import series_color
from dashgen.drawing.fields.frames import Field, number_or_none
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.plots.legend import LegendItem, legend_marks, legend_of, split_box
from dashgen.drawing.plots.number_axis import AxisLimits, NumberScale, number_scale, number_ticks
from dashgen.drawing.plots.plot_area import AXIS_FONT, BOTTOM_AXIS, PlotArea, bottom_axis_marks, grid_stroke
from dashgen.drawing.plots.plot_series import is_hidden_from
from dashgen.drawing.svg.elements import Box, TextStyle, line_of_text, rectangle, straight_line
from dashgen.drawing.svg.text_widths import text_width

_TOP, _RIGHT, _GAP = 17.0, 9.0, 9.0
_BUCKETS: Final = 30
_SIZES: Final = tuple(
    float(f"{multiple}e{power}") for power in range(-9, 10) for multiple in (1, 2, 2.5, 4, 5)
)  # fmt: skip


class ValueHistogram(NamedTuple):
    """How often the values of fields are in each bucket; counts are by the lower edge of the bucket."""

    fields: Sequence[Field]
    names: Sequence[str]
    counts: Sequence[dict[float, int]]
    size: float

    @property
    def edges(self) -> tuple[float, float]:
        """The lower edge of the first bucket, and the upper edge of the last."""
        lows = [low for count in self.counts for low in count]
        return min(lows), max(lows) + self.size


def histogram_of(drawing: PanelDrawing) -> ValueHistogram | None:
    """The buckets of all number fields, or of all of them together; None where there are no values."""
    fields = [one for frame in drawing.frames for one in frame.fields if one.kind == "number"]
    fields = [one for one in fields if not is_hidden_from(one, "viz")]
    samples = [
        [number for number in one.finite() if number is not None and math.isfinite(number)] for one in fields
    ]
    if not any(samples):
        return None
    size = number_or_none(drawing.options.get("bucketSize")) or _bucket_size(drawing, samples)
    offset = number_or_none(drawing.options.get("bucketOffset")) or 0.0
    names = [one.title for one in fields]
    if drawing.options.get("combine"):
        fields, samples, names = fields[:1], [[number for sample in samples for number in sample]], ["Count"]
    return ValueHistogram(fields, names, [_counts(sample, size, offset) for sample in samples], size)


def draw_histogram(drawing: PanelDrawing) -> list[str]:
    """Bars for the buckets of all number fields, or for all of them together."""
    histogram = histogram_of(drawing)
    if histogram is None:
        return drawing.no_data()
    entries = [
        LegendItem(name, series_color(one, drawing.theme))
        for name, one in zip(histogram.names, histogram.fields, strict=True)
    ]  # fmt: skip
    legend = legend_of(mapping(drawing.options.get("legend")), entries)
    chart, legend_box = split_box(legend, drawing.box)
    marks = _chart_marks(drawing, histogram, chart)
    return [*marks, *legend_marks(legend, legend_box, drawing.theme)]


def _bucket_size(drawing: PanelDrawing, samples: Sequence[Sequence[float]]) -> float:
    values = sorted(number for sample in samples for number in sample)
    distances = [after - before for before, after in pairwise(values) if after > before]
    smallest = min(distances, default=1.0)
    count = number_or_none(drawing.options.get("bucketCount")) or _BUCKETS
    target = (values[-1] - values[0]) / count
    return next((size for size in _SIZES if size > target and size >= smallest * 0.999), _SIZES[-1])


def _counts(sample: Sequence[float], size: float, offset: float) -> dict[float, int]:
    counts: dict[float, int] = {}
    for value in sample:
        low = round(math.floor((value - offset) / size) * size + offset, 9)
        counts[low] = counts.get(low, 0) + 1
    return counts


def _chart_marks(drawing: PanelDrawing, histogram: ValueHistogram, chart: Box) -> list[str]:
    most = max(number for count in histogram.counts for number in count.values())
    scale = number_scale((0, most), AxisLimits(soft_low=0, decimals=0))
    ticks = number_ticks(scale, chart.height - _TOP - BOTTOM_AXIS, AxisLimits(decimals=0))
    left = max((text_width(f"{tick:g}", AXIS_FONT) for tick in ticks), default=0) + _GAP
    area = PlotArea(chart.inset(left, _TOP, _RIGHT, BOTTOM_AXIS), histogram.edges, [])
    stroke, style = grid_stroke(drawing.context), TextStyle(AXIS_FONT, drawing.theme.text, "end")
    marks = []
    for tick in ticks:
        y = round(area.y(tick, scale)) + 0.5
        marks.append(straight_line((area.box.x - 4, y), (area.box.right, y), stroke))
        marks.append(line_of_text(f"{tick:g}", area.box.x - _GAP, y, style))
    display = drawing.display(histogram.fields[0])
    places = number_ticks(NumberScale(*area.x_range), area.box.width / 2)
    marks += bottom_axis_marks(
        area, [(area.x(one), display.shown(one).text) for one in places], drawing.context
    )
    return [*marks, *_bucket_bars(drawing, histogram, scale, area)]


def _bucket_bars(
    drawing: PanelDrawing, histogram: ValueHistogram, scale: NumberScale, area: PlotArea
) -> list[str]:  # fmt: skip
    marks = []
    for field, count in zip(histogram.fields, histogram.counts, strict=True):
        color = series_color(field, drawing.theme)
        fill = number_or_none(mapping(field.config.get("custom")).get("fillOpacity"))
        for low, number in sorted(count.items()):
            left, right, top = area.x(low), area.x(low + histogram.size), area.y(number, scale)
            bar = Box(left, top, right - left - 1, area.box.bottom - top)
            marks.append(rectangle(bar, color, opacity=0.8 if fill is None else fill / 100, stroke=color))
    return marks
