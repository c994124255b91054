"""Panels of a dashboard brought to their places on the grid."""

from collections.abc import Iterable, Iterator, Mapping

from dashgen.core.json_values import Json, at
from dashgen.model.settled_dashboard import Grid, SettledPanel, SettledRow
from dashgen.source.edit import MoveItem
from dashgen.sync.pull.dashboard_keys import DashboardKeys
from dashgen.sync.pull.dashboard_search import DashboardEditor
from dashgen.sync.pull.data_changes import DataChange, moves
from dashgen.sync.pull.grid_spread import GRID_KEYS, GridPlaces, fewest_keys
from dashgen.sync.pull.loop_iterations import iteration_of, moved_item
from dashgen.sync.pull.search import CountedPaths
from dashgen.sync.pull.value_origins import REMOVED


def take_layout(editor: DashboardEditor, goal: DashboardKeys) -> None:
    """Bring every panel to its place: first into the right order, then with widths, heights and positions."""
    if not editor.rest:
        return
    layout = _Layout(editor, goal.grids)
    layout.order_rows([row.id for row in goal.rows if row.id is not None])
    numbers = range(len(editor.rows))
    for number in numbers:
        layout.order_panels(number)
    if not layout.settle(numbers):
        # Together the rows do not come to their places; then each that does.
        for number in numbers:
            if not layout.settle([number]):
                layout.settle_unrolled(number)


def layout_cost(editor: DashboardEditor, goal: DashboardKeys) -> int:
    """How many keys would bring every panel to its place."""
    return _Layout(editor, goal.grids).cost()


class _Layout:
    """The places of a dashboard's panels: those of the goal by panel, and the keys that give them."""

    def __init__(self, editor: DashboardEditor, grids: Mapping[int, Json]) -> None:
        self.editor = editor
        self.grids = grids

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

    def order_rows(self, order: list[int]) -> None:
        """Bring rows into the order of the goal, when the document itself lists each."""
        rows = at(self.editor.resolved.document.data, ("rows",))
        now = [number for number, _ in self.editor.headers if number is not None]
        # Rows of loops and components have no line of their own to move.
        if sorted(now) != sorted(order) or not isinstance(rows, list) or len(rows) != len(now):
            return
        edits = [
            self.editor.document_edit(MoveItem(("rows",), move.index, move.to)) for move in moves(now, order)
        ]
        if edits:
            self.editor.attempt(edits, list(self.editor.rest), CountedPaths.EVERYTHING)

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
        then = fewest_keys(now, goal_grids, in_row=is_in_row)
        row_path = row.path if is_in_row else ()
        for key, before, after in (
            ("height", now.height, then.height),
            ("columns", now.columns, then.columns),
        ):
            if before != after:
                yield DataChange((*row_path, key), REMOVED if after is None else after)
        for panel, old, new in zip(row.panels, now.panels, then.panels, strict=True):
            for key in GRID_KEYS:
                if old.get(key) != new.get(key):
                    yield DataChange((*panel.path, key), new.get(key, REMOVED))

    def _places(self, row: SettledRow) -> GridPlaces:
        """The keys of a row and its panels that give places now."""
        spec = self.editor.built.settled.dashboard
        panels_now = [_grid_keys(panel) for panel in row.panels]
        if row.path == ("panels",):
            return GridPlaces(spec.height, None, panels_now)
        row_spec = spec.rows[int(row.path[1])]
        return GridPlaces(row_spec.height or spec.height, row_spec.columns, panels_now)


def _grid_keys(panel: SettledPanel) -> Json:
    keys: Json = {"width": panel.panel.width, "height": panel.panel.height}
    if (position := panel.panel.at) is not None:
        keys["at"] = {"x": position.x, "y": position.y, "w": position.w, "h": position.h}
    return {key: value for key, value in keys.items() if value is not None}
