"""Lines through points as commands of SVG paths. Source: the paths of uPlot 1.6.32."""

import math
from collections.abc import Callable, Sequence
from itertools import groupby, pairwise
from typing import Final, TypeAlias

Pixel: TypeAlias = tuple[float, float]
Run: TypeAlias = list[Pixel]
_MOST_POINTS_A_PIXEL: Final = 4


def pixel(value: float) -> str:
    """A coordinate of a path, with one decimal."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")


def runs(
    points: Sequence[tuple[float, float | None]], pixel_of: Callable[[float, float], Pixel]
) -> list[Run]:
    """The pieces of a line between its gaps, in pixels."""
    pieces = []
    for is_gap, piece in groupby(points, key=lambda point: point[1] is None):
        if not is_gap:
            pieces.append(thinned([pixel_of(x, y) for x, y in piece if y is not None]))
    return pieces


def thinned(run: Run) -> Run:
    """A line of many points by its first, lowest, highest and last point in each column of pixels."""
    if len(run) < 2 or len(run) <= _MOST_POINTS_A_PIXEL * max(abs(run[-1][0] - run[0][0]), 1):
        return run
    thin: Run = []
    for _, column in groupby(run, key=lambda point: math.floor(point[0])):
        inside = list(column)
        chosen = {0, len(inside) - 1}
        chosen |= {min(range(len(inside)), key=lambda index: inside[index][1])}
        chosen |= {max(range(len(inside)), key=lambda index: inside[index][1])}
        thin += [inside[index] for index in sorted(chosen)]
    return thin


def line_path(run: Run, interpolation: str = "linear") -> str:
    """The commands of a line, starting with a move."""
    if not run:
        return ""
    start = f"M{pixel(run[0][0])} {pixel(run[0][1])}"
    return start + _continued(run, interpolation)


def area_path(run: Run, edge: Run, interpolation: str = "linear") -> str:
    """The commands of an area between a line and an edge that runs in the same direction."""
    if not run or not edge:
        return ""
    back = list(reversed(edge))
    reverse = {"stepAfter": "stepBefore", "stepBefore": "stepAfter"}.get(interpolation, interpolation)
    closing = f"L{pixel(back[0][0])} {pixel(back[0][1])}" + _continued(back, reverse)
    return f"{line_path(run, interpolation)}{closing}Z"


def _continued(run: Run, interpolation: str) -> str:
    if interpolation == "smooth" and len(run) > 2:
        return _smooth(run)
    commands = []
    for before, after in pairwise(run):
        if interpolation == "stepAfter":
            commands.append(f"H{pixel(after[0])}V{pixel(after[1])}")
        elif interpolation == "stepBefore":
            commands.append(f"V{pixel(after[1])}H{pixel(after[0])}")
        elif before[1] == after[1]:
            commands.append(f"H{pixel(after[0])}")
        else:
            commands.append(f"L{pixel(after[0])} {pixel(after[1])}")
    return "".join(commands)


def _smooth(run: Run) -> str:
    # Monotone cubic interpolation: the line never passes its points.
    deltas = [after[0] - before[0] or 1e-9 for before, after in pairwise(run)]
    rises = [after[1] - before[1] for before, after in pairwise(run)]
    slopes = [rise / delta for rise, delta in zip(rises, deltas, strict=True)]
    tangents = [slopes[0], *(_tangent(index, slopes, deltas) for index in range(1, len(slopes))), slopes[-1]]
    commands = []
    for index, delta in enumerate(deltas):
        (x0, y0), (x1, y1) = run[index], run[index + 1]
        first = (x0 + delta / 3, y0 + tangents[index] * delta / 3)
        second = (x1 - delta / 3, y1 - tangents[index + 1] * delta / 3)
        commands.append("C" + " ".join(pixel(part) for point in (first, second, (x1, y1)) for part in point))
    return "".join(commands)


def _tangent(index: int, slopes: Sequence[float], deltas: Sequence[float]) -> float:
    before, after = slopes[index - 1], slopes[index]
    if before * after <= 0:
        return 0
    common = 3 * (deltas[index - 1] + deltas[index])
    return common / (
        (2 * deltas[index] + deltas[index - 1]) / before + (deltas[index] + 2 * deltas[index - 1]) / after
    )
