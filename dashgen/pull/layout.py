"""Places of panels on the grid, said with as few new words as possible."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from dashgen.importer.layout import layout
from dashgen.importer.values import Json
from dashgen.model.panel import At
from dashgen.model.settled import Grid, SettledPanel, SettledRow
from dashgen.passes.layout import COLUMNS, Item, columns, flow
from dashgen.pull.changes import Change
from dashgen.pull.making import make
from dashgen.pull.origins import REMOVED, at
from dashgen.pull.parts import goal_id, panels, rows
from dashgen.pull.patch import Counted, Patch, Spot
from dashgen.pull.turns import copies
from dashgen.pull.words import DashboardWords
from dashgen.spec.edit import MoveItem

_WORDS = ("width", "height", "at")
_Words = list[Json]


def take_layout(patch: Patch, uid: str, wanted: DashboardWords) -> None:
    """Bring every panel to its place: first into the right order, then with widths, heights and places."""
    if not patch.rest[uid]:
        return
    grids = {number: grid for row in wanted.rows for number, grid in row.grids.items()}
    _order_rows(patch, uid, wanted)
    for number in range(len(rows(patch, uid))):
        _order(patch, uid, number, grids)
    found = [list(_changes(patch, uid, row, grids)) for row in rows(patch, uid)]
    scopes = [f"panel {number}" for number in panels(patch, uid)]
    scopes += [scope for scope in patch.rest[uid] if scope not in scopes]
    together = [change for changes in found for change in changes]
    if together and not make(patch, uid, scopes, [together], Counted.EVERYTHING):
        for change in together:
            make(patch, uid, scopes, [[change]], Counted.EVERYTHING)


def _order_rows(patch: Patch, uid: str, wanted: DashboardWords) -> None:
    """Rows in the order of the goal, when each stands in the document itself."""
    built = patch.dashboard(uid)
    document = built.resolved.document
    there = at(document.data, ("rows",))
    ids = patch.goals[uid].ids
    now = [ids.get(row.id, row.id) for row in built.settled.rows if row.title is not None]
    order = [row.id for row in wanted.rows if row.id is not None]
    if now == order or sorted(now) != sorted(order) or not isinstance(there, list) or len(there) != len(now):
        return
    spots = list(_moves(now, order, document.file, document.index, ("rows",)))
    patch.attempt(spots, [(uid, scope) for scope in patch.rest[uid]], Counted.EVERYTHING)


def _moves(now: list[int], order: list[int], file: str, document: int, path: tuple[str | int, ...]) -> Iterator[Spot]:
    now = list(now)
    for number, name in enumerate(order):
        if now[number] != name:
            index = now.index(name)
            now.insert(number, now.pop(index))
            yield Spot(file, document, MoveItem(path, index, number))


def _order(patch: Patch, uid: str, number: int, grids: Mapping[int, Json]) -> None:
    """The panels of a row in the order of their places, when each is an item of its own and has no place of its own."""
    built, row = patch.dashboard(uid), rows(patch, uid)[number]
    ids = [goal_id(patch, uid, panel) for panel in row.panels]
    if not all(one in grids for one in ids) or any(panel.panel.at for panel in row.panels):
        return
    order = sorted(ids, key=lambda one: (grids[one]["y"], grids[one]["x"]))
    if order == ids:
        return
    found = [copies(built.resolved, panel.path) for panel in row.panels]
    parents = {(one.place.document.file, one.place.document.index, one.place.path[:-1]) for one in found}
    if len(parents) != 1 or any(one.count != 1 for one in found):
        return
    file, document, path = parents.pop()
    first = min(int(one.place.path[-1]) for one in found)
    spots = [
        Spot(file, document, MoveItem(path, spot.edit.index + first, spot.edit.to + first))
        for spot in _moves(ids, order, file, document, path)
        if isinstance(spot.edit, MoveItem)
    ]
    texts = patch.texts, patch.building, patch.rest
    if not _settles(patch, uid, spots, grids):
        patch.texts, patch.building, patch.rest = texts


def _settles(patch: Patch, uid: str, spots: list[Spot], grids: Mapping[int, Json]) -> bool:
    """Whether moving panels needs fewer words of places than leaving them where they are."""
    before = sum(1 for row in rows(patch, uid) for _ in _changes(patch, uid, row, grids))
    if not patch.move(spots):
        return False
    return sum(1 for row in rows(patch, uid) for _ in _changes(patch, uid, row, grids)) < before


def _changes(patch: Patch, uid: str, row: SettledRow, grids: Mapping[int, Json]) -> Iterator[Change]:
    """The words that bring the panels of a row to their places."""
    ids = [goal_id(patch, uid, panel) for panel in row.panels]
    if not row.panels or not all(number in grids for number in ids):
        return
    wanted = [Grid(**{key: grids[number][key] for key in ("x", "y", "w", "h")}) for number in ids]
    if row.title is None and row.path != ("panels",):
        top = min(grid.y for grid in wanted)
        wanted = [Grid(grid.x, grid.y - top, grid.w, grid.h) for grid in wanted]
    height, count = _row_words(patch, uid, row)
    now = [_said(panel) for panel in row.panels]
    if _flows(now, wanted, height, count):
        return
    new_height, words = _solved(now, wanted, height, count, in_row=row.title is not None)
    if new_height != height:
        path = (*row.path, "height") if row.path != ("panels",) else ("height",)
        yield Change(path, new_height)
    for panel, before, after in zip(row.panels, now, words, strict=True):
        for word in _WORDS:
            if word in after and after[word] != before.get(word):
                yield Change((*panel.path, word), after[word])
            elif word in before and word not in after:
                yield Change((*panel.path, word), REMOVED)


def _row_words(patch: Patch, uid: str, row: SettledRow) -> tuple[int, int | None]:
    spec = patch.dashboard(uid).settled.dashboard
    if row.path == ("panels",):
        return spec.height, None
    said = spec.rows[int(row.path[1])]
    return said.height or spec.height, said.columns


def _said(panel: SettledPanel) -> Json:
    words: Json = {"width": panel.panel.width, "height": panel.panel.height}
    place = panel.panel.at
    if place is not None:
        words["at"] = {"x": place.x, "y": place.y, "w": place.w, "h": place.h}
    return {key: value for key, value in words.items() if value is not None}


def _flows(words: _Words, wanted: list[Grid], height: int, count: int | None) -> bool:
    items = [
        Item(_width(said, count), said.get("height", height), At(**said["at"]) if "at" in said else None)
        for said in words
    ]
    return flow(items, 0)[0] == wanted


def _width(said: Json, count: int | None) -> int | None:
    width: Any = said.get("width")
    if width is None:
        return COLUMNS // count if count else None
    return columns(width)


def _solved(now: _Words, wanted: list[Grid], height: int, count: int | None, *, in_row: bool) -> tuple[int, _Words]:
    """A height for the row and words for its panels; the first that fits of those that change least."""
    common = Counter(grid.h for grid in wanted).most_common(1)[0][0]
    fitting: list[tuple[int, int, int, _Words]] = []
    for tall in dict.fromkeys((height, common)):
        for words in _tries(now, wanted, tall):
            if _flows(words, wanted, tall, count):
                thin = _thinned(now, words, wanted, tall, count)
                fitting.append(((tall != height) + sum(map(_distance, now, thin)), len(fitting), tall, thin))
                break
    if fitting:
        _, _, tall, words = min(fitting, key=lambda one: one[:2])
        return tall, words
    found = layout([{"x": g.x, "y": g.y, "w": g.w, "h": g.h} for g in wanted], in_row=in_row)
    places = [{"at": {"x": g.x, "y": g.y, "w": g.w, "h": g.h}} for g in wanted]
    words = [{"height": found.height, **said} if "at" not in said else said for said in found.panels]
    if _flows(words, wanted, height, count):
        return height, _thinned(now, words, wanted, height, count)
    return height, _thinned(now, places, wanted, height, count)


def _distance(now: Json, then: Json) -> int:
    """How many words change."""
    return sum(now.get(word) != then.get(word) for word in _WORDS)


def _tries(now: _Words, wanted: list[Grid], height: int) -> Iterator[_Words]:
    """What may be enough: heights, then widths of those that differ, then of all."""
    heights = [_with(said, "height", grid.h if grid.h != height else None) for said, grid in zip(now, wanted, strict=True)]
    yield heights
    yield [_with(said, "width", None) for said in heights]
    yield [_with(said, "width", grid.w) for said, grid in zip(heights, wanted, strict=True)]
    flat = [{key: value for key, value in said.items() if key != "at"} for said in heights]
    yield flat
    yield [_with(said, "width", grid.w) for said, grid in zip(flat, wanted, strict=True)]


def _with(said: Json, word: str, value: Any) -> Json:
    if "at" in said:
        return said
    rest = {key: part for key, part in said.items() if key != word}
    return rest if value is None else {**rest, word: value}


def _thinned(now: _Words, words: _Words, wanted: list[Grid], height: int, count: int | None) -> _Words:
    """The words without what is not needed: as they are now where that does, or not said at all."""
    made = [dict(said) for said in words]
    for number, said in enumerate(made):
        for shorter in (now[number], *({k: v for k, v in said.items() if k != word} for word in said)):
            tried = [*made[:number], shorter, *made[number + 1 :]]
            if _flows(tried, wanted, height, count):
                made = tried
                break
    return made
