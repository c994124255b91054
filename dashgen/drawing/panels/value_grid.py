"""How several values share a panel. Source: components/VizRepeater of @grafana/ui 12.4.3."""

import math
from functools import lru_cache
from typing import Final

from dashgen.drawing.svg.elements import Box

_SPACING: Final = 10.0
_NARROWEST, _WIDEST, _STEP = 80, 3000, 20


def cells(box: Box, count: int, *, is_stacked: bool, spacing: float = _SPACING) -> list[Box]:
    """The rooms of values below each other, or beside each other."""
    if count <= 1:
        return [box] * count
    if is_stacked:
        height = (box.height - spacing * (count - 1)) / count
        return [Box(box.x, box.y + (height + spacing) * index, box.width, height) for index in range(count)]
    width = (box.width - spacing * (count - 1)) / count
    return [Box(box.x + (width + spacing) * index, box.y, width, box.height) for index in range(count)]


def grid_columns(width: float, height: float, count: int, spacing: float = _SPACING) -> int:
    """How many columns a grid of values has, chosen so that each value is as large as can be."""
    best, columns = 0.0, 1
    for number in range(1, count + 1):
        rows = math.ceil(count / number)
        size = min(
            (width - spacing * (number - 1)) / number, (height - spacing * (rows - 1)) / rows * 2
        )  # fmt: skip
        if size > best:
            best, columns = size, number
    return columns


@lru_cache(maxsize=256)
def column_steps(height: float, count: int, spacing: float = _SPACING) -> tuple[tuple[float, int], ...]:
    """The columns of a grid at any width: from which width on there are how many, from the narrowest up."""
    steps = [(0.0, 1)]
    for width in range(_NARROWEST, _WIDEST, _STEP):
        columns = grid_columns(width, height, count, spacing)
        if columns != steps[-1][1]:
            steps.append((float(width), columns))
    return tuple(steps)


def grid_cells(box: Box, count: int, spacing: float = _SPACING) -> list[Box]:
    """The rooms of values in a grid; those of the last row are wider."""
    columns = grid_columns(box.width, box.height, count, spacing)
    rows = math.ceil(count / columns)
    rooms = []
    for row, part in enumerate(cells(box, rows, is_stacked=True, spacing=spacing)):
        rooms += cells(part, min(columns, count - row * columns), is_stacked=False, spacing=spacing)
    return rooms
