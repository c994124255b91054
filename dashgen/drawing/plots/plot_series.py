"""The series of a chart over time or numbers, from the fields of frames.

Source: panel/timeseries/utils.ts of Grafana 12.4.3, and components/uPlot/utils.ts of @grafana/ui 12.4.3.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

from msgspec import Struct

from dashgen.core.json_values import Json, mapping, text, whole
from dashgen.drawing.fields.frames import Field, Frame, number_or_none
from dashgen.drawing.plots.number_axis import AxisLimits

Points: TypeAlias = list[tuple[float, float | None]]
"""Places on the x axis with their values; None is a gap."""
_TIMES_A_GAP = 1.0


class PlotSeries(Struct):
    """A line, a set of bars or of points.

    Attributes:
        points: what the data says.
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
        """What its config says about its axis."""
        config, custom = self.field.config, self.custom
        distribution = mapping(custom.get("scaleDistribution"))
        is_log = distribution.get("type") in {"log", "symlog"}
        decimals = config.get("decimals")
        return AxisLimits(
            number_or_none(config.get("min")),
            number_or_none(config.get("max")),
            number_or_none(custom.get("axisSoftMin")),
            number_or_none(custom.get("axisSoftMax")),
            whole(distribution.get("log"), 2) if is_log else 0,
            None if decimals is None else whole(decimals),
            bool(custom.get("axisCenteredZero")),
        )

    def extent(self) -> tuple[float, float] | None:
        """The least and the greatest height."""
        heights = [height for _, height in self.drawn if height is not None]
        heights += self.base if self.base is not None and self.style == "bars" else []
        return (min(heights), max(heights)) if heights else None


def plot_series(frames: Sequence[Frame], *, x_kind: str = "time") -> list[PlotSeries]:
    """The series that a chart shows; fields that are hidden in it are left out."""
    series: list[PlotSeries] = []
    for frame in frames:
        x = frame.first("time") if x_kind == "time" else frame.first("number")
        for field in frame.fields if x is not None else ():
            if x is None or field is x or field.kind not in {"number", "boolean"} or _is_hidden(field, "viz"):
                continue
            # Colours are counted over the values only, as the x axis may be a field like them.
            field.series_index = len(series)
            points = _points(x, field)
            series.append(PlotSeries(field, points, points))
    _stack(series)
    return series


def _is_hidden(field: Field, where: str) -> bool:
    return bool(mapping(mapping(field.config.get("custom")).get("hideFrom")).get(where))


def in_legend(series: Sequence[PlotSeries]) -> list[PlotSeries]:
    """The series that the legend lists."""
    return [one for one in series if not _is_hidden(one.field, "legend")]


def _points(x: Field, field: Field) -> Points:
    custom = mapping(field.config.get("custom"))
    sign = -1 if custom.get("transform") == "negative-Y" else 1
    no_value = field.config.get("noValue")
    points: Points = []
    for at, value in zip(x.values, field.values, strict=False):
        x_value = number_or_none(at)
        height = float(value) if isinstance(value, bool) else number_or_none(value)
        if height is None and isinstance(no_value, str) and no_value.lstrip("-").isdecimal():
            height = float(no_value)
        if x_value is not None:
            is_finite = height is not None and math.isfinite(height)
            points.append((x_value, height * sign if height is not None and is_finite else None))
    if any(before[0] > after[0] for before, after in pairwise(points)):
        points.sort(key=lambda point: point[0])
    return _with_gaps(points, number_or_none(x.config.get("interval")), custom)


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


def _stack(series: Sequence[PlotSeries]) -> None:
    groups: dict[tuple[str, str, str], list[PlotSeries]] = {}
    for one in series:
        stacking = mapping(one.custom.get("stacking"))
        mode = text(stacking.get("mode")) or "none"
        if mode in {"normal", "percent"}:
            sign = "-" if all((height or 0) <= 0 for _, height in one.points) else "+"
            groups.setdefault((mode, text(stacking.get("group")), sign), []).append(one)
    for (mode, _, _), members in groups.items():
        _stack_group(members, is_percent=mode == "percent")


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
