"""Panels and rows that came, went, or stand in another row."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

from dashgen.core.json_values import ABSENT, Json, at
from dashgen.formats.panel_tree import every_panel
from dashgen.model.panel_identity import slug
from dashgen.model.settled_dashboard import SettledPanel, SettledRow
from dashgen.source.edit import InsertItem, Remove, SetValue
from dashgen.source.provenance import Origin
from dashgen.source.source import Path
from dashgen.sync.pull.candidate_edits import make
from dashgen.sync.pull.carried_text import carrying
from dashgen.sync.pull.dashboard_keys import DashboardKeys, RowKeys, differing_words, words_of
from dashgen.sync.pull.data_changes import DataChange, onto
from dashgen.sync.pull.editor_defaults import is_house_style, shortened
from dashgen.sync.pull.key_parts import goal_id, headers, panels, rows
from dashgen.sync.pull.leaves import leaves
from dashgen.sync.pull.loop_iterations import copies, iteration_paths
from dashgen.sync.pull.pull_layout import cost
from dashgen.sync.pull.spec_patch import CountedPaths, DocumentEdit, Patch, PatchState, spot
from dashgen.sync.pull.value_origins import writing_place


def take_structure(patch: Patch, uid: str, goal: DashboardKeys) -> None:
    """Bring panels and rows to where the goal has them; their places on the grid are not looked at."""
    for number in list(panels(patch, uid)):
        if number not in goal.panels:
            _remove_panel(patch, uid, number)
    goal_headers = {one.id for one in goal.rows}
    for header, row in list(headers(patch, uid)):
        if header is not None and header not in goal_headers:
            _remove_row(patch, uid, header, row)
    for index, row_words in enumerate(goal.rows):
        if row_words.id is not None:
            _take_header(patch, uid, goal, index, row_words)
    for row_words in goal.rows:
        _take_row(patch, uid, goal, row_words)


def _take_row(patch: Patch, uid: str, goal: DashboardKeys, row: RowKeys) -> None:
    """Put the panels into a row that are not there yet, or stand in another one."""
    for number in row.panels:
        if number not in panels(patch, uid):
            _add_panel(patch, uid, goal, row, number)
        elif ("row",) in patch.rest[uid].get(f"panel {number}", ()):
            _move_panel(patch, uid, goal, row, number)


def _remove_panel(patch: Patch, uid: str, number: int) -> bool:
    built = patch.dashboard(uid)
    panel = panels(patch, uid)[number]
    panel_copies = copies(built.resolved, panel.path)
    origin = panel_copies.place
    for path in [origin.path] if panel_copies.count == 1 else iteration_paths(panel_copies):
        if patch.attempt([spot(origin, Remove(path))], [(uid, f"panel {number}")]):
            return True
    return False


def _remove_row(patch: Patch, uid: str, number: int, row: SettledRow) -> bool:
    origin = writing_place(patch.dashboard(uid).resolved, row.path)
    focus = [(uid, f"panel {number}")]
    if not row.panels and patch.attempt([spot(origin, Remove(origin.path))], focus, CountedPaths.ROWS):
        return True
    header = [word for word in ("title", "collapsed", "repeat", "key", "raw") if has_word(origin, word)]
    spots = [spot(origin.child(word), Remove((*origin.path, word))) for word in header]
    return patch.attempt(spots, focus)


def has_word(origin: Origin, word: str) -> bool:
    """Whether something is said where it is written."""
    return at(origin.document.data, (*origin.path, word)) is not ABSENT


def _take_header(patch: Patch, uid: str, goal: DashboardKeys, index: int, goal_row: RowKeys) -> None:
    row = next((row for number, row in headers(patch, uid) if number == goal_row.id), None)
    if row is None:
        _add_row(patch, uid, goal, index, goal_row)
        return
    scope = f"panel {goal_row.id}"
    if scope not in patch.rest[uid]:
        return
    data = patch.dashboard(uid).resolved.data
    now: Json = {"title": row.title} | ({"collapsed": True} if row.collapsed else {})
    if row.repeat is not None:
        now["repeat"] = row.repeat.by
    options = []
    for word, old, new in differing_words(now, goal_row.words):
        changes_of_key = onto(data, (*row.path, word), old, new)
        if word == "title" and at(data, (*row.path, "key")) is ABSENT and changes_of_key:
            changes_of_key[0].insert(0, DataChange((*row.path, "key"), slug(row.title or "")))
        options += changes_of_key[:1]
    together = [change for changes in options for change in changes]
    if not make(patch, uid, [scope], [together]):
        for changes in options:
            make(patch, uid, [scope], [changes])


def _add_row(patch: Patch, uid: str, goal: DashboardKeys, index: int, goal_row: RowKeys) -> bool:
    built = patch.dashboard(uid)
    before = [one.id for one in goal.rows[:index] if one.id is not None]
    spec_row_by_id: dict[int, SettledRow] = {}
    for number, row in headers(patch, uid):
        # Rows without a title belong to the one above them.
        last = number if number is not None else next(reversed(spec_row_by_id), None)
        if last is not None:
            spec_row_by_id[last] = row
    above = next((spec_row_by_id[number] for number in reversed(before) if number in spec_row_by_id), None)
    spec = dict(goal_row.words)
    spec_rows = at(built.resolved.document.data, ("rows",))
    if not isinstance(spec_rows, list):
        new = spot(built.resolved.origin(), SetValue(("rows",), [spec]))
    else:
        origin = (
            writing_place(built.resolved, above.path) if above else built.resolved.origin(("rows",)).child(-1)
        )
        new = spot(origin, InsertItem(origin.path[:-1], int(origin.path[-1]) + 1, spec))
    focus = [(uid, f"panel {goal_row.id}")]
    if patch.attempt([new], focus):
        return True
    spec_with_id = {**spec, "raw": {"id": goal_row.id}}
    return patch.attempt([_with_value(new, spec, spec_with_id)], focus)


def _with_value(change: DocumentEdit, old: Json, new: Json) -> DocumentEdit:
    """A change that writes something else."""
    match change.edit:
        case InsertItem(path=path, index=index):
            return replace(change, edit=InsertItem(path, index, new))
        case SetValue(path=path, value=value, order=order) if isinstance(value, list):
            return replace(
                change, edit=SetValue(path, [new if item is old else item for item in value], order)
            )
    return change


def _add_panel(patch: Patch, uid: str, goal: DashboardKeys, row: RowKeys, number: int) -> bool:
    spec = _without_id(goal.panels[number].spec)
    key = patch.goals[uid].keys.get(number)
    if key is not None:
        # A second panel of one title needs a key of its own, or the first one would get another number.
        spec = {"key": key, **spec}
    elif number in patch.goals[uid].new:
        spec = shortened(
            spec, _panel_of(patch, uid, number), lambda tried: _built(patch, uid, goal, row, number, tried)
        )
    if _insert_panel(patch, uid, goal, row, number, spec):
        _adopt(patch, uid, goal, number)
        return True
    return _insert_panel(
        patch, uid, goal, row, number, {**spec, "raw": {**spec.get("raw", {}), "id": number}}
    )


def _insert_panel(patch: Patch, uid: str, goal: DashboardKeys, row: RowKeys, number: int, spec: Json) -> bool:
    ways = _insertions(patch, uid, goal, row, number, spec)
    return _cheapest(patch, uid, goal, ways, [(uid, f"panel {number}")])


def _insertions(
    patch: Patch, uid: str, goal: DashboardKeys, row: RowKeys, number: int, spec: Json
) -> list[list[DocumentEdit]]:
    """The changes that add a panel: to the panels of a row, or as a row of its own without a title."""
    edits = (_inserting(patch, uid, goal, row, number, spec), _own_row(patch, uid, row, number, spec))
    return [[way] for way in edits if way]


def _panel_of(patch: Patch, uid: str, number: int) -> Json:
    every = every_panel(patch.goals[uid].data["panels"])
    return next(one for one in every if one.get("id") == number)


def _built(patch: Patch, uid: str, goal: DashboardKeys, row: RowKeys, number: int, spec: Json) -> Json | None:
    """The JSON that the words of a new panel are built to; nothing when it is not the panel of that number."""
    for way in _insertions(patch, uid, goal, row, number, spec):
        for texts in patch.edited(way):
            building = patch.project.built(texts)
            built_dashboard = building.dashboards.get(uid)
            if not building.problems and built_dashboard is not None:
                every = every_panel(built_dashboard.data["panels"])
                return next((one for one in every if one.get("id") == number), None)
    return None


def _adopt(patch: Patch, uid: str, goal_keys: DashboardKeys, number: int) -> None:
    """Where a new panel has what Grafana's editor filled in, what the specs build is what is wanted."""
    goal, built = patch.goals[uid], patch.dashboard(uid)
    built_panel = next((one for one in every_panel(built.data["panels"]) if one.get("id") == number), None)
    goal_panel = _panel_of(patch, uid, number)
    if number not in goal.new or built_panel is None or not is_house_style(built_panel, goal_panel):
        return
    data = deepcopy(dict(goal.data))
    for one in every_panel(data["panels"]):
        if one.get("id") == number:
            grid_position = one["gridPos"]
            one.clear()
            one.update({**deepcopy(built_panel), "gridPos": grid_position})
    patch.aim(uid, replace(goal, data=data, wanted=leaves(data)))
    now = words_of(built.data, patch.building, built)
    if now is not None and number in now.panels:
        goal_keys.panels[number] = now.panels[number]


