"""The panel `histogram`: how often values are in each range. Source: panel/histogram of Grafana 12.4.3."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from dashgen.core.json_values import mapping
from dashgen.drawing.fields.field_colors import series_color
from dashgen.drawing.fields.frames import Field, number_or_none
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.plots.legend import LegendItem, legend_marks, legend_of, split_box
from dashgen.drawing.plots.number_axis import AxisLimits, NumberScale, number_scale, number_ticks
from dashgen.drawing.plots.plot_area import (
    AXIS_FONT,
    BOTTOM_AXIS,
    PlotArea,
    bottom_axis_marks,
    bottom_ticks,
    grid_stroke,
)
from dashgen.drawing.plots.plot_series import is_hidden_from
from dashgen.drawing.svg.elements import Box, TextStyle, line_of_text, rectangle, straight_line
from dashgen.drawing.svg.text_widths import text_width

_TOP, _RIGHT, _GAP = 17.0, 9.0, 9.0
_BUCKETS: Final = 30
_SIZES: Final = tuple(
    float(f"{multiple}e{power}") for power in range(-9, 10) for multiple in (1, 2, 2.5, 4, 5)
)  # fmt: skip


class Bucket(NamedTuple):
    """How many values are in a range; `base` is where its bar stands, upon others of the same range."""

    low: float
    high: float
    size: float
    base: float = 0.0


class ValueHistogram(NamedTuple):
    """The buckets of each field, which are counted from its values or came with the frame."""

    fields: Sequence[Field]
    names: Sequence[str]
    buckets: Sequence[Sequence[Bucket]]
    is_stacked: bool = False

    @property
    def edges(self) -> tuple[float, float]:
        """The lower edge of the first bucket, and the upper edge of the last."""
        every = [bucket for buckets in self.buckets for bucket in buckets]
        return min(one.low for one in every), max(one.high for one in every)


def histogram_of(drawing: PanelDrawing) -> ValueHistogram | None:
    """The buckets of all number fields, or of all of them together; None where there are no values."""
    histogram = _counted_before(drawing) or _counted(drawing)
    if histogram is None:
        return None
    stacking = mapping(mapping(histogram.fields[0].config.get("custom")).get("stacking")).get("mode")
    return _stacked(histogram) if stacking == "normal" else histogram


def _counted_before(drawing: PanelDrawing) -> ValueHistogram | None:
    # A frame with the edges of its buckets, as a transformation or a native histogram gives it.
    for frame in drawing.frames:
        low = next((one for one in frame.fields if one.name in {"xMin", "BucketMin"}), None)
        high = next((one for one in frame.fields if one.name in {"xMax", "BucketMax"}), None)
        fields = [one for one in frame.fields if one.kind == "number" and one is not low and one is not high]
        if low is None or high is None or not fields:
            continue
        shown = [one for one in fields if not is_hidden_from(one, "viz")]
        edges = list(zip(low.finite(), high.finite(), strict=False))
        return ValueHistogram(
            shown, [one.title for one in shown], [_written_buckets(edges, one) for one in shown]
        )
    return None


def _written_buckets(edges: Sequence[tuple[float | None, float | None]], field: Field) -> list[Bucket]:
    rows = zip(edges, field.finite(), strict=False)
    return [
        Bucket(low, high, count)
        for (low, high), count in rows
        if low is not None and high is not None and count is not None
    ]


def _counted(drawing: PanelDrawing) -> ValueHistogram | None:
    fields = [one for frame in drawing.frames for one in frame.fields if one.kind == "number"]
    fields = [one for one in fields if not is_hidden_from(one, "viz")]
    samples = [[number for number in one.finite() if number is not None] for one in fields]
    if not any(samples):
        return None
    chosen = number_or_none(drawing.options.get("bucketSize")) or 0.0
    size = chosen if chosen > 0 else _bucket_size(drawing, samples)
    # By whole sizes an offset moves no bucket.
    offset = math.fmod(number_or_none(drawing.options.get("bucketOffset")) or 0.0, size)
    names = [one.title for one in fields]
    if drawing.options.get("combine"):
        fields, samples, names = fields[:1], [[number for sample in samples for number in sample]], ["Count"]
    return ValueHistogram(fields, names, [_buckets(sample, size, offset) for sample in samples])


def _stacked(histogram: ValueHistogram) -> ValueHistogram:
    heights: dict[float, float] = {}
    stacked = []
    for buckets in histogram.buckets:
        stacked.append([one._replace(base=heights.get(one.low, 0.0)) for one in buckets])
        for one in buckets:
            heights[one.low] = heights.get(one.low, 0.0) + one.size
    return histogram._replace(buckets=stacked, is_stacked=True)


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


def _buckets(sample: Sequence[float], size: float, offset: float) -> list[Bucket]:
    counts = Counter(round(math.floor((value - offset) / size) * size + offset, 9) for value in sample)
    return [Bucket(low, low + size, count) for low, count in sorted(counts.items())]


def _chart_marks(drawing: PanelDrawing, histogram: ValueHistogram, chart: Box) -> list[str]:
    most = max((one.base + one.size for buckets in histogram.buckets for one in buckets), default=0)
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
    places = bottom_ticks(NumberScale(*area.x_range), area.box.width, display)
    marks += bottom_axis_marks(area, [(area.x(value), shown) for value, shown in places], drawing.context)
    return [*marks, *_bucket_bars(drawing, histogram, scale, area)]


def _bucket_bars(
    drawing: PanelDrawing, histogram: ValueHistogram, scale: NumberScale, area: PlotArea
) -> list[str]:  # fmt: skip
    marks = []
    for field, buckets in zip(histogram.fields, histogram.buckets, strict=True):
        color = series_color(field, drawing.theme)
        fill = number_or_none(mapping(field.config.get("custom")).get("fillOpacity"))
        for one in buckets:
            left, right = area.x(one.low), area.x(one.high)
            top, bottom = area.y(one.base + one.size, scale), area.y(one.base, scale)
            bar = Box(left, top, right - left - 1, bottom - top)
            marks.append(rectangle(bar, color, opacity=0.8 if fill is None else fill / 100, stroke=color))
    return marks
