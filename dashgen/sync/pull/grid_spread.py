"""Keys for places on the grid: as few others than those that are there as possible."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from dashgen.compile.settle.settle_layout import LayoutItem, columns, flow
from dashgen.core.json_values import Json
from dashgen.formats.panel_tree import COLUMNS
from dashgen.importer.import_layout import layout
from dashgen.model.panel_spec import At
from dashgen.model.settled_dashboard import Grid

GRID_KEYS: Final = ("width", "height", "at")


class GridPlaces(Struct, frozen=True):
    """The keys of a row and its panels that give places."""

    height: int
    columns: int | None
    panels: list[Json]

    def flow_to(self, goal_grids: list[Grid]) -> bool:
        """Whether they bring the panels to where they should be."""
        items = [
            LayoutItem(
                self._width(keys), keys.get("height", self.height), At(**keys["at"]) if "at" in keys else None
            )
            for keys in self.panels
        ]
        return flow(items, 0)[0] == goal_grids

    def _width(self, keys: Json) -> int | None:
        width: int | str | None = keys.get("width")
        if width is None:
            return COLUMNS // self.columns if self.columns else None
        return columns(width)

    def changes_from(self, now: "GridPlaces") -> int:
        """How many keys are others than now."""
        own = int(self.height != now.height) + int(self.columns != now.columns)
        pairs = zip(self.panels, now.panels, strict=True)
        return own + sum(bool(mine.get(key) != old.get(key)) for mine, old in pairs for key in GRID_KEYS)


def fewest_keys(now: GridPlaces, goal_grids: list[Grid], *, in_row: bool) -> GridPlaces:
    """The keys that a row and its panels should have; as few of them as possible are others than now.

    Args:
        now: those that they have.
        goal_grids: where the panels should be, counted from the top of the row.
        in_row: whether the row can say how many columns its panels have.
    """
    if now.flow_to(goal_grids):
        return now
    candidates = [tried for tried in _candidates(now, goal_grids, in_row=in_row) if tried.flow_to(goal_grids)]
    if not candidates:
        # Positions of their own bring panels anywhere, so they are what is left.
        positions = [{"at": {"x": grid.x, "y": grid.y, "w": grid.w, "h": grid.h}} for grid in goal_grids]
        candidates = [replace(now, panels=positions)]
    thinned = [_thinned(now, candidate, goal_grids) for candidate in candidates]
    return min(thinned, key=lambda places: places.changes_from(now))


def _candidates(now: GridPlaces, goal_grids: list[Grid], *, in_row: bool) -> Iterator[GridPlaces]:
    """What people would write, the nearest to now first.

    Heights of panels or of the row, with widths or columns, and at last what the importer would write.
    """
    common_height = Counter(grid.h for grid in goal_grids).most_common(1)[0][0]
    # `columns` makes panels equally wide, so it needs a width that divides the grid.
    column_counts = set[int]()
    if in_row and len(goal_grids) > 1:
        column_counts = {COLUMNS // grid.w for grid in goal_grids if COLUMNS % grid.w == 0} - {1}
    pairs = list(zip(now.panels, goal_grids, strict=True))
    for height in dict.fromkeys((now.height, common_height)):
        placed = [_with(keys, "height", grid.h if grid.h != height else None) for keys, grid in pairs]
        flowing = [{key: value for key, value in keys.items() if key != "at"} for keys in placed]
        for panels in (placed, flowing):
            yield GridPlaces(height, now.columns, panels)
            bare = [_with(keys, "width", None) for keys in panels]
            for count in (None, *sorted(column_counts)):
                if count == now.columns or in_row:
                    yield GridPlaces(height, count, bare)
            widths = [_with(keys, "width", grid.w) for keys, grid in zip(panels, goal_grids, strict=True)]
            yield GridPlaces(height, now.columns, widths)
    imported = layout([{"x": g.x, "y": g.y, "w": g.w, "h": g.h} for g in goal_grids], in_row=in_row)
    panels = [keys if "at" in keys else {"height": imported.height, **keys} for keys in imported.panels]
    yield GridPlaces(now.height, imported.columns if in_row else now.columns, panels)


def _with(keys: Json, key: str, value: Any) -> Json:
    # A position has a size of its own.
    if "at" in keys:
        return keys
    rest = {other: part for other, part in keys.items() if other != key}
    return rest if value is None else {**rest, key: value}


def _thinned(now: GridPlaces, places: GridPlaces, goal_grids: list[Grid]) -> GridPlaces:
    """The same places with fewer keys: each panel as it is now where that does, or else without one key."""
    panels = [dict(keys) for keys in places.panels]
    for number, keys in enumerate(panels):
        fewer = ({key: value for key, value in keys.items() if key != left_out} for left_out in keys)
        # What it has now costs nothing, even when it is longer.
        for shorter in (now.panels[number], *fewer):
            tried = [*panels[:number], shorter, *panels[number + 1 :]]
            if replace(places, panels=tried).flow_to(goal_grids):
                panels = tried
                break
    return replace(places, panels=panels)
