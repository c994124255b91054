"""What happened beside the series: annotations and exemplars.

Source: panel/timeseries/plugins (AnnotationsPlugin2, ExemplarsPlugin, ExemplarMarker) of Grafana 12.4.3.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from dashgen.drawing.drawing_context import DrawingContext
from dashgen.drawing.fields.frames import Frame
from dashgen.drawing.panel_data import AnnotationMark
from dashgen.drawing.plots.line_paths import pixel
from dashgen.drawing.plots.plot_area import PlotArea
from dashgen.drawing.svg.elements import Box, Stroke, path, rectangle, straight_line

_DEFAULT_COLOR: Final = "#00d3ff"
_MOST_EXEMPLARS: Final = 400
_MARK: Final = 5.0
_HALF_DIAMOND: Final = 3.5


class Exemplar(NamedTuple):
    """A single measurement, with the labels that lead to its trace."""

    at: float
    value: float
    labels: Mapping[str, str]


def exemplars_of(frames: Sequence[Frame], time_range: tuple[int, int]) -> list[Exemplar]:
    """The exemplars of a time range; an even choice of very many, which would hide the lines."""
    start, end = time_range
    exemplars = [one for frame in frames for one in _exemplars(frame) if start <= one.at <= end]
    return exemplars[:: max(1, -(-len(exemplars) // _MOST_EXEMPLARS))]


def _exemplars(frame: Frame) -> Iterator[Exemplar]:
    times, values = frame.first("time"), frame.first("number")
    if times is None or values is None:
        return
    others = [one for one in frame.fields if one is not times and one is not values]
    for row, (at, value) in enumerate(zip(times.numbers(), values.finite(), strict=False)):
        cells = {one.title or one.name: one.values[row] for one in others if row < len(one.values)}
        labels = {name: str(cell) for name, cell in cells.items() if cell is not None and cell != ""}
        if at is not None and value is not None:
            yield Exemplar(at, value, labels)


def annotations_of(
    annotations: Sequence[AnnotationMark], time_range: tuple[int, int]
) -> list[AnnotationMark]:  # fmt: skip
    """The annotations of which something is within a time range."""
    start, end = time_range
    return [one for one in annotations if one.start <= end and _end_of(one) >= start]


def _end_of(mark: AnnotationMark) -> int:
    return mark.start if mark.end is None else max(mark.end, mark.start)


def annotation_color(mark: AnnotationMark, context: DrawingContext) -> str:
    """The colour of an annotation: that of its query, or Grafana's light blue."""
    return context.palette.color(mark.color) if mark.color else _DEFAULT_COLOR


def annotation_lines(
    annotations: Sequence[AnnotationMark], area: PlotArea, context: DrawingContext
) -> list[str]:  # fmt: skip
    """Dashed lines at the annotations, and the stretches of those with a length."""
    box = area.box
    marks = []
    for one in annotations_of(annotations, context.time_range):
        color = annotation_color(one, context)
        stroke = Stroke(color, 2, dash=(5, 5))
        left, right = area.x(one.start), area.x(_end_of(one))
        marks.append(straight_line((left, box.y), (left, box.bottom), stroke))
        if right > left:
            marks.append(straight_line((right, box.y), (right, box.bottom), stroke))
            marks.append(rectangle(Box(left, box.y, right - left, box.height), color, opacity=0.1))
    return marks


def annotation_flags(
    annotations: Sequence[AnnotationMark], area: PlotArea, context: DrawingContext
) -> list[str]:  # fmt: skip
    """The marks of the annotations below the axis: a triangle for a moment, a bar for a stretch of time."""
    box = area.box
    marks = []
    for one in annotations_of(annotations, context.time_range):
        color = annotation_color(one, context)
        left, right = max(area.x(one.start), box.x), min(area.x(_end_of(one)), box.right)
        if right > left:
            marks.append(rectangle(Box(left, box.bottom, right - left, _MARK), color))
        elif one.start >= context.time_range[0]:
            top = f"M{pixel(left)} {pixel(box.bottom)}"
            marks.append(path(f"{top}l{_MARK} {_MARK}h{-2 * _MARK}Z", color))
    return marks


def exemplar_marks(
    frames: Sequence[Frame], area: PlotArea, context: DrawingContext, color: str
) -> list[str]:  # fmt: skip
    """A diamond for each exemplar on the first axis; one outside its scale is at its edge."""
    if not area.axes:
        return []
    scale, half = area.axes[0].scale, _HALF_DIAMOND
    commands = []
    for one in exemplars_of(frames, context.time_range):
        x, y = area.x(one.at), area.y(min(max(one.value, scale.low), scale.high), scale)
        commands.append(f"M{pixel(x)} {pixel(y - half)}l{half} {half}l{-half} {half}l{-half} {-half}Z")
    return [path("".join(commands), color, opacity=0.5)] if commands else []
