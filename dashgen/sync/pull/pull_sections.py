"""Rows and tabs that came, went, changed, or are in another one."""

from collections.abc import Iterator
from typing import Final

from dashgen.core.json_values import ABSENT, Json, at, mapping
from dashgen.model.panel_identity import slug
from dashgen.model.settled_dashboard import SettledRow
from dashgen.model.spec_sections import SECTION_LISTS
from dashgen.source.edit import Carry, InsertItem, Remove, SetValue
from dashgen.source.provenance import Origin
from dashgen.source.source import Path
from dashgen.sync.pull.dashboard_keys import DashboardKeys, RowKeys, differing_keys
from dashgen.sync.pull.dashboard_search import DashboardEditor
from dashgen.sync.pull.data_changes import ChangeOptions, DataChange, onto
from dashgen.sync.pull.document_edits import DocumentEdit, edit_at
from dashgen.sync.pull.search import CountedPaths
from dashgen.sync.pull.section_conversions import KEYS_OF_ROWS, removed_row_keys
from dashgen.sync.pull.value_origins import has, item_origin, written

PANELS_WITHOUT_ROW: Path = ("panels",)
"""The path of the row that holds the panels which the spec lists outside of rows."""
_HEADER_KEYS: Final = ("title", "collapsed", "repeat", "key", "raw")


