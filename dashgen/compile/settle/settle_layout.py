"""Lay panels out on Grafana's grid of 24 columns: rows flow from left to right and wrap.

Panels without a width share a line equally; an explicit ``at`` is kept and the flow starts below it.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.panel_tree import COLUMNS
from dashgen.model.panel_spec import At
from dashgen.model.settled_dashboard import AutoGrid, Grid, auto_grid_json

HEADER_HEIGHT = 1
MAX_EQUAL = 6
"""Panels without a width that share a line at most."""
_MIN_SHARE = 4
"""Columns that a panel without a width gets beside others at least."""
_PART = lazy_pattern(r"[1-9][0-9]{0,3}")
_PLACES = 1 << 10


class LayoutItem(Struct):
    """What layout needs to know of a panel: its width in columns if it has one, its height, or its place."""

    width: int | None
    height: int
    at: At | None = None


def columns(width: int | str) -> int:
    """A width in columns: a number of columns, or a fraction of the line such as ``1/3``.

    Raises:
        ValueError: it is neither, or not between 1 and 24 columns.
    """
    if isinstance(width, str):
        top, slash, bottom = width.partition("/")
        if not (slash and _PART.fullmatch(top.strip()) and _PART.fullmatch(bottom.strip())):
            raise ValueError(f"`{width}` is not a width")
        width = COLUMNS * int(top) // int(bottom)
    if not 1 <= width <= COLUMNS:
        raise ValueError(f"a width is 1 to {COLUMNS} columns")
    return width


def flow(items: Sequence[LayoutItem], top: int) -> tuple[list[Grid], int]:
    """The places of the panels of one row, and the first free grid row below them."""
    below = max([top, *(top + item.at.y + item.at.h for item in items if item.at)])
    flowing = [item for item in items if item.at is None]
    placed = iter(_lines(flowing, _widths(flowing), below))
    grids = [
        Grid(item.at.x, top + item.at.y, item.at.w, item.at.h) if item.at else next(placed) for item in items
    ]
    return grids, max([top, *(grid.y + grid.h for grid in grids)])


def auto_flow(count: int, layout: AutoGrid, top: int) -> tuple[list[Grid], int]:
    """The places in the classic form of panels that arrange themselves, and the first free row below them."""
    from dashgen.formats.v2 import auto_grid_places  # a dozen modules, for dashboards that need them

    places = auto_grid_places(count, auto_grid_json(layout), top)
    grids = [_grid(position["x"], position["y"], position["w"], position["h"]) for position in places]
    return grids, max([top, *(grid.y + grid.h for grid in grids)])


def _widths(items: Sequence[LayoutItem]) -> list[int]:
    """The width of each panel; those without one share what the others leave, or lines of their own."""
    free = sum(item.width is None for item in items)
    if not free:
        # Every width is given: lines break where the next panel does not fit.
        return [item.width or 0 for item in items]
    left = COLUMNS - sum(item.width or 0 for item in items)
    # On one line where each gets four columns, and at most six have a whole line; else on lines of their own.
    if left >= free * _MIN_SHARE and (free <= MAX_EQUAL or left < COLUMNS):
        shares = _shares(left, free)
    else:
        lines = -(-free // MAX_EQUAL)  # rounded up
        per_line = -(-free // lines)
        shares = [
            share
            for start in range(0, free, per_line)
            for share in _shares(COLUMNS, min(per_line, free - start))
        ]
    shared = iter(shares)
    return [next(shared) if item.width is None else item.width for item in items]


def _shares(total: int, count: int) -> list[int]:
    each, rest = divmod(total, count)
    return [each + (i < rest) for i in range(count)]


def _lines(items: Sequence[LayoutItem], widths: Sequence[int], top: int) -> Iterator[Grid]:
    """Grids from left to right; what does not fit starts a line below the tallest of the line."""
    x, y, tallest = 0, top, 0
    for item, width in zip(items, widths, strict=True):
        if x + width > COLUMNS:
            x, y, tallest = 0, y + tallest, 0
        yield _grid(x, y, width, item.height)
        x += width
        tallest = max(tallest, item.height)


@lru_cache(maxsize=_PLACES)
def _grid(x: int, y: int, w: int, h: int) -> Grid:
    return Grid(x, y, w, h)


def overlaps(grids: Sequence[Grid]) -> Iterator[tuple[int, int]]:
    """Pairs of grids, by index, of which the second covers a cell of the first, which it is once."""
    # From the top down: a grid is compared with those only that reach below its top.
    order = sorted(range(len(grids)), key=lambda i: (grids[i].y, i))
    active: list[int] = []
    for index in order:
        grid = grids[index]
        active = [i for i in active if grids[i].y + grids[i].h > grid.y]
        other = next(
            (i for i in active if grids[i].x < grid.x + grid.w and grid.x < grids[i].x + grids[i].w), None
        )
        if other is None:
            active.append(index)
        else:
            yield min(other, index), max(other, index)