def _cheapest(
    patch: Patch,
    uid: str,
    goal: DashboardKeys,
    ways: list[list[DocumentEdit]],
    focus: list[tuple[str, str]],
) -> bool:
    """Make the change of several after which panels need the fewest words to come to their places."""
    start = patch.keep()
    outcomes: list[tuple[int, int, PatchState]] = []
    for way in ways:
        if patch.attempt(way, focus, CountedPaths.ROWS):
            outcomes.append((cost(patch, uid, goal), len(outcomes), patch.keep()))
            patch.restore(start)
    if outcomes:
        patch.restore(min(outcomes, key=lambda one: one[:2])[2])
    return bool(outcomes)


def _own_row(patch: Patch, uid: str, row: RowKeys, number: int, spec: Any) -> DocumentEdit | None:
    """The change that puts an item into a row of its own without a title, below what stands before it."""
    before = set(row.panels[: row.panels.index(number)])
    above = [one for one in rows(patch, uid) if before & {goal_id(patch, uid, panel) for panel in one.panels}]
    target = above[-1] if above else _row_of(patch, uid, row)
    if target is None or target.collapsed or not target.panels:
        return None
    built = patch.dashboard(uid)
    spec_rows = at(built.resolved.document.data, ("rows",))
    if target.path == ("panels",):
        origin = built.resolved.origin().child("rows")
        edit = (
            InsertItem(("rows",), 0, {"panels": [spec]})
            if spec_rows is not ABSENT
            else SetValue(("rows",), [{"panels": [spec]}])
        )
        return spot(origin, edit)
    row_origin = writing_place(built.resolved, target.path)
    return spot(
        row_origin, InsertItem(row_origin.path[:-1], int(row_origin.path[-1]) + 1, {"panels": [spec]})
    )