class PulledSections:
    """The rows and tabs of a dashboard on their way to those of its goal.

    Args:
        editor: the dashboard.
        goal: the goal in keys.
    """

    def __init__(self, editor: DashboardEditor, goal: DashboardKeys) -> None:
        self.editor = editor
        self.goal = goal
        self.by_id = {row.id: row for row in goal.rows if row.id is not None}

    @property
    def spec_rows(self) -> dict[int, SettledRow]:
        """The rows and tabs of the specs with a header, by their ids in the goal."""
        return {number: row for number, row in self.editor.headers if number is not None}

    def unname_rows(self) -> None:
        """Take away the headers of rows that the goal does not have and whose panels stay."""
        for number, row in self.spec_rows.items():
            if number not in self.by_id and len(row.path) == 2 and row.path[0] == "rows":
                _remove_row(self.editor, number, row)

    def take(self) -> None:
        """Bring the rows and tabs of the goal into the specs, each into the one around it, with its keys."""
        for goal_row in self.by_id.values():
            row = self.spec_rows.get(goal_row.id or 0)
            if row is None:
                self._add(goal_row)
            elif ("row",) in self.editor.rest.get(f"panel {goal_row.id}", ()):
                self._move(goal_row, row)
        self._change()

    def remove_empty(self) -> None:
        """Remove the rows and tabs that the goal does not have and that hold nothing any more."""
        for number in reversed([number for number in self.spec_rows if number not in self.by_id]):
            row = self.spec_rows.get(number)
            if row is None or row.panels or any(has(self._data(row), (key, 0)) for key in SECTION_LISTS):
                continue
            origin = item_origin(self.editor.resolved, row.path)
            siblings = at(origin.document.data, origin.path[:-1])
            # The last one takes the key of the list along.
            is_last = isinstance(siblings, list) and len(siblings) == 1
            paths = [origin.path[:-1], origin.path] if is_last else [origin.path]
            ways = ([edit_at(origin, Remove(path))] for path in paths)
            any(self.editor.attempt(way, [f"panel {number}"], CountedPaths.ROWS) for way in ways)

    # One row or tab

    def _add(self, goal_row: RowKeys) -> None:
        for edit in self._insertions(goal_row, goal_row.own):
            if self.editor.attempt([edit], self._parts(goal_row)):
                return

    def _move(self, goal_row: RowKeys, row: SettledRow) -> None:
        origin = item_origin(self.editor.resolved, row.path)
        removal = edit_at(origin, Remove(origin.path))
        outer = (number for number, one in self.spec_rows.items() if one.path == row.path[:-2])
        around = next(outer, None)
        fitted = list(removed_row_keys(self.editor, row.path)) if goal_row.is_tab else []
        for target in self._insertions(goal_row, written(origin)):
            carried = _carried_section(origin, target)
            ways = [*([[*fitted, *carried]] if carried else []), [target, removal], [removal, target]]
            if any(self.editor.attempt(way, self._parts(goal_row), CountedPaths.ROWS) for way in ways):
                self._remove_list(around, str(row.path[-2]))
                return

    def _remove_list(self, around: int | None, key: str) -> None:
        """Remove the key of a list that the last row or tab was moved out of."""
        container = self._container(around)
        if container is None or not has(self.editor.resolved.data, (*container, key)):
            return
        origin = self.editor.resolved.origin((*container, key))
        if written(origin) == []:
            self.editor.search.move(self.editor.uid, [edit_at(origin, Remove(origin.path))])

    def _parts(self, goal_row: RowKeys) -> list[str]:
        """The parts that another place of a row or tab may change: its own, and those of what is in it."""
        inside = [goal_row]
        for row in inside:
            inside += self.goal.children(row.id)
        numbers = [number for row in inside for number in (row.id, *row.panels)]
        return [f"panel {number}" for number in numbers]

    def _insertions(self, goal_row: RowKeys, item: object) -> Iterator[DocumentEdit]:
        """The edits that may put a row or tab where the goal has it."""
        container = self._container(goal_row.parent)
        if container is None:
            return
        if not container and not goal_row.is_tab:
            above = spec_row_above(self.editor, self.goal, goal_row, with_untitled=True)
            yield _row_insertion(self.editor, above, item)
            return
        rows = self.spec_rows
        siblings = self.goal.children(goal_row.parent)
        before = siblings[: siblings.index(goal_row)]
        path = (*container, goal_row.list_key)
        beside = [rows[one.id] for one in reversed(before) if one.id in rows]
        above_row = next((one for one in beside if one.path[:-1] == path), None)
        if above_row is not None:
            yield behind(item_origin(self.editor.resolved, above_row.path), item)
            return
        origin = item_origin(self.editor.resolved, container) if container else self.editor.resolved.origin()
        list_path = (*origin.path, goal_row.list_key)
        if isinstance(at(origin.document.data, list_path), list):
            yield edit_at(origin, InsertItem(list_path, 0, item))
        else:
            yield edit_at(origin, SetValue(list_path, [item]))

    def _container(self, parent: int | None) -> Path | None:
        """The path of the row or tab around others, or of the dashboard; None when there is none."""
        if parent is None:
            return ()
        row = self.spec_rows.get(parent)
        return None if row is None else row.path

    def _data(self, row: SettledRow) -> Json:
        return mapping(at(self.editor.resolved.data, row.path))

    # The keys

    def _change(self) -> None:
        differing = [
            number
            for number in self.spec_rows
            if number in self.by_id
            and any(path[0] not in ("gridPos", "row") for path in self.editor.rest.get(f"panel {number}", ()))
        ]
        built = self.editor.keys_of(self.editor.built.data) if differing else None
        if built is None:
            return
        ids = self.editor.ids
        now = {ids.get(row.id, row.id): row for row in built.rows if row.id is not None}
        self._shared_layout(differing, now)
        for number in differing:
            if number in now and f"panel {number}" in self.editor.rest:
                self._change_one(number, now[number])

    def _shared_layout(self, differing: list[int], now: dict[int, RowKeys]) -> None:
        """Change the layout that the dashboard gives to its rows and tabs, if all of them changed alike."""
        if not has(self.editor.resolved.data, ("layout",)):
            return
        layouts = [self.by_id[number].own.get("layout", "grid") for number in differing if number in now]
        if layouts and all(layout == layouts[0] for layout in layouts):
            change = [DataChange(("layout",), layouts[0])]
            self.editor.attempt_changes(
                [change], [*(f"panel {n}" for n in self.editor.panels), *self.editor.rest]
            )

    def _change_one(self, number: int, now: RowKeys) -> None:
        part = [f"panel {number}"]
        changes_by_key: list[ChangeOptions] = []
        for key, old, new in differing_keys(now.own, self.by_id[number].own):
            if key == "variables" and not self._differs(number, "variables"):
                continue
            # A row that cannot become a tab keeps what a tab does not have.
            if key in KEYS_OF_ROWS and self.by_id[number].is_tab and not now.is_tab:
                continue
            if options := self._options(self.spec_rows[number], key, old, new):
                changes_by_key.append(options)
        if not changes_by_key:
            return
        # A layout that arranges panels moves all that are in it.
        parts = [*part, *(f"panel {one}" for one in self.by_id[number].panels)]
        together = [change for options in changes_by_key for change in options[0]]
        if not self.editor.attempt_changes([together], parts):
            for options in changes_by_key:
                self.editor.attempt_changes(options, parts)

    def _differs(self, number: int, key: str) -> bool:
        """Whether a part of what only schema v2 has of a row or tab differs."""
        return any(path[:2] == ("dynamic", key) for path in self.editor.rest.get(f"panel {number}", ()))

    def _options(self, row: SettledRow, key: str, old: object, new: object) -> ChangeOptions:
        data, path = self.editor.resolved.data, (*row.path, key)
        if key == "layout" and new is ABSENT:
            # What the dashboard, or a row or tab around it, gives has to be undone.
            return [*onto(data, path, old, new), [DataChange(path, "grid")]]
        options = onto(data, path, old, new)
        if key == "title" and options and not has(data, (*row.path, "key")):
            # The row's id is a hash of its key, so a renamed row keeps its old name as its key. Nothing
            # refers to a tab, and only panels that share their titles with others take their ids from it.
            own_key = DataChange((*row.path, "key"), slug(row.title or ""))
            named = [[own_key, *options[0]], *options[1:]]
            return [*options[:1], *named] if row.kind == "tab" or row.level else named
        return options


