"""The panel `xychart`: points of two numbers each. Source: panel/xychart of Grafana 12.4.3."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.drawing.fields.field_colors import series_color
from dashgen.drawing.fields.field_matchers import field_test
from dashgen.drawing.fields.frames import Field, Frame, number_or_none
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.plots.legend import LegendItem, legend_marks, legend_of, split_box
from dashgen.drawing.plots.line_paths import line_path, pixel
from dashgen.drawing.plots.number_axis import NumberScale, number_scale
from dashgen.drawing.plots.plot_area import PlotArea, axis_marks, bottom_axis_marks, bottom_ticks, plot_area
from dashgen.drawing.plots.plot_series import PlotSeries, is_hidden_from
from dashgen.drawing.svg.elements import Stroke, clip, path

_POINT_SIZE: Final = 5.0
_SMALLEST, _LARGEST = 5.0, 100.0


class XyPoint(NamedTuple):
    """A point with its diameter in pixels."""

    x: float
    y: float
    size: float


class PointSeries(NamedTuple):
    """Points whose places are values of one field and whose heights are values of another."""

    name: str
    x: Field
    y: Field
    points: Sequence[XyPoint]

    @property
    def custom(self) -> Json:
        """The options of the chart for this series."""
        return mapping(self.y.config.get("custom"))

    @property
    def shows(self) -> tuple[bool, bool]:
        """Whether it has points, and whether it has lines."""
        show = text(self.custom.get("show")) or "points"
        return "points" in show, "lines" in show


def xy_series(drawing: PanelDrawing) -> list[PointSeries]:
    """The series of a chart: the fields that its options choose, or all number fields over the first."""
    chosen = mappings(drawing.options.get("series"))
    if text(drawing.options.get("mapping")) != "manual" or not chosen:
        chosen = [{}]
    series: list[PointSeries] = []
    for frame in drawing.frames:
        for options in chosen:
            if _matches_frame(options, frame, drawing.frames):
                series += _series_of(drawing, frame, options)
    for index, one in enumerate(series):
        one.y.series_index = index
    return [one for one in series if one.points]


def _matches_frame(options: Json, frame: Frame, frames: Sequence[Frame]) -> bool:
    matcher = mapping(mapping(options.get("frame")).get("matcher"))
    return matcher.get("id") != "byIndex" or frames.index(frame) == matcher.get("options")


def _series_of(drawing: PanelDrawing, frame: Frame, options: Json) -> Iterator[PointSeries]:
    numbers = [
        one for one in frame.fields if one.kind in {"number", "time"} and not is_hidden_from(one, "viz")
    ]
    x = _chosen(drawing, frame, options, "x") or next((one for one in numbers if one.kind == "number"), None)
    y = _chosen(drawing, frame, options, "y")
    size = _chosen(drawing, frame, options, "size")
    others = [one for one in numbers if one is not x and one is not size and one.kind == "number"]
    fixed = text(mapping(options.get("name")).get("fixed"))
    for field in [y] if y else others:
        if x is not None:
            yield PointSeries(fixed or field.title, x, field, list(_points(x, field, size)))


def _chosen(drawing: PanelDrawing, frame: Frame, options: Json, part: str) -> Field | None:
    matcher = mapping(mapping(options.get(part)).get("matcher"))
    if not matcher:
        return None
    matches = field_test(matcher)
    return next((one for one in frame.fields if matches(one, frame, drawing.frames)), None)


def _points(x: Field, y: Field, size: Field | None) -> Iterator[XyPoint]:
    options = mapping(mapping(y.config.get("custom")).get("pointSize"))
    fixed = number_or_none(options.get("fixed")) or _POINT_SIZE
    sizes = size.finite() if size else []
    present = [one for one in sizes if one is not None]
    low, high = (min(present), max(present)) if present else (0.0, 0.0)
    least, most = (
        number_or_none(options.get("min")) or _SMALLEST,
        number_or_none(options.get("max")) or _LARGEST,
    )
    for row, (at, height) in enumerate(zip(x.finite(), y.finite(), strict=False)):
        if at is None or height is None:
            continue
        own = sizes[row] if row < len(sizes) else None
        # The area of a point, not its diameter, is what grows with its value.
        share = (own - low) / (high - low) if own is not None and high > low else 0.0
        area = least**2 + share * (most**2 - least**2)
        yield XyPoint(at, height, fixed if own is None else area**0.5)


def x_scale(series: Sequence[PointSeries]) -> NumberScale:
    """The scale of the places."""
    places = [point.x for one in series for point in one.points]
    return number_scale((min(places), max(places)), PlotSeries(series[0].x, [], []).limits)


def draw_xy_chart(drawing: PanelDrawing) -> list[str]:
    """Points, and perhaps lines between them."""
    series = xy_series(drawing)
    if not series:
        return drawing.no_data()
    entries = [
        LegendItem(one.name, series_color(one.y, drawing.theme))
        for one in series
        if not is_hidden_from(one.y, "legend")
    ]
    legend = legend_of(mapping(drawing.options.get("legend")), entries)
    chart, legend_box = split_box(legend, drawing.box)
    scale = x_scale(series)
    plots = [PlotSeries(one.y, _pairs(one), _pairs(one)) for one in series]
    area = plot_area(plots, chart, (scale.low, scale.high), drawing.context)
    display = drawing.display(series[0].x)
    ticks = [(area.x(value), shown) for value, shown in bottom_ticks(scale, area.box.width, display)]
    grid = [*axis_marks(area, drawing.context), *bottom_axis_marks(area, ticks, drawing.context)]
    scales = {id(plot): axis.scale for axis in area.axes for plot in axis.series}
    marks = [
        mark
        for one, plot in zip(series, plots, strict=True)
        for mark in _marks(drawing, one, area, scales[id(plot)])
    ]
    return [
        *grid,
        clip(area.box, f"{drawing.identity}c", marks),
        *legend_marks(legend, legend_box, drawing.theme),
    ]


def _pairs(series: PointSeries) -> list[tuple[float, float | None]]:
    return [(point.x, point.y) for point in series.points]


def _marks(drawing: PanelDrawing, series: PointSeries, area: PlotArea, scale: NumberScale) -> list[str]:
    color = series_color(series.y, drawing.theme)
    places = [(area.x(point.x), area.y(point.y, scale), point.size / 2) for point in series.points]
    has_points, has_lines = series.shows
    marks = []
    if has_lines:
        width = number_or_none(series.custom.get("lineWidth"))
        marks.append(
            path(
                line_path([(x, y) for x, y, _ in places]), stroke=Stroke(color, 2 if width is None else width)
            )
        )
    if has_points:
        fill = number_or_none(series.custom.get("fillOpacity"))
        dots = "".join(
            f"M{pixel(x - r)} {pixel(y)}"
            f"a{pixel(r)} {pixel(r)} 0 1 0 {pixel(2 * r)} 0a{pixel(r)} {pixel(r)} 0 1 0 {pixel(-2 * r)} 0Z"
            for x, y, r in places
        )
        marks.append(path(dots, color, Stroke(color), opacity=(50 if fill is None else fill) / 100))
    return marks
