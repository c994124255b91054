"""Words for places on the grid: as few other ones than those that are there as possible."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from dashgen.compile.settle.settle_layout import LayoutItem, columns, flow
from dashgen.core.json_values import Json
from dashgen.formats.panel_tree import COLUMNS
from dashgen.importer.import_layout import layout
from dashgen.model.panel_spec import At
from dashgen.model.settled_dashboard import Grid

WORDS: Final = ("width", "height", "at")


@dataclass(frozen=True, slots=True)
class GridPlaces:
    """What a row and its panels say of places."""

    height: int
    columns: int | None
    panels: list[Json]

    def flow_to(self, goal_grids: list[Grid]) -> bool:
        """Whether they bring the panels to where they should be."""
        items = [
            LayoutItem(
                self._width(panel_keys),
                panel_keys.get("height", self.height),
                At(**panel_keys["at"]) if "at" in panel_keys else None,
            )
            for panel_keys in self.panels
        ]
        return flow(items, 0)[0] == goal_grids

    def _width(self, panel_keys: Json) -> int | None:
        width: int | str | None = panel_keys.get("width")
        if width is None:
            return COLUMNS // self.columns if self.columns else None
        return columns(width)

    def changes(self, other: "GridPlaces") -> int:
        """How many words differ."""
        own = int(self.height != other.height) + int(self.columns != other.columns)
        pairs = zip(self.panels, other.panels, strict=True)
        return own + sum(bool(one.get(word) != two.get(word)) for one, two in pairs for word in WORDS)


def solved(now: GridPlaces, goal_grids: list[Grid], *, in_row: bool) -> GridPlaces:
    """What a row and its panels should say; as little as possible is another word than now.

    Args:
        now: what they say.
        goal_grids: where the panels should be, counted from the top of the row.
        in_row: whether the row can say how many columns its panels have.
    """
    if now.flow_to(goal_grids):
        return now
    fitting = [
        _thinned(now, tried, goal_grids)
        for tried in _tries(now, goal_grids, in_row=in_row)
        if tried.flow_to(goal_grids)
    ]
    if not fitting:
        places = [{"at": {"x": grid.x, "y": grid.y, "w": grid.w, "h": grid.h}} for grid in goal_grids]
        fitting = [_thinned(now, replace(now, panels=places), goal_grids)]
    return min(fitting, key=now.changes)


def _tries(now: GridPlaces, goal_grids: list[Grid], *, in_row: bool) -> Iterator[GridPlaces]:
    common = Counter(grid.h for grid in goal_grids).most_common(1)[0][0]
    widths = (
        {COLUMNS // grid.w for grid in goal_grids if COLUMNS % grid.w == 0}
        if in_row and len(goal_grids) > 1
        else set()
    )
    for height in dict.fromkeys((now.height, common)):
        tall = [
            _with(panel_keys, "height", g.h if g.h != height else None)
            for panel_keys, g in zip(now.panels, goal_grids, strict=True)
        ]
        flat = [{key: value for key, value in panel_keys.items() if key != "at"} for panel_keys in tall]
        for panels in (tall, flat):
            yield GridPlaces(height, now.columns, panels)
            bare = [_with(panel_keys, "width", None) for panel_keys in panels]
            for count in (None, *sorted(widths - {1})):
                if count == now.columns or in_row:
                    yield GridPlaces(height, count, bare)
            every = [
                _with(panel_keys, "width", grid.w)
                for panel_keys, grid in zip(panels, goal_grids, strict=True)
            ]
            yield GridPlaces(height, now.columns, every)
    grid_layout = layout([{"x": g.x, "y": g.y, "w": g.w, "h": g.h} for g in goal_grids], in_row=in_row)
    placed_panels = [
        panel_keys if "at" in panel_keys else {"height": grid_layout.height, **panel_keys}
        for panel_keys in grid_layout.panels
    ]
    yield GridPlaces(now.height, grid_layout.columns if in_row else now.columns, placed_panels)


def _with(panel_keys: Json, word: str, value: Any) -> Json:
    if "at" in panel_keys:
        return panel_keys
    rest = {key: part for key, part in panel_keys.items() if key != word}
    return rest if value is None else {**rest, word: value}


def _thinned(now: GridPlaces, solution: GridPlaces, goal_grids: list[Grid]) -> GridPlaces:
    """The same without what is not needed: as it is now where that does, or not said at all."""
    thinned_panels = [dict(panel_keys) for panel_keys in solution.panels]
    for number, panel_keys in enumerate(thinned_panels):
        fewer = ({key: value for key, value in panel_keys.items() if key != word} for word in panel_keys)
        for shorter in (now.panels[number], *fewer):
            tried = [*thinned_panels[:number], shorter, *thinned_panels[number + 1 :]]
            if replace(solution, panels=tried).flow_to(goal_grids):
                thinned_panels = tried
                break
    return replace(solution, panels=thinned_panels)
