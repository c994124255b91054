"""How several values share a panel. Source: components/VizRepeater of @grafana/ui 12.4.3."""

import math
from typing import Final

from dashgen.drawing.svg.elements import Box

_SPACING: Final = 10.0
_MOST_ROWS: Final = 5


def cells(box: Box, count: int, *, is_stacked: bool, spacing: float = _SPACING) -> list[Box]:
    """The rooms of values below each other, or beside each other."""
    if count <= 1:
        return [box] * count
    if is_stacked:
        height = (box.height - spacing * (count - 1)) / count
        return [Box(box.x, box.y + (height + spacing) * index, box.width, height) for index in range(count)]
    width = (box.width - spacing * (count - 1)) / count
    return [Box(box.x + (width + spacing) * index, box.y, width, box.height) for index in range(count)]


def grid_cells(box: Box, count: int, spacing: float = _SPACING) -> list[Box]:
    """The rooms of values in a grid, chosen so that each is as large as can be."""
    best, columns = 0.0, 1
    for number in range(1, count + 1):
        rows = math.ceil(count / number)
        width = (box.width - spacing * (number - 1)) / number
        height = (box.height - spacing * (rows - 1)) / rows
        size = min(width, height * 2)
        if size > best:
            best, columns = size, number
    rows = math.ceil(count / columns)
    rooms = []
    for row, part in enumerate(cells(box, rows, is_stacked=True, spacing=spacing)):
        rooms += cells(part, min(columns, count - row * columns), is_stacked=False, spacing=spacing)
    return rooms
