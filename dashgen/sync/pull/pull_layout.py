"""Panels of a dashboard brought to their places on the grid."""

from collections.abc import Iterable, Iterator, Mapping

from dashgen.core.json_values import Json, at
from dashgen.model.settled_dashboard import Grid, SettledPanel, SettledRow
from dashgen.source.edit import MoveItem
from dashgen.sync.pull.candidate_edits import make
from dashgen.sync.pull.dashboard_keys import DashboardKeys
from dashgen.sync.pull.data_changes import DataChange
from dashgen.sync.pull.grid_spread import WORDS, GridPlaces, solved
from dashgen.sync.pull.key_parts import goal_id, headers, panels, rows
from dashgen.sync.pull.loop_iterations import copies
from dashgen.sync.pull.pull_loops import unroll
from dashgen.sync.pull.spec_patch import CountedPaths, DocumentEdit, Patch
from dashgen.sync.pull.value_origins import REMOVED


def take_layout(patch: Patch, uid: str, goal_keys: DashboardKeys) -> None:
    """Bring every panel to its place: first into the right order, then with widths, heights and places."""
    if not patch.rest[uid]:
        return
    grids = {number: grid for row in goal_keys.rows for number, grid in row.grids.items()}
    _order_rows(patch, uid, goal_keys)
    for number in range(len(rows(patch, uid))):
        _order(patch, uid, number, grids)
    if not _place(patch, uid, grids, range(len(rows(patch, uid)))):
        for number in range(len(rows(patch, uid))):
            if not _place(patch, uid, grids, [number]):
                _place_turns(patch, uid, grids, number)


def _place(patch: Patch, uid: str, grids: Mapping[int, Json], numbers: Iterable[int]) -> bool:
    """Bring the panels of some rows to their places; whether they are there."""
    every = rows(patch, uid)
    changes = [change for number in numbers for change in _changes(patch, uid, every[number], grids)]
    scopes = dict.fromkeys([*(f"panel {number}" for number in panels(patch, uid)), *patch.rest[uid]])
    return not changes or make(patch, uid, scopes, [changes], CountedPaths.EVERYTHING)


def _place_turns(patch: Patch, uid: str, grids: Mapping[int, Json], number: int) -> None:
    """Bring the panels of a row to their places where turns of a loop need different words: each is written out."""
    snapshot, row = patch.keep(), rows(patch, uid)[number]
    paths = {
        change.path[: len(panel.path)] for change in _changes(patch, uid, row, grids) for panel in row.panels
    }
    moved = [goal_id(patch, uid, panel) for panel in row.panels if panel.path in paths]
    if not unroll(patch, uid, moved) or not _place(patch, uid, grids, [number]):
        patch.restore(snapshot)


def _order_rows(patch: Patch, uid: str, goal_keys: DashboardKeys) -> None:
    """Rows in the order of the goal, when each stands in the document itself."""
    built = patch.dashboard(uid)
    document = built.resolved.document
    row_list = at(document.data, ("rows",))
    now = [number for number, _ in headers(patch, uid) if number is not None]
    order = [row.id for row in goal_keys.rows if row.id is not None]
    if (
        now == order
        or sorted(now) != sorted(order)
        or not isinstance(row_list, list)
        or len(row_list) != len(now)
    ):
        return
    spots = list(_moves(now, order, document.file, document.index, ("rows",)))
    patch.attempt(spots, [(uid, scope) for scope in patch.rest[uid]], CountedPaths.EVERYTHING)


def _moves(
    now: list[int], order: list[int], file: str, document: int, path: tuple[str | int, ...]
) -> Iterator[DocumentEdit]:
    now = list(now)
    for number, name in enumerate(order):
        if now[number] != name:
            index = now.index(name)
            now.insert(number, now.pop(index))
            yield DocumentEdit(file, document, MoveItem(path, index, number))


