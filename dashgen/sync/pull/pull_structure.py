"""Panels and rows that came, went, or are in another row."""

from typing import Any

from dashgen.core.json_values import Json
from dashgen.model.settled_dashboard import SettledRow
from dashgen.source.edit import Carry, Edit, InsertItem, Remove, SetValue
from dashgen.source.provenance import Origin
from dashgen.source.source import Path
from dashgen.sync.pull.dashboard_keys import DashboardKeys, RowKeys
from dashgen.sync.pull.dashboard_search import DashboardEditor, panels_by_id
from dashgen.sync.pull.document_edits import DocumentEdit, edit_at, texts_after
from dashgen.sync.pull.editor_defaults import shortened
from dashgen.sync.pull.loop_iterations import iteration_of, loop_paths
from dashgen.sync.pull.pull_layout import layout_cost
from dashgen.sync.pull.pull_sections import PANELS_WITHOUT_ROW, PulledSections, behind, spec_row_above
from dashgen.sync.pull.search import CountedPaths, SearchState, is_nearer
from dashgen.sync.pull.section_conversions import SectionConversions
from dashgen.sync.pull.value_origins import has, item_origin, written


def take_structure(editor: DashboardEditor, goal: DashboardKeys) -> None:
    """Bring panels and rows to where the goal has them; their places on the grid are not looked at."""
    for number in editor.panels:
        if number not in goal.panels:
            _remove_panel(editor, number)
    before = editor.search.state
    converted = SectionConversions(editor, goal).convert()
    _take_sections(editor, goal)
    if converted and not is_nearer(before.rest, editor.search.state.rest):
        # Lists that were written in another way for nothing stay as they were.
        editor.search.state = before
        _take_sections(editor, goal)


def _take_sections(editor: DashboardEditor, goal: DashboardKeys) -> None:
    sections = PulledSections(editor, goal)
    sections.unname_rows()
    # All rows and tabs before any panel, so that panels have one to go to.
    sections.take()
    for goal_row, number in [(row, number) for row in goal.rows for number in row.panels]:
        if number not in editor.panels:
            _add_panel(editor, goal, goal_row, number)
        elif ("row",) in editor.rest.get(f"panel {number}", ()):
            _move_panel(editor, goal, goal_row, number)
    # Only now are those empty whose panels went to others.
    sections.remove_empty()


def _remove_panel(editor: DashboardEditor, number: int) -> None:
    iteration = iteration_of(editor.resolved, editor.panels[number].path)
    paths = [iteration.origin.path] if iteration.count == 1 else loop_paths(iteration)
    any(editor.attempt([edit_at(iteration.origin, Remove(path))], [f"panel {number}"]) for path in paths)


def _add_panel(editor: DashboardEditor, goal: DashboardKeys, row: RowKeys, number: int) -> None:
    spec = _without_id(goal.panels[number].spec)
    key = editor.goal.keys.get(number)
    if key is not None:
        # A second panel of one title needs a key of its own, or the first one would get another number.
        spec = {"key": key, **spec}
    elif number in editor.goal.new:
        panel = editor.goal.panel(number)
        spec = shortened(spec, panel, lambda tried: _built_panel(editor, goal, row, number, tried))
    if _insert_panel(editor, goal, row, number, spec):
        editor.adopt(number)
    else:
        _insert_panel(editor, goal, row, number, {**spec, "raw": {**spec.get("raw", {}), "id": number}})


def _without_id(spec: Json) -> Json:
    raw = {key: value for key, value in spec.get("raw", {}).items() if key != "id"}
    rest = {key: value for key, value in spec.items() if key != "raw"}
    return {**rest, "raw": raw} if raw else rest


def _insert_panel(
    editor: DashboardEditor, goal: DashboardKeys, row: RowKeys, number: int, spec: Json
) -> bool:
    ways = [[edit] for edit in _insertions(editor, goal, row, number, spec)]
    return _attempt_cheapest(editor, goal, ways, number)


def _insertions(
    editor: DashboardEditor, goal: DashboardKeys, row: RowKeys, number: int, spec: object
) -> list[DocumentEdit]:
    """The edits that may add a panel: to the panels of a row, or as a row of its own without a title."""
    before = row.panels[: row.panels.index(number)]
    edits = (_into_row(editor, goal, row, before, spec), _as_row(editor, row, before, spec))
    return [edit for edit in edits if edit]


def _built_panel(
    editor: DashboardEditor, goal: DashboardKeys, row: RowKeys, number: int, spec: Json
) -> Json | None:
    """The JSON that the keys of a new panel are built to; nothing when it is not the panel of that number."""
    for edit in _insertions(editor, goal, row, number, spec):
        for texts in texts_after(editor.search.texts, [edit]):
            building = editor.search.project.built(texts)
            built = building.dashboards.get(editor.uid)
            if not building.problems and built is not None:
                return panels_by_id(built.data).get(number)
    return None


def _attempt_cheapest(
    editor: DashboardEditor, goal: DashboardKeys, ways: list[list[DocumentEdit]], number: int
) -> bool:
    """Make the edits, of several ways to write one thing, after which places need the fewest keys."""
    start = editor.search.state
    states: list[tuple[int, int, SearchState[Any]]] = []
    for way in ways:
        if editor.attempt(way, [f"panel {number}"], CountedPaths.ROWS):
            states.append((layout_cost(editor, goal), len(states), editor.search.state))
            editor.search.state = start
    if states:
        # Of those that cost the same the first: their number decides before the states are compared.
        editor.search.state = min(states)[2]
    return bool(states)


