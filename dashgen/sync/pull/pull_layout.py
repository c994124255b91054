"""Panels of a dashboard brought to their places on the grid."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from dashgen.compile.settle.settle_layout import LayoutItem, columns, flow
from dashgen.core.json_values import Json, at
from dashgen.formats.panel_tree import COLUMNS
from dashgen.importer.import_layout import layout
from dashgen.model.panel_spec import At
from dashgen.model.settled_dashboard import Grid, SettledPanel, SettledRow
from dashgen.source.edit import MoveItem
from dashgen.sync.pull.dashboard_keys import DashboardKeys
from dashgen.sync.pull.dashboard_search import DashboardEditor
from dashgen.sync.pull.data_changes import DataChange, moves
from dashgen.sync.pull.loop_iterations import iteration_of, moved_item
from dashgen.sync.pull.search import CountedPaths
from dashgen.sync.pull.value_origins import REMOVED

_GRID_KEYS: Final = ("width", "height", "at")


def take_layout(editor: DashboardEditor, goal: DashboardKeys) -> None:
    """Bring every panel to its place: first into the right order, then with widths, heights and positions."""
    if not editor.rest:
        return
    places = _Layout(editor, goal)
    order_sections(editor, goal)
    numbers = range(len(editor.rows))
    for number in numbers:
        places.order_panels(number)
    if not places.settle(numbers):
        # Together the rows do not come to their places; then each that does.
        for number in numbers:
            if not places.settle([number]):
                places.settle_unrolled(number)


def order_sections(editor: DashboardEditor, goal: DashboardKeys) -> None:
    """Bring rows and tabs into the order of the goal, wherever the document itself lists each."""
    parents = dict.fromkeys(row.parent for row in goal.rows if row.id is not None)
    for order in ([row.id for row in goal.children(parent)] for parent in parents):
        rows = [(number, row) for number, row in editor.headers if number in order]
        now = [number for number, _ in rows]
        lists = {row.path[:-1] for _, row in rows}
        if now == order or len(lists) != 1 or sorted(map(str, now)) != sorted(map(str, order)):
            continue
        path = lists.pop()
        listed = at(editor.resolved.document.data, path)
        # Rows of loops and components have no line of their own to move.
        if not isinstance(listed, list) or len(listed) != len(now):
            continue
        edits = [editor.document_edit(MoveItem(path, move.index, move.to)) for move in moves(now, order)]
        editor.attempt(edits, list(editor.rest), CountedPaths.EVERYTHING)


def layout_cost(editor: DashboardEditor, goal: DashboardKeys) -> int:
    """How many keys would bring every panel to its place."""
    return _Layout(editor, goal).cost()


class _GridPlaces(Struct, frozen=True):
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

    def changes_from(self, now: "_GridPlaces") -> int:
        """How many keys are others than now."""
        own = int(self.height != now.height) + int(self.columns != now.columns)
        pairs = zip(self.panels, now.panels, strict=True)
        return own + sum(bool(mine.get(key) != old.get(key)) for mine, old in pairs for key in _GRID_KEYS)


class _Layout:
    """The places of a dashboard's panels: those of the goal by panel, and the keys that give them."""

    def __init__(self, editor: DashboardEditor, goal: DashboardKeys) -> None:
        self.editor = editor
        self.grids = goal.grids
        self.arranged = goal.arranged

    def settle(self, numbers: Iterable[int]) -> bool:
        """Bring the panels of some rows to their places; whether they are there."""
        rows = self.editor.rows
        changes = [change for number in numbers for change in self._changes(rows[number])]
        # A panel that grows moves all others, so each part may differ in other ways than before.
        parts = dict.fromkeys([*(f"panel {number}" for number in self.editor.panels), *self.editor.rest])
        return not changes or self.editor.attempt_changes([changes], parts, CountedPaths.EVERYTHING)

    def settle_unrolled(self, number: int) -> None:
        """Write out the loops of a row whose iterations need different keys, and place its panels."""
        snapshot, row = self.editor.search.state, self.editor.rows[number]
        # The panels whose keys have to change are those whose iterations need other ones.
        paths = {change.path[: len(panel.path)] for change in self._changes(row) for panel in row.panels}
        moved = [self.editor.goal_id(panel) for panel in row.panels if panel.path in paths]
        if not self.editor.unroll(moved) or not self.settle([number]):
            self.editor.search.state = snapshot

    def order_panels(self, number: int) -> None:
        """Bring the panels of a row into the order of their places, if fewer keys are needed then.

        Panels with a position of their own stay: it does not follow from their order.
        """
        row = self.editor.rows[number]
        ids = [self.editor.goal_id(panel) for panel in row.panels]
        if not all(one in self.grids for one in ids) or any(panel.panel.at for panel in row.panels):
            return
        order = sorted(ids, key=lambda one: (self.grids[one]["y"], self.grids[one]["x"]))
        iterations = [iteration_of(self.editor.resolved, panel.path) for panel in row.panels]
        edits = [moved_item(iterations, move.index, move.to) for move in moves(ids, order)]
        move_edits = [edit for edit in edits if edit]
        if not move_edits or len(move_edits) < len(edits):
            return
        parts = [f"panel {one}" for one in ids]
        if self.arranged.issuperset(ids):
            # Here the order is what a viewer sees, and nothing else gives the places.
            self.editor.attempt(move_edits, parts, CountedPaths.EVERYTHING)
            return
        # A move without a key less is a change of the file that nobody made.
        snapshot, cost = self.editor.search.state, self.cost()
        if self.editor.search.move(self.editor.uid, move_edits) and self.cost() >= cost:
            self.editor.search.state = snapshot

    def cost(self) -> int:
        """How many keys would bring every panel to its place."""
        return sum(1 for row in self.editor.rows for _ in self._changes(row))

    def _changes(self, row: SettledRow) -> Iterator[DataChange]:
        """The changes of keys that bring the panels of a row to their places."""
        ids = [self.editor.goal_id(panel) for panel in row.panels]
        if not row.panels or not all(number in self.grids for number in ids):
            return
        if self.arranged.issuperset(ids):
            return
        is_in_row = row.path != ("panels",)
        top = 0
        if row.title is None and is_in_row:
            # The goal does not know rows without a title: places are counted from the row with one above
            # them.
            top = min(self.grids[number]["y"] for number in ids)
        goal_grids = [
            Grid(grid["x"], grid["y"] - top, grid["w"], grid["h"])
            for grid in map(self.grids.__getitem__, ids)
        ]
        now = self._places(row)
        then = _fewest_keys(now, goal_grids, in_row=is_in_row)
        row_path = row.path if is_in_row else ()
        for key, before, after in (
            ("height", now.height, then.height),
            ("columns", now.columns, then.columns),
        ):
            if before != after:
                yield DataChange((*row_path, key), REMOVED if after is None else after)
        for panel, old, new in zip(row.panels, now.panels, then.panels, strict=True):
            for key in _GRID_KEYS:
                if old.get(key) != new.get(key):
                    yield DataChange((*panel.path, key), new.get(key, REMOVED))

    def _places(self, row: SettledRow) -> _GridPlaces:
        """The keys of a row and its panels that give places now."""
        spec = self.editor.built.settled.dashboard
        panels_now = [_grid_keys(panel) for panel in row.panels]
        if row.path == ("panels",):
            return _GridPlaces(spec.height, None, panels_now)
        height, columns_of_row, container = spec.height, None, (spec.rows, spec.tabs)
        for key, number in zip(row.path[::2], row.path[1::2], strict=True):
            section = container[key == "tabs"][int(number)]
            # Sections take on the height of those around them, but not their columns.
            height, columns_of_row = section.height or height, section.columns
            container = (section.rows, section.tabs)
        return _GridPlaces(height, columns_of_row, panels_now)