def _without_id(spec: Json) -> Json:
    raw = {key: value for key, value in spec.get("raw", {}).items() if key != "id"}
    rest = {key: value for key, value in spec.items() if key != "raw"}
    return {**rest, "raw": raw} if raw else rest


def _inserting(
    patch: Patch, uid: str, goal: DashboardKeys, row: RowKeys, number: int, spec: Any
) -> DocumentEdit | None:
    """The change that puts an item into the list of a row's panels, behind the nearest one that stands before it."""
    built = patch.dashboard(uid)
    target = _row_of(patch, uid, row)
    if row.id is None and (above := _above(patch, uid, goal, row)) is not None:
        target = _below(patch, uid, above)
        if target is None:
            item_origin = writing_place(built.resolved, above.path)
            return spot(
                item_origin,
                InsertItem(item_origin.path[:-1], int(item_origin.path[-1]) + 1, {"panels": [spec]}),
            )
    path: Path = ("panels",) if target is None or target.path == ("panels",) else (*target.path, "panels")
    origin = _list_place(patch, uid, target, path)
    spec_panels = at(origin.document.data, origin.path)
    if not isinstance(spec_panels, list) or not spec_panels:
        return spot(origin, SetValue(origin.path, [spec]))
    before = row.panels[: row.panels.index(number)]
    panel_by_id: dict[int, SettledPanel] = panels(patch, uid)
    for other in reversed(before):
        if other in panel_by_id and panel_by_id[other].path[:-1] == path:
            item_origin = writing_place(built.resolved, panel_by_id[other].path)
            if item_origin.path[:-1] == origin.path:
                return spot(origin, InsertItem(origin.path, int(item_origin.path[-1]) + 1, spec))
    return spot(origin, InsertItem(origin.path, 0, spec))