def _as_row(editor: DashboardEditor, row: RowKeys, before: list[int], spec: object) -> DocumentEdit | None:
    """The edit that puts an item into a row of its own without a title, below what stands before it."""
    above = [one for one in editor.rows if {editor.goal_id(panel) for panel in one.panels} & set(before)]
    target = above[-1] if above else _spec_row(editor, row)
    if target is None or target.collapsed or not target.panels:
        return None
    own_row = {"panels": [spec]}
    if target.path != PANELS_WITHOUT_ROW:
        return behind(item_origin(editor.resolved, target.path), own_row)
    if has(editor.resolved.document.data, ("rows",)):
        return editor.document_edit(InsertItem(("rows",), 0, own_row))
    return editor.document_edit(SetValue(("rows",), [own_row]))


def _into_row(
    editor: DashboardEditor, goal: DashboardKeys, row: RowKeys, before: list[int], spec: object
) -> DocumentEdit:
    """The edit that puts an item into the list of a row's panels, behind the nearest one before it."""
    target = _spec_row(editor, row)
    # Panels below those of a header stand in a row without a title right below its row, which may have to be
    # made.
    if row.id is None and (above := spec_row_above(editor, goal, row)) is not None:
        below = editor.rows[next(i for i, one in enumerate(editor.rows) if one is above) + 1 :][:1]
        if not below or below[0].title is not None:
            return behind(item_origin(editor.resolved, above.path), {"panels": [spec]})
        target = below[0]
    is_in_row = target is not None and target.path != PANELS_WITHOUT_ROW
    path: Path = (*target.path, "panels") if target is not None and is_in_row else PANELS_WITHOUT_ROW
    if has(editor.resolved.data, path):
        origin = editor.resolved.origin(path)
    else:
        row_path = path[:-1]
        outer = item_origin(editor.resolved, row_path) if row_path else editor.resolved.origin()
        origin = outer.child("panels")
    if not isinstance(written(origin), list) or not written(origin):
        return edit_at(origin, SetValue(origin.path, [spec]))
    panels = editor.panels
    for other in reversed(before):
        if other in panels and panels[other].path[:-1] == path:
            panel_origin = item_origin(editor.resolved, panels[other].path)
            # A panel that a component lists among others of its own has no place in the document's list.
            if panel_origin.path[:-1] == origin.path:
                return edit_at(origin, InsertItem(origin.path, int(panel_origin.path[-1]) + 1, spec))
    return edit_at(origin, InsertItem(origin.path, 0, spec))


def _spec_row(editor: DashboardEditor, row: RowKeys) -> SettledRow | None:
    """The row of the spec that has, or is to have, the panels of a row of the goal."""
    if row.id is not None:
        return next((one for number, one in editor.headers if number == row.id), None)
    untitled = [one for number, one in editor.headers if number is None]
    panels = editor.panels
    lists = {panels[number].path[:-1] for number in row.panels if number in panels}
    own = (one for one in untitled if (*one.path, "panels") in lists or one.path in lists)
    return next(own, untitled[0] if untitled else None)


def _move_panel(editor: DashboardEditor, goal: DashboardKeys, row: RowKeys, number: int) -> None:
    iteration = iteration_of(editor.resolved, editor.panels[number].path)
    if iteration.count != 1:
        return
    origin = iteration.origin
    removal = edit_at(origin, Remove(origin.path))
    ways = []
    for target in _insertions(editor, goal, row, number, written(origin)):
        carried = _carried(origin, target)
        if carried and next(texts_after(editor.search.texts, carried), None) is not None:
            ways.append(carried)
        else:
            # The later of two places in a list of lists has to be changed first, as the other one counts from
            # the start.
            ways += [[target, removal], [removal, target]]
    _attempt_cheapest(editor, goal, ways, number)


def _carried(origin: Origin, target: DocumentEdit) -> list[DocumentEdit]:
    """The edits that carry an item with its text and comments to where another edit would write it anew.

    None when that is in another document.

    Args:
        origin: where the item is.
        target: the edit that writes it into a list, alone or as the only panel of a new row.
    """
    if (target.file, target.document) != (origin.document.file, origin.document.index):
        return []
    path, edits = origin.path, list[Edit]()
    match target.edit:
        # A new row first, empty, and then the panel into it.
        case InsertItem(path=rows, index=index, value={"panels": [_]}):
            source = _path_after_insertion(path, rows, index)
            edits = [InsertItem(rows, index, {"panels": []}), Carry(source, (*rows, index, "panels", 0))]
        case SetValue(path=rows, value=[{"panels": [_]}]):
            edits = [
                SetValue(rows, [{"panels": []}], target.edit.order),
                Carry(path, (*rows, 0, "panels", 0)),
            ]
        case InsertItem(path=items, index=index):
            edits = [Carry(path, (*items, index))]
        case SetValue(path=items, value=[_]):
            edits = [Carry(path, (*items, 0))]
    return [edit_at(origin, edit) for edit in edits]


def _path_after_insertion(path: Path, items: Path, index: int) -> Path:
    """A path after an item was put into a list that it may lead through."""
    step = path[len(items)] if len(path) > len(items) and path[: len(items)] == items else -1
    if isinstance(step, int) and step >= index:
        return (*items, step + 1, *path[len(items) + 1 :])
    return path