def _grid_keys(panel: SettledPanel) -> Json:
    keys: Json = {"width": panel.panel.width, "height": panel.panel.height}
    if (position := panel.panel.at) is not None:
        keys["at"] = {"x": position.x, "y": position.y, "w": position.w, "h": position.h}
    return {key: value for key, value in keys.items() if value is not None}


def _fewest_keys(now: _GridPlaces, goal_grids: list[Grid], *, in_row: bool) -> _GridPlaces:
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


def _candidates(now: _GridPlaces, goal_grids: list[Grid], *, in_row: bool) -> Iterator[_GridPlaces]:
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
            yield _GridPlaces(height, now.columns, panels)
            bare = [_with(keys, "width", None) for keys in panels]
            for count in (None, *sorted(column_counts)):
                if count == now.columns or in_row:
                    yield _GridPlaces(height, count, bare)
            widths = [_with(keys, "width", grid.w) for keys, grid in zip(panels, goal_grids, strict=True)]
            yield _GridPlaces(height, now.columns, widths)
    imported = layout([{"x": g.x, "y": g.y, "w": g.w, "h": g.h} for g in goal_grids], in_row=in_row)
    panels = [keys if "at" in keys else {"height": imported.height, **keys} for keys in imported.panels]
    yield _GridPlaces(now.height, imported.columns if in_row else now.columns, panels)


def _with(keys: Json, key: str, value: object) -> Json:
    # A position has a size of its own.
    if "at" in keys:
        return keys
    rest = {other: part for other, part in keys.items() if other != key}
    return rest if value is None else {**rest, key: value}


def _thinned(now: _GridPlaces, places: _GridPlaces, goal_grids: list[Grid]) -> _GridPlaces:
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
