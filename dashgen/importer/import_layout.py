"""Places on the grid in the words of specs: nothing where panels flow, else widths, heights, or a place."""

from collections import Counter
from dataclasses import dataclass, field

from dashgen.compile.settle.settle_layout import Item, flow
from dashgen.core.json_values import Json
from dashgen.formats.panel_tree import COLUMNS
from dashgen.model.panel_spec import At
from dashgen.model.settled_dashboard import Grid

_MANY = 40


@dataclass(slots=True)
class Layout:
    """What a row and its panels have to say; ``height`` is what most of the panels have."""

    height: int
    columns: int | None = None
    panels: list[Json] = field(default_factory=list)


def layout(grids: list[Json], *, in_row: bool) -> Layout:
    """The shortest words for places on the grid, counted from the top of a row or of the dashboard.

    Args:
        grids: the places.
        in_row: whether there is a row that can say how many columns its panels have.
    """
    wanted = [Grid(grid["x"], grid["y"], grid["w"], grid["h"]) for grid in grids]
    height = Counter(grid.h for grid in wanted).most_common(1)[0][0] if wanted else 8
    heights = [{"height": grid.h} if grid.h != height else {} for grid in wanted]
    counts = _column_counts(wanted) if in_row else []
    for columns in (None, *counts):
        if _flows(wanted, heights, height, columns):
            return Layout(height, columns, [dict(words) for words in heights])
    best = _with_widths(wanted, heights, height, counts)
    return best if best is not None else _with_places(wanted, heights, height)


def _column_counts(wanted: list[Grid]) -> list[int]:
    widths = Counter(grid.w for grid in wanted)
    return [COLUMNS // width for width, _ in widths.most_common(3) if COLUMNS % width == 0]


def _flows(wanted: list[Grid], words: list[Json], height: int, columns: int | None) -> bool:
    items = [
        Item(
            said.get("width", COLUMNS // columns if columns else None),
            said.get("height", height),
            At(**said["at"]) if "at" in said else None,
        )
        for said in words
    ]
    return flow(items, 0)[0] == wanted


def _with_widths(wanted: list[Grid], heights: list[Json], height: int, counts: list[int]) -> Layout | None:
    """Widths where they are needed: first of all panels, then without those that make no difference."""
    every = [{"width": grid.w, **words} for grid, words in zip(wanted, heights, strict=True)]
    if not _flows(wanted, every, height, None):
        return None
    found = [Layout(height, None, _thinned(wanted, every, height))] if len(wanted) <= _MANY else []
    for columns in counts:
        width = COLUMNS // columns
        words = [{k: v for k, v in said.items() if (k, v) != ("width", width)} for said in every]
        found.append(Layout(height, columns, words))
    found.append(Layout(height, None, every))
    return min(found, key=lambda one: (one.columns is not None) + sum("width" in said for said in one.panels))


def _thinned(wanted: list[Grid], every: list[Json], height: int) -> list[Json]:
    words = [dict(said) for said in every]
    for said in reversed(words):
        width = said.pop("width")
        if not _flows(wanted, words, height, None):
            said["width"] = width
    return [{**({"width": said["width"]} if "width" in said else {}), **said} for said in words]


def _with_places(wanted: list[Grid], heights: list[Json], height: int) -> Layout:
    """Places for as few of the first panels as leave the others flowing below them."""
    places = [{"at": {"x": g.x, "y": g.y, "w": g.w, "h": g.h}} for g in wanted]
    if len(wanted) <= _MANY:
        for count in range(1, len(wanted)):
            rest = layout_rest(wanted[count:], heights[count:], height)
            words = [*places[:count], *rest]
            if _flows(wanted, words, height, None):
                return Layout(height, None, words)
    return Layout(height, None, places)


def layout_rest(wanted: list[Grid], heights: list[Json], height: int) -> list[Json]:
    """Words for the panels that flow below those with a place."""
    top = min(grid.y for grid in wanted)
    moved = [Grid(grid.x, grid.y - top, grid.w, grid.h) for grid in wanted]
    if _flows(moved, heights, height, None):
        return heights
    return [{"width": grid.w, **words} for grid, words in zip(wanted, heights, strict=True)]
