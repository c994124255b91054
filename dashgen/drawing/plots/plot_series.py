"""The series of a chart over time or numbers, from the fields of frames.

Source: panel/timeseries/utils.ts of Grafana 12.4.3, and components/uPlot/utils.ts of @grafana/ui 12.4.3.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from dashgen.core.json_values import Json, mapping, text, whole
from dashgen.drawing.fields.frames import Field, Frame, number_or_none
from dashgen.drawing.plots.number_axis import AxisLimits
from dashgen.drawing.values.unit_formats import BINARY_UNITS

Points: TypeAlias = list[tuple[float, float | None]]
"""Places on the x axis with their values; None is a gap."""
_TIMES_A_GAP = 1.0


class PlotSeries(Struct):
    """A line, a set of bars or of points.

    Attributes:
        points: the places and values in the data.
        drawn: the same places with the heights at which the values stand, after stacking.
        base: the lower edge of each stacked value; None for one that is not stacked.
    """

    field: Field
    points: Points
    drawn: Points
    base: list[float] | None = None

    @property
    def custom(self) -> Json:
        """The options of the chart for this series."""
        return mapping(self.field.config.get("custom"))

    @property
    def style(self) -> str:
        """How it is drawn: `line`, `bars` or `points`."""
        return text(self.custom.get("drawStyle")) or "line"

    @property
    def limits(self) -> AxisLimits:
        """The settings of its axis in its config."""
        config, custom = self.field.config, self.custom
        distribution = mapping(custom.get("scaleDistribution"))
        is_log = distribution.get("type") in {"log", "symlog"}
        decimals = config.get("decimals")
        return AxisLimits(
            number_or_none(config.get("min")),
            number_or_none(config.get("max")),
            number_or_none(custom.get("axisSoftMin")),
            number_or_none(custom.get("axisSoftMax")),
            (10 if distribution.get("log") == 10 else 2) if is_log else 0,
            None if decimals is None else whole(decimals),
            bool(custom.get("axisCenteredZero")),
            (number_or_none(distribution.get("linearThreshold")) or 1)
            if distribution.get("type") == "symlog"
            else 0,
            text(config.get("unit")) in BINARY_UNITS,
        )

    @property
    def side(self) -> str:
        """Where its axis is: `auto`, `left`, `right` or `hidden`."""
        side = text(self.custom.get("axisPlacement"))
        return side if side in {"left", "right", "hidden"} else "auto"

    @property
    def axis_key(self) -> tuple[object, ...]:
        """What series on one axis have in common: `buildScaleKey` of @grafana/ui."""
        distribution = mapping(self.custom.get("scaleDistribution"))
        return (
            text(self.field.config.get("unit")), self.side, self.limits, text(distribution.get("type")),
            text(self.custom.get("axisLabel")), self.field.kind,
        )  # fmt: skip

    @property
    def is_hidden(self) -> bool:
        """Whether the chart starts without it, though the legend may list it."""
        return is_hidden_from(self.field, "viz")

    def extent(self) -> tuple[float, float] | None:
        """The least and the greatest height."""
        heights = [height for _, height in self.drawn if height is not None]
        return (min(heights), max(heights)) if heights else None


def plot_series(
    frames: Sequence[Frame], *, x_kind: str = "time", has_hidden: bool = False
) -> list[PlotSeries]:  # fmt: skip
    """The series that a chart shows, stacked.

    Args:
        frames: with the field config of the panel.
        x_kind: whether the places are times or numbers.
        has_hidden: whether fields that are hidden in the chart are among them.
    """
    series = []
    for number, (x, field) in enumerate(_columns(frames, x_kind)):
        # Colours are counted over the values only, as the x axis may be a field like them.
        field.series_index = number
        if has_hidden or not is_hidden_from(field, "viz"):
            points = _points(x, field)
            series.append(PlotSeries(field, points, points))
    _stack([one for one in series if not one.is_hidden])
    return series


def _columns(frames: Sequence[Frame], x_kind: str) -> Iterator[tuple[Field, Field]]:
    # Each field of values with that of its places.
    for frame in frames:
        x = frame.first("time") if x_kind == "time" else frame.first("number")
        for field in frame.fields:
            if x is not None and field is not x and field.kind in {"number", "boolean"}:
                yield x, field


def is_hidden_from(field: Field, where: str) -> bool:
    """Whether a field is hidden in the chart (`viz`), in the legend or in the tooltip."""
    return bool(mapping(mapping(field.config.get("custom")).get("hideFrom")).get(where))


def with_constants(series: Sequence[PlotSeries], x_range: tuple[float, float]) -> None:
    """Draw the series of the transform `constant` as their first value from edge to edge."""
    for one in series:
        if one.custom.get("transform") == "constant":
            value = next((height for _, height in one.points if height is not None), None)
            one.points = one.drawn = [(x_range[0], value), (x_range[1], value)]


def in_legend(series: Sequence[PlotSeries]) -> list[PlotSeries]:
    """The series that the legend lists."""
    return [one for one in series if not is_hidden_from(one.field, "legend")]


def _points(x: Field, field: Field) -> Points:
    custom = mapping(field.config.get("custom"))
    heights = _heights(field)
    if custom.get("transform") == "negative-Y":
        heights = [None if height is None else -height for height in heights]
    points: Points = [
        (at, height) for at, height in zip(x.numbers(), heights, strict=False) if at is not None
    ]  # fmt: skip
    if any(before[0] > after[0] for before, after in pairwise(points)):
        points.sort(key=lambda point: point[0])
    return _with_gaps(points, number_or_none(x.config.get("interval")), custom)


def _heights(field: Field) -> list[float | None]:
    # Numbers that can be drawn; truth values are 0 and 1, and what is missing may have a number in its place.
    if field.kind == "boolean":
        return [float(value) if isinstance(value, bool) else number_or_none(value) for value in field.values]
    no_value = field.config.get("noValue")
    if isinstance(no_value, str) and no_value.lstrip("-").isdecimal():
        return [float(no_value) if height is None else height for height in field.finite()]
    return field.finite()


def _with_gaps(points: Points, interval: float | None, custom: Json) -> Points:
    # Wider steps than the query's own are gaps; how wide they may be is up to insertNulls and spanNulls.
    insert = custom.get("insertNulls")
    widest = number_or_none(insert) if not isinstance(insert, bool) else None
    widest = interval if widest is None else widest
    if not widest or not points:
        return points
    filled = [points[0]]
    for before, after in pairwise(points):
        if after[0] - before[0] > widest * _TIMES_A_GAP + 1:
            filled.append((before[0] + widest, None))
        filled.append(after)
    return filled


class StackGroup(NamedTuple):
    """Series that stand upon each other; `direction` is 1 for upwards and -1 for downwards."""

    members: list[PlotSeries]
    direction: int
    is_percent: bool


def stack_groups(series: Sequence[PlotSeries]) -> list[StackGroup]:
    """The stacks of a chart, from the first series of each: `getStackingGroups` of @grafana/ui."""
    groups: dict[tuple[object, ...], StackGroup] = {}
    for one in series:
        stacking = mapping(one.custom.get("stacking"))
        mode = text(stacking.get("mode")) or "none"
        if mode in {"normal", "percent"}:
            direction = _direction(one.points)
            form = one.custom.get("barAlignment" if one.style == "bars" else "lineInterpolation")
            key = (direction, mode, text(stacking.get("group")), one.axis_key, one.style, str(form))
            groups.setdefault(key, StackGroup([], direction, mode == "percent")).members.append(one)
    return list(groups.values())


def _direction(points: Points) -> int:
    # Series stand below zero when most of their values do, as far as a sample shows.
    heights = [height for _, height in points if height is not None]
    sample = heights[:: max(1, len(heights) // 100)]
    return -1 if sum(height < 0 for height in sample) > sum(height > 0 for height in sample) else 1


def _stack(series: Sequence[PlotSeries]) -> None:
    for group in stack_groups(series):
        _stack_group(group.members, is_percent=group.is_percent)


def _covered(places: Sequence[float], points: Points) -> list[float]:
    # The places between the first value and the last.
    present = [at for at, value in points if value is not None]
    return [at for at in places if present and present[0] <= at <= present[-1]]


def _stack_group(members: Sequence[PlotSeries], *, is_percent: bool) -> None:
    places = sorted({at for one in members for at, value in one.points if value is not None})
    values = [dict(one.points) for one in members]
    totals = {at: sum(abs(one.get(at) or 0) for one in values) or 1 for at in places}
    heights = dict.fromkeys(places, 0.0)
    for one, own in zip(members, values, strict=True):
        covered = _covered(places, one.points)
        one.base = [heights[at] for at in covered]
        drawn: Points = []
        for at in covered:
            heights[at] += (own.get(at) or 0) / (totals[at] if is_percent else 1)
            drawn.append((at, heights[at]))
        one.drawn = drawn