def _order(patch: Patch, uid: str, number: int, grids: Mapping[int, Json]) -> None:
    """The panels of a row in the order of their places, when each is an item of its own and has no place of its own."""
    built, row = patch.dashboard(uid), rows(patch, uid)[number]
    ids = [goal_id(patch, uid, panel) for panel in row.panels]
    if not all(one in grids for one in ids) or any(panel.panel.at for panel in row.panels):
        return
    order = sorted(ids, key=lambda one: (grids[one]["y"], grids[one]["x"]))
    if order == ids:
        return
    iterations = [copies(built.resolved, panel.path) for panel in row.panels]
    parents = {(one.place.document.file, one.place.document.index, one.place.path[:-1]) for one in iterations}
    if len(parents) != 1 or any(one.count != 1 for one in iterations):
        return
    file, document, path = parents.pop()
    first = min(int(one.place.path[-1]) for one in iterations)
    spots = [
        DocumentEdit(file, document, MoveItem(path, spot.edit.index + first, spot.edit.to + first))
        for spot in _moves(ids, order, file, document, path)
        if isinstance(spot.edit, MoveItem)
    ]
    texts = patch.keep()
    if not _settles(patch, uid, spots, grids):
        patch.restore(texts)


def _settles(patch: Patch, uid: str, spots: list[DocumentEdit], grids: Mapping[int, Json]) -> bool:
    """Whether moving panels needs fewer words of places than leaving them where they are."""
    before = sum(1 for row in rows(patch, uid) for _ in _changes(patch, uid, row, grids))
    if not patch.move(uid, spots):
        return False
    return sum(1 for row in rows(patch, uid) for _ in _changes(patch, uid, row, grids)) < before


def _changes(patch: Patch, uid: str, row: SettledRow, grids: Mapping[int, Json]) -> Iterator[DataChange]:
    """The words that bring the panels of a row to their places."""
    ids = [goal_id(patch, uid, panel) for panel in row.panels]
    if not row.panels or not all(number in grids for number in ids):
        return
    goal_grids = [Grid(**{key: grids[number][key] for key in ("x", "y", "w", "h")}) for number in ids]
    if row.title is None and row.path != ("panels",):
        top = min(grid.y for grid in goal_grids)
        goal_grids = [Grid(grid.x, grid.y - top, grid.w, grid.h) for grid in goal_grids]
    now = _row_words(patch, uid, row)
    then = solved(now, goal_grids, in_row=row.path != ("panels",))
    row_path = row.path if row.path != ("panels",) else ()
    for word, before, after in (("height", now.height, then.height), ("columns", now.columns, then.columns)):
        if before != after:
            yield DataChange((*row_path, word), REMOVED if after is None else after)
    for panel, old, new in zip(row.panels, now.panels, then.panels, strict=True):
        for word in WORDS:
            if word in new and new[word] != old.get(word):
                yield DataChange((*panel.path, word), new[word])
            elif word in old and word not in new:
                yield DataChange((*panel.path, word), REMOVED)


def cost(patch: Patch, uid: str, goal_keys: DashboardKeys) -> int:
    """How many words would bring every panel to its place."""
    grids = {number: grid for row in goal_keys.rows for number, grid in row.grids.items()}
    return sum(1 for row in rows(patch, uid) for _ in _changes(patch, uid, row, grids))


def _row_words(patch: Patch, uid: str, row: SettledRow) -> GridPlaces:
    spec = patch.dashboard(uid).settled.dashboard
    panels_now = [_said(panel) for panel in row.panels]
    if row.path == ("panels",):
        return GridPlaces(spec.height, None, panels_now)
    row_spec = spec.rows[int(row.path[1])]
    return GridPlaces(row_spec.height or spec.height, row_spec.columns, panels_now)


def _said(panel: SettledPanel) -> Json:
    keys: Json = {"width": panel.panel.width, "height": panel.panel.height}
    position = panel.panel.at
    if position is not None:
        keys["at"] = {"x": position.x, "y": position.y, "w": position.w, "h": position.h}
    return {key: value for key, value in keys.items() if value is not None}
