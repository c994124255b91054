"""Lines, areas, bars and points of a series.

Source: components/uPlot/config/UPlotSeriesBuilder.ts and gradientFills.ts of @grafana/ui 12.4.3, and the
paths of uPlot 1.6.32.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from dashgen.core.json_values import items, mapping, text, whole
from dashgen.drawing.drawing_context import DrawingContext
from dashgen.drawing.fields.color_math import lighter, turned
from dashgen.drawing.fields.field_colors import (
    color_mode,
    continuous_stops,
    is_by_value,
    series_color,
)
from dashgen.drawing.fields.frames import number_or_none
from dashgen.drawing.fields.thresholds import thresholds_of
from dashgen.drawing.plots.line_paths import Pixel, Run, area_path, line_path, pixel, runs
from dashgen.drawing.plots.number_axis import NumberScale
from dashgen.drawing.plots.plot_area import PlotArea
from dashgen.drawing.plots.plot_series import PlotSeries, Points
from dashgen.drawing.svg.elements import GradientStop, Stroke, circle, gradient, path

_DASH = (10.0, 10.0)
_POINT_SIZE, _WIDEST_BAR = 5.0, 200.0


class SeriesDrawing(NamedTuple):
    """A series on its axis; `others` are the series of the chart, which a filling may end at."""

    series: PlotSeries
    area: PlotArea
    scale: NumberScale
    context: DrawingContext
    identity: str
    others: Sequence[PlotSeries] = ()

    @property
    def color(self) -> str:
        """The colour of the line."""
        return series_color(self.series.field, self.context.palette)

    def place(self, x: float, y: float) -> Pixel:
        """Where a point is."""
        return self.area.x(x), self.area.y(y, self.scale)


def series_marks(drawing: SeriesDrawing) -> list[str]:
    """A series drawn as its options say."""
    style = drawing.series.style
    if style == "bars":
        return _bar_marks(drawing)
    marks = []
    paints, defined = _paints(drawing)
    if style != "points":
        marks += _line_marks(drawing, paints)
    marks += _point_marks(drawing, paints[0])
    return [*defined, *marks]


def _paints(drawing: SeriesDrawing) -> tuple[tuple[str, str], list[str]]:
    # The paint of the line and that of the filling, and the gradients that they refer to.
    mode = text(drawing.series.custom.get("gradientMode")) or "none"
    color, box = drawing.color, drawing.area.box
    top, bottom = (0, box.y), (0, box.bottom)
    identity = f"{drawing.identity}g"
    if mode == "opacity":
        stops = (GradientStop(0, color), GradientStop(1, color, 0))
        return (color, f"url(#{identity})"), [gradient(identity, top, bottom, stops)]
    if mode == "hue":
        high, low = hue_ends(color)
        gradient_element = gradient(identity, top, bottom, (GradientStop(0, high), GradientStop(1, low)))
        return (f"url(#{identity})",) * 2, [gradient_element]
    if mode == "scheme" and is_by_value(drawing.series.field):
        gradient_element = gradient(identity, bottom, top, _scheme_stops(drawing))
        return (f"url(#{identity})",) * 2, [gradient_element]
    return (color, color), []


def hue_ends(color: str) -> tuple[str, str]:
    """The upper and the lower colour of a gradient of hues."""
    return lighter(turned(color, 20), 20), lighter(turned(color, -25), -15)


def _scheme_stops(drawing: SeriesDrawing) -> list[GradientStop]:
    field, scale, theme = drawing.series.field, drawing.scale, drawing.context.palette
    bounds = field.bounds or (scale.low, scale.high)
    if color_mode(field) != "thresholds":
        colors = continuous_stops(color_mode(field), theme)
        step = (bounds[1] - bounds[0]) / (len(colors) - 1)
        values = [bounds[0] + step * index for index in range(len(colors))]
        return [
            GradientStop(min(max(scale.share(value), 0), 1), color)
            for value, color in zip(values, colors, strict=True)
        ]
    stops: list[GradientStop] = []
    for value, color in thresholds_of(field.config).placed(bounds):
        share = min(max(scale.share(value), 0.0), 1.0)
        if stops:
            stops.append(GradientStop(share, stops[-1].color))
        stops.append(GradientStop(share, theme.color(color)))
    return stops


def _spanned(series: PlotSeries) -> Points:
    # Gaps that the options bridge.
    span = series.custom.get("spanNulls")
    if span is True:
        return [point for point in series.drawn if point[1] is not None]
    longest = number_or_none(span) if not isinstance(span, bool) else None
    if not longest:
        return series.drawn
    points: Points = []
    present = [point for point in series.drawn if point[1] is not None]
    for before, after in pairwise(present):
        points.append(before)
        if after[0] - before[0] > longest:
            points.append((before[0] + 1, None))
    return [*points, *present[-1:]]


def _line_marks(drawing: SeriesDrawing, paints: tuple[str, str]) -> list[str]:
    series = drawing.series
    custom = series.custom
    interpolation = text(custom.get("lineInterpolation")) or "linear"
    pieces = runs(_spanned(series), drawing.place)
    opacity = (number_or_none(custom.get("fillOpacity")) or 0) / 100
    marks = []
    target = _filled_to(drawing)
    if opacity > 0 and not _is_filled_to(drawing):
        areas = [area_path(run, _edge(drawing, run, target), interpolation) for run in pieces]
        is_gradient = text(custom.get("gradientMode")) == "opacity"
        marks.append(path("".join(areas), paints[1], opacity=opacity if not is_gradient else min(opacity, 1)))
    width = number_or_none(custom.get("lineWidth"))
    width = 1.0 if width is None else width
    if width > 0:
        lines = "".join(line_path(run, interpolation) for run in pieces if len(run) > 1)
        marks.append(path(lines, stroke=Stroke(paints[0], width, dash=_dash(drawing))))
    return marks


def _dash(drawing: SeriesDrawing) -> tuple[float, ...]:
    style = mapping(drawing.series.custom.get("lineStyle"))
    if text(style.get("fill")) in {"", "solid"}:
        return ()
    lengths = tuple(number for one in items(style.get("dash")) if (number := number_or_none(one)) is not None)
    return lengths or _DASH


def _filled_to(drawing: SeriesDrawing) -> PlotSeries | None:
    name = text(drawing.series.custom.get("fillBelowTo"))
    return next((one for one in drawing.others if name and one.field.title == name), None)


def _is_filled_to(drawing: SeriesDrawing) -> bool:
    # The lower line of a band has no filling of its own.
    title = drawing.series.field.title
    return any(text(one.custom.get("fillBelowTo")) == title for one in drawing.others)


def _edge(drawing: SeriesDrawing, run: Run, target: PlotSeries | None) -> Run:
    first, last = run[0][0], run[-1][0]
    if target is not None:
        lower = [drawing.place(x, y) for x, y in target.drawn if y is not None]
        inside = [point for point in lower if first - 0.5 <= point[0] <= last + 0.5]
        return inside or [(first, run[0][1]), (last, run[-1][1])]
    if drawing.series.base is not None:
        places = [x for x, y in drawing.series.drawn if y is not None]
        lower = [drawing.place(x, y) for x, y in zip(places, drawing.series.base, strict=True)]
        return [point for point in lower if first - 0.5 <= point[0] <= last + 0.5]
    y = drawing.area.y(drawing.scale.base, drawing.scale)
    return [(first, y), (last, y)]


def _point_marks(drawing: SeriesDrawing, color: str) -> list[str]:
    series = drawing.series
    present = [(x, y) for x, y in series.drawn if y is not None]
    size = number_or_none(series.custom.get("pointSize")) or _POINT_SIZE
    mode = text(series.custom.get("showPoints")) or "auto"
    if series.style == "points" or mode == "always":
        shown = present
    elif mode == "never":
        shown = []
    elif len(series.drawn) - 1 <= drawing.area.box.width / (size * 2):
        shown = present
    else:
        shown = _lonely(_spanned(series))
    width = number_or_none(series.custom.get("lineWidth")) or 1
    radius = (size if size >= width else max(size, width)) / 2
    return [path(_dots([drawing.place(x, y) for x, y in shown], radius), color)]


def _lonely(points: Points) -> list[tuple[float, float]]:
    # Values between two gaps make no line, so that they are points.
    padded: Points = [(0, None), *points, (0, None)]
    return [
        (here[0], here[1])
        for before, here, after in zip(padded, padded[1:], padded[2:], strict=False)
        if here[1] is not None and before[1] is None and after[1] is None
    ]


def _dots(places: Sequence[Pixel], radius: float) -> str:
    turn = f"a{pixel(radius)} {pixel(radius)} 0 1 0"
    return "".join(
        f"M{pixel(x - radius)} {pixel(y)}{turn} {pixel(radius * 2)} 0{turn} {pixel(-radius * 2)} 0Z"
        for x, y in places
    )


def _bar_marks(drawing: SeriesDrawing) -> list[str]:
    series, area = drawing.series, drawing.area
    places = [x for x, y in series.drawn if y is not None]
    if not places:
        return []
    distances = [area.x(after) - area.x(before) for before, after in pairwise(sorted(places))]
    column = min((distance for distance in distances if distance > 0), default=area.box.width)
    factor = number_or_none(series.custom.get("barWidthFactor")) or 0.6
    most = number_or_none(series.custom.get("barMaxWidth")) or _WIDEST_BAR
    width = min(max(column * factor - 1, 1), most)
    shift = {-1: -width, 0: -width / 2, 1: 0}.get(whole(series.custom.get("barAlignment"), 0), -width / 2)
    bases = iter(series.base) if series.base is not None else None
    commands = []
    for x, y in series.drawn:
        if y is None:
            continue
        base = next(bases) if bases is not None else drawing.scale.base
        left, top = drawing.place(x, y)
        bottom = area.y(max(base, drawing.scale.low), drawing.scale)
        commands.append(
            f"M{pixel(left + shift)} {pixel(bottom)}V{pixel(top)}h{pixel(width)}V{pixel(bottom)}Z"
        )
    opacity = (number_or_none(series.custom.get("fillOpacity")) or 0) / 100
    line = number_or_none(series.custom.get("lineWidth"))
    paints, defined = _paints(drawing)
    stroke = Stroke(paints[0], 1.0 if line is None else line) if line != 0 else None
    return [*defined, path("".join(commands), paints[1] if opacity else "none", stroke, opacity=opacity)]


def dot(center: Pixel, radius: float, color: str) -> str:
    """A single point."""
    return circle(center, radius, color)
