"""The numbers of a chart, as short as they can be without a viewer seeing a difference."""

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from dashgen.core.json_values import Json
from dashgen.drawing.plots.plot_series import PlotSeries, Points

MOST_POINTS: Final = 4000
"""How many points a line has at most: about four for each pixel of a wide window."""
_POINTS_OF_A_COLUMN: Final = 4
_DIGITS: Final = 9


def short_number(value: float | None) -> float | None:
    """A number without digits that no chart shows; None for what is none."""
    if value is None or not math.isfinite(value):
        return None
    if value == int(value) and abs(value) < 2**53:
        return int(value)
    return float(f"{value:.{_DIGITS}g}")


def runs_of(places: Sequence[float]) -> list[list[float]]:
    """Places on an axis as runs at equal distances: the first, the distance and the count of each."""
    runs: list[list[float]] = []
    for position in places:
        last = runs[-1] if runs else None
        if last is None or (last[2] > 1 and position != last[0] + last[1] * last[2]):
            runs.append([position, 0, 1])
        elif last[2] == 1:
            last[1:] = [position - last[0], 2]
        else:
            last[2] += 1
    return [[short_number(number) or 0 for number in run] for run in runs]


def chart_tables(series: Sequence[PlotSeries]) -> tuple[list[Json], list[tuple[int, int]]]:
    """The points of series as tables of those with the same places, and the table and column of each.

    A value that is None is a gap. A place that a table does not have is none for its series.
    """
    places: list[tuple[float, ...]] = []
    columns: list[list[list[float | None]]] = []
    positions = []
    for one in series:
        points = thinned_points(one)
        own = tuple(x for x, _ in points)
        if own not in places:
            places.append(own)
            columns.append([])
        index = places.index(own)
        columns[index].append([short_number(value) for _, value in points])
        positions.append((index, len(columns[index]) - 1))
    tables: list[Json] = [
        {"x": runs_of(own), "columns": held} for own, held in zip(places, columns, strict=True)
    ]
    return tables, positions


def thinned_points(series: PlotSeries) -> Points:
    """The points of a series, or those that are seen of very many.

    Of a line that is the first, the lowest, the highest and the last of each column of pixels. Values of a
    stack, which have to stay at one place, and bars are the last one of each column.
    """
    points = series.points
    if len(points) <= MOST_POINTS:
        return points
    is_single = series.style == "bars" or series.base is not None
    count = MOST_POINTS if is_single else MOST_POINTS // _POINTS_OF_A_COLUMN
    width = (points[-1][0] - points[0][0]) / count or 1
    thin: Points = []
    for column, inside in groupby(points, key=lambda point: (point[0] - points[0][0]) // width):
        chosen = list(inside)
        if is_single:
            thin.append((points[0][0] + column * width, chosen[-1][1]))
        else:
            thin += _ends_of(chosen)
    return thin


def _ends_of(points: Points) -> Iterator[tuple[float, float | None]]:
    indexes = {0, len(points) - 1}
    present = [index for index, (_, value) in enumerate(points) if value is not None]
    gap = next((index for index, (_, value) in enumerate(points) if value is None), None)
    if present:
        indexes |= {
            min(present, key=lambda index: points[index][1] or 0.0),
            max(present, key=lambda index: points[index][1] or 0.0),
        }
    if gap is not None:
        indexes.add(gap)
    return (points[index] for index in sorted(indexes))