def _carried_section(origin: Origin, target: DocumentEdit) -> list[DocumentEdit]:
    """The edit that moves a row or tab as text to another list; none when that is in another document."""
    if (target.file, target.document) != (origin.document.file, origin.document.index):
        return []
    match target.edit:
        case InsertItem(path=items, index=index):
            return [edit_at(origin, Carry(origin.path, (*items, index)))]
        case SetValue(path=items):
            return [edit_at(origin, Carry(origin.path, (*items, 0)))]
    return []


def _remove_row(editor: DashboardEditor, number: int, row: SettledRow) -> None:
    origin = item_origin(editor.resolved, row.path)
    parts = [f"panel {number}"]
    whole = [edit_at(origin, Remove(origin.path))]
    if not row.panels and editor.attempt(whole, parts, CountedPaths.ROWS):
        return
    # Its panels stay, in a row without a title.
    keys = [key for key in _HEADER_KEYS if has(written(origin), (key,))]
    editor.attempt([edit_at(origin, Remove((*origin.path, key))) for key in keys], parts)


def _row_insertion(editor: DashboardEditor, above: SettledRow | None, spec: object) -> DocumentEdit:
    """The edit that adds a row: below another one, or as the first."""
    if not isinstance(at(editor.resolved.document.data, ("rows",)), list):
        return editor.document_edit(SetValue(("rows",), [spec]))
    if above is None:
        return editor.document_edit(InsertItem(("rows",), 0, spec))
    return behind(item_origin(editor.resolved, above.path), spec)


def spec_row_above(
    editor: DashboardEditor, goal: DashboardKeys, goal_row: RowKeys, *, with_untitled: bool = False
) -> SettledRow | None:
    """The row of the spec that stands above a row of the goal: that of the nearest header before it.

    Args:
        editor: the dashboard.
        goal: the goal in keys.
        goal_row: the row.
        with_untitled: whether rows without a title belong to the one above them.
    """
    rows: dict[int, SettledRow] = {}
    for number, row in editor.headers:
        header = number if number is not None or not with_untitled else next(reversed(rows), None)
        if header is not None:
            rows[header] = row
    before = [one.id for one in goal.rows[: goal.rows.index(goal_row)] if one.id is not None]
    return next((rows[number] for number in reversed(before) if number in rows), None)


def behind(origin: Origin, item: object) -> DocumentEdit:
    """The edit that adds an item to a list behind another one."""
    return edit_at(origin, InsertItem(origin.path[:-1], int(origin.path[-1]) + 1, item))