def _list_place(patch: Patch, uid: str, row: SettledRow | None, path: Path) -> Origin:
    resolved = patch.dashboard(uid).resolved
    if row is None or row.path == ("panels",):
        return (
            resolved.origin(path)
            if at(resolved.data, path) is not ABSENT
            else resolved.origin().child("panels")
        )
    if at(resolved.data, path) is not ABSENT:
        return resolved.origin(path)
    return writing_place(resolved, row.path).child("panels")


def _above(patch: Patch, uid: str, goal: DashboardKeys, row: RowKeys) -> SettledRow | None:
    """The row with a title that panels without one stand below."""
    before = [one.id for one in goal.rows[: goal.rows.index(row)] if one.id is not None]
    row_by_id = {number: header_row for number, header_row in headers(patch, uid) if number is not None}
    return next((row_by_id[number] for number in reversed(before) if number in row_by_id), None)


def _below(patch: Patch, uid: str, above: SettledRow) -> SettledRow | None:
    """The row without a title right below another one."""
    every = rows(patch, uid)
    index = next(i for i, one in enumerate(every) if one is above)
    below = every[index + 1] if index + 1 < len(every) else None
    return below if below is not None and below.title is None else None


def _row_of(patch: Patch, uid: str, row: RowKeys) -> SettledRow | None:
    """The row of the spec that has, or is to have, the panels of a row of the goal."""
    header_rows = list(headers(patch, uid))
    if row.id is not None:
        return next((one for number, one in header_rows if number == row.id), None)
    here = set(row.panels)
    panel_by_id = panels(patch, uid)
    beside = {panel_by_id[number].path[:-1] for number in here if number in panel_by_id}
    own = [one for number, one in header_rows if number is None]
    return next(
        (one for one in own if (*one.path, "panels") in beside or one.path in beside), own[0] if own else None
    )


def _move_panel(patch: Patch, uid: str, goal: DashboardKeys, row: RowKeys, number: int) -> bool:
    built = patch.dashboard(uid)
    panel = panels(patch, uid)[number]
    panel_copies = copies(built.resolved, panel.path)
    if panel_copies.count != 1:
        return False
    item = at(panel_copies.place.document.data, panel_copies.place.path)
    targets = [_inserting(patch, uid, goal, row, number, item), _own_row(patch, uid, row, number, item)]
    removal = spot(panel_copies.place, Remove(panel_copies.place.path))
    ways = []
    for target in targets:
        if target is not None:
            # The later of two places in a list of lists has to be changed first, as the other one counts from the start.
            carried = carrying(panel_copies.place, target)
            ways += [carried] if carried and _fits(patch, carried) else [[target, removal], [removal, target]]
    return _cheapest(patch, uid, goal, ways, [(uid, f"panel {number}")])


def _fits(patch: Patch, spots: list[DocumentEdit]) -> bool:
    return next(patch.edited(spots), None) is not None
