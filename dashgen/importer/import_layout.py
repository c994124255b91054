"""Find the keys for places on the grid: none where panels flow, else widths, heights, or places.

Each candidate is laid out as the compiler lays it out, and compared with the places that the dashboard has.
"""

from collections import Counter

from msgspec import Struct

from dashgen.compile.settle.settle_layout import LayoutItem, flow
from dashgen.core.json_values import Json
from dashgen.formats.panel_tree import COLUMNS
from dashgen.model.panel_spec import At
from dashgen.model.settled_dashboard import Grid

_MANY = 40


class RowLayout(Struct):
    """The keys of a row and of each of its panels; ``height`` is that of most of the panels."""

    height: int
    columns: int | None = None
    panels: list[Json] = []


def layout(grids: list[Json], *, in_row: bool) -> RowLayout:
    """The shortest keys for places on the grid.

    Before: ``[{"x": 0, "y": 0, "w": 12, "h": 8}, {"x": 12, "y": 0, "w": 12, "h": 10}]``
    After: ``RowLayout(height=8, columns=2, panels=[{}, {"height": 10}])``

    Args:
        grids: the places, counted from the top of a row or of the dashboard.
        in_row: whether there is a row, which can have ``columns``.
    """
    # From the shortest to the longest: flowing in columns, then with widths, and places only where
    # nothing else will do.
    goal = [Grid(grid["x"], grid["y"], grid["w"], grid["h"]) for grid in grids]
    height = Counter(grid.h for grid in goal).most_common(1)[0][0] if goal else 8
    heights = [{"height": grid.h} if grid.h != height else {} for grid in goal]
    counts = _column_counts(goal) if in_row else []
    for columns in (None, *counts):
        if _flows(goal, heights, height, columns):
            return RowLayout(height, columns, [dict(keys) for keys in heights])
    best = _with_widths(goal, heights, height, counts)
    return best if best is not None else _with_places(goal, heights, height)


def _column_counts(goal: list[Grid]) -> list[int]:
    widths = Counter(grid.w for grid in goal)
    return [COLUMNS // width for width, _ in widths.most_common(3) if COLUMNS % width == 0]


def _flows(goal: list[Grid], positions: list[Json], height: int, columns: int | None) -> bool:
    items = [
        LayoutItem(
            position.get("width", COLUMNS // columns if columns else None),
            position.get("height", height),
            At(**position["at"]) if "at" in position else None,
        )
        for position in positions
    ]
    return flow(items, 0)[0] == goal


def _with_widths(goal: list[Grid], heights: list[Json], height: int, counts: list[int]) -> RowLayout | None:
    """Widths where they are needed; nothing when panels do not flow into their places with all widths."""
    every = [{"width": grid.w, **positions} for grid, positions in zip(goal, heights, strict=True)]
    if not _flows(goal, every, height, None):
        return None
    # Each width that is left out costs a layout of all panels, so long rows keep all of theirs.
    layouts = [RowLayout(height, None, _thinned(goal, every, height))] if len(goal) <= _MANY else []
    for columns in counts:
        width = COLUMNS // columns
        positions = [{k: v for k, v in position.items() if (k, v) != ("width", width)} for position in every]
        layouts.append(RowLayout(height, columns, positions))
    layouts.append(RowLayout(height, None, every))
    return min(
        layouts,
        key=lambda layout_of_row: (
            (layout_of_row.columns is not None)
            + sum("width" in position for position in layout_of_row.panels)
        ),
    )


def _thinned(goal: list[Grid], every: list[Json], height: int) -> list[Json]:
    """The positions without the widths that make no difference, from the last panel to the first."""
    positions = [dict(position) for position in every]
    for position in reversed(positions):
        width = position.pop("width")
        if not _flows(goal, positions, height, None):
            position["width"] = width
    return [
        {**({"width": position["width"]} if "width" in position else {}), **position}
        for position in positions
    ]


def _with_places(goal: list[Grid], heights: list[Json], height: int) -> RowLayout:
    """Places for as few of the first panels as leave the others flowing below them."""
    places = [{"at": {"x": g.x, "y": g.y, "w": g.w, "h": g.h}} for g in goal]
    if len(goal) <= _MANY:
        for count in range(1, len(goal)):
            rest = rest_positions(goal[count:], heights[count:], height)
            positions = [*places[:count], *rest]
            if _flows(goal, positions, height, None):
                return RowLayout(height, None, positions)
    return RowLayout(height, None, places)


def rest_positions(goal: list[Grid], heights: list[Json], height: int) -> list[Json]:
    """Keys for the panels that flow below those with a place."""
    top = min(grid.y for grid in goal)
    moved = [Grid(grid.x, grid.y - top, grid.w, grid.h) for grid in goal]
    if _flows(moved, heights, height, None):
        return heights
    return [{"width": grid.w, **keys} for grid, keys in zip(goal, heights, strict=True)]
