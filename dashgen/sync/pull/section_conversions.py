"""Rows that became tabs, tabs that became rows, and what was put into a new one or taken out, in place."""

from collections.abc import Iterator
from typing import Final

from dashgen.core.json_values import at
from dashgen.importer.import_sections import SECTION_ORDER
from dashgen.model.settled_dashboard import SettledRow
from dashgen.model.spec_sections import SECTION_LISTS, SECTION_NAMES
from dashgen.source.edit import Carry, Edit, InsertItem, Lift, Remove, Rename, SetValue, Wrap
from dashgen.source.provenance import Origin
from dashgen.source.source import Path
from dashgen.sync.pull.dashboard_keys import DashboardKeys, RowKeys
from dashgen.sync.pull.dashboard_search import DashboardEditor
from dashgen.sync.pull.document_edits import DocumentEdit, edit_at
from dashgen.sync.pull.search import CountedPaths
from dashgen.sync.pull.value_origins import has, written

KEYS_OF_ROWS: Final = ("collapsed", "hide_header", "fill_screen")
"""Keys of rows that tabs do not have."""
_LISTS: Final = (*SECTION_LISTS, "panels")


class SectionConversions:
    """The lists of rows and tabs of a dashboard that as wholes became something else.

    The text of what is in them stays as it is.

    Args:
        editor: the dashboard.
        goal: the goal in keys.
    """

    def __init__(self, editor: DashboardEditor, goal: DashboardKeys) -> None:
        self.editor = editor
        self.goal = goal
        self.goal_ids = {row.id for row in goal.rows if row.id is not None}

    def convert(self) -> bool:
        """Convert the lists of the dashboard, and then those of the rows and tabs that stay.

        Whether there was something to convert.
        """
        progress = False
        for parent in [None, *(row.id for row in self.goal.rows if row.id is not None)]:
            for way in (self._wrapping, self._unwrapping, self._renaming):
                progress |= self._make(list(way(parent)))
        return progress

    def _make(self, edits: list[DocumentEdit]) -> bool:
        if not edits:
            return False
        editor = self.editor
        parts = [*(f"panel {number}" for number in (*editor.panels, *self._sections)), *editor.rest]
        # A change that pays off only when rows and tabs are where they belong is made as well.
        return editor.attempt(edits, parts, CountedPaths.ROWS) or editor.search.move(editor.uid, edits)

    @property
    def _sections(self) -> dict[int, SettledRow]:
        return {number: row for number, row in self.editor.headers if number is not None}

    # What the specs and the goal have

    def _container(self, parent: int | None) -> Path | None:
        if parent is None:
            return ()
        row = self._sections.get(parent)
        return None if row is None else row.path

    def _listed(self, container: Path, key: str) -> list[tuple[int | None, SettledRow]]:
        """The rows or tabs of one list, each with its id in the goal."""
        headers = self.editor.headers
        # The panels that stand beside rows are a row of the same path.
        by_path = {row.path: (number, row) for number, row in reversed(headers)}
        return [one for path, one in reversed(by_path.items()) if path[:-1] == (*container, key)]

    def _written_lists(self, container: Path) -> list[tuple[str, Origin]]:
        """The lists of rows, tabs and panels that a dashboard, a row or a tab has, where they are written."""
        data = at(self.editor.resolved.data, container)
        origins = [
            (key, self.editor.resolved.origin((*container, key))) for key in _LISTS if has(data, (key, 0))
        ]
        return [
            (key, one) for key, one in origins if one.path[-1:] == (key,) and isinstance(written(one), list)
        ]

    def _inside(self, container: Path) -> set[int]:
        """The panels, rows and tabs of the specs that are in the dashboard, a row or a tab."""
        depth = len(container)
        panels = {number for number, panel in self.editor.panels.items() if panel.path[:depth] == container}
        return panels | {
            number
            for number, row in self._sections.items()
            if len(row.path) > depth and row.path[:depth] == container
        }

    def _contents(self, row: RowKeys) -> set[int]:
        """The panels, rows and tabs that are in a row or tab of the goal."""
        inside = [row]
        for one in inside:
            inside += self.goal.children(one.id)
        return {number for one in inside for number in one.panels} | {
            one.id for one in inside[1:] if one.id is not None
        }

    # A new row or tab around all

    def _wrapping(self, parent: int | None) -> Iterator[DocumentEdit]:
        """Put everything that is listed at one place into the new row or tab that most of it is in now."""
        container = self._container(parent)
        lists = [] if container is None else self._written_lists(container)
        if container is None or not lists:
            return
        children = self.goal.children(parent)
        key, origin = lists[0]
        listed = {number for number, _ in self._listed(container, key)}
        # Beside a new one that took some in, those that are left stay where they are.
        if any(child.id in listed for child in children):
            return
        inside = self._inside(container)
        sizes = {
            number: len(self._contents(child) & inside)
            for number, child in enumerate(children)
            if child.id not in self._sections
            and self._wraps(child, inside.intersection(number for number in listed if number))
        }
        if not any(sizes.values()):
            return
        around = children[max(sizes, key=lambda number: sizes[number])]
        above = origin.path[:-1]
        item: Path = (*above, around.list_key, 0)
        kinds = {child.list_key for child in self.goal.children(around.id)}
        new_key = next(iter(kinds)) if key in SECTION_LISTS and len(kinds) == 1 else key
        yield from self._renamed(container, key, new_key)
        yield edit_at(origin, Wrap((*above, new_key), (around.list_key, 0, new_key)))
        for name, value in around.own.items():
            yield edit_at(origin, SetValue((*item, name), value, SECTION_ORDER))
        for other, other_origin in lists[1:]:
            yield edit_at(other_origin, Carry((*above, other), (*item, other), SECTION_ORDER))

    def _wraps(self, child: RowKeys, sections: set[int]) -> bool:
        """Whether a new row or tab is around others, or a tab around panels."""
        return bool(self._contents(child) & sections) if sections else child.is_tab

    # One that is gone and whose content stays

    def _unwrapping(self, parent: int | None) -> Iterator[DocumentEdit]:
        """Take everything out of the only row or tab of one place, which the goal does not have."""
        container = self._container(parent)
        lists = [] if container is None else self._written_lists(container)
        if container is None or len(lists) != 1 or lists[0][0] == "panels":
            return
        key, origin = lists[0]
        listed = self._listed(container, key)
        if len(listed) != 1 or len(written(origin)) != 1 or listed[0][0] in self.goal_ids:
            return
        path = listed[0][1].path
        inner = self._written_lists(path)
        own = {one for one, inner_origin in inner if inner_origin.path[:-1] == (*origin.path, 0)}
        stays = {number for row in self.goal.rows if row.parent == parent for number in (row.id, *row.panels)}
        if not own or len(own) != len(inner) or not stays & self._inside(path):
            return
        # The title of a row of panels is taken away by itself.
        if key == "rows" and own == {"panels"}:
            return
        yield from self._unwrapped(parent, path, inner)

    def _unwrapped(
        self, parent: int | None, path: Path, inner: list[tuple[str, Origin]]
    ) -> Iterator[DocumentEdit]:
        (key, origin), *others = inner
        above = origin.path[:-3]
        kinds = {child.list_key for child in self.goal.children(parent)}
        new_key = next(iter(kinds)) if key in SECTION_LISTS and len(kinds) == 1 else key
        for other, other_origin in others:
            yield edit_at(other_origin, Carry(other_origin.path, (*above, other)))
        yield from self._renamed(path, key, new_key)
        yield edit_at(origin, Lift((*origin.path[:-1], new_key), len(above)))

    # Rows that became tabs, or the other way round

    def _renaming(self, parent: int | None) -> Iterator[DocumentEdit]:
        container = self._container(parent)
        if container is None:
            return
        kinds = {row.list_key for row in self.goal.children(parent)}
        if parent is None and not kinds:
            kinds = {"rows"}
        data = at(self.editor.resolved.data, container)
        key = "tabs" if has(data, ("tabs", 0)) else "rows"
        if len(kinds) != 1 or key in kinds or not has(data, (key, 0)):
            return
        new_key = kinds.pop()
        edits = list(self._renamed(container, key, new_key))
        panels = [one for name, one in self._written_lists(container) if name == "panels"]
        yield from edits
        if edits and panels and new_key == "tabs":
            yield from self._first_tab(parent, panels[0])

    def _renamed(self, container: Path, key: str, new_key: str) -> Iterator[DocumentEdit]:
        """The edits that give a list of rows or tabs its other name."""
        lists = dict(self._written_lists(container))
        if key == new_key or key not in lists:
            return
        edits: dict[DocumentEdit, None] = {}
        rows = [row for _, row in self._listed(container, key)]
        for row in rows if new_key == "tabs" else ():
            edits |= dict.fromkeys(self._fitted(row))
        # Only then the bodies of components, whose names are on the way to what is in them.
        for row in rows:
            edits |= dict.fromkeys(self._bodies(row, key, new_key))
        yield from edits
        yield edit_at(lists[key], Rename(lists[key].path, new_key))

    def _fitted(self, row: SettledRow) -> Iterator[DocumentEdit]:
        """The edits that take from a row what a tab does not have, and give it the title that a tab needs."""
        yield from removed_row_keys(self.editor, row.path)
        if row.title is not None:
            return
        numbers = {self.editor.goal_id(panel) for panel in row.panels}
        best = max(self.goal.rows, key=lambda one: len(numbers & {*one.panels}), default=None)
        if best is not None and "title" in best.own:
            origin = self.editor.resolved.origin(row.path)
            yield edit_at(origin, SetValue((*origin.path, "title"), best.own["title"], SECTION_ORDER))

    def _bodies(self, row: SettledRow, key: str, new_key: str) -> Iterator[DocumentEdit]:
        """The edits of the components that a row or tab comes from, whose bodies say which of both it is."""
        names = {key: new_key, SECTION_NAMES[key]: SECTION_NAMES[new_key]}
        for origin in _bodies_of(self.editor, row):
            if origin.path[-1] in names:
                yield edit_at(origin, Rename(origin.path, names[str(origin.path[-1])]))

    def _first_tab(self, parent: int | None, panels: Origin) -> Iterator[DocumentEdit]:
        """The edits that put the panels above all rows into a tab of their own."""
        tab = next(iter(self.goal.children(parent)), None)
        if tab is None:
            return
        tabs: Path = (*panels.path[:-1], "tabs")
        edits: list[Edit] = [
            InsertItem(tabs, 0, tab.own),
            Carry(panels.path, (*tabs, 0, "panels"), SECTION_ORDER),
        ]
        for edit in edits:
            yield edit_at(panels, edit)


def _bodies_of(editor: DashboardEditor, row: SettledRow) -> Iterator[Origin]:
    """The bodies of the components that a row or tab comes from, the inner one first."""
    origin: Origin | None = editor.resolved.origin(row.path)
    while origin is not None:
        if origin.path[:1] == ("components",):
            yield Origin(origin.document, origin.path[:3])
        origin = origin.via


def unconverted_components(editor: DashboardEditor) -> list[str]:
    """The names of the components whose rows or tabs would have to be the other one of both."""
    names: dict[str, None] = {}
    for number, row in editor.headers:
        if ("dynamic", "kind") in editor.rest.get(f"panel {number}", ()):
            names |= dict.fromkeys(str(body.path[1]) for body in _bodies_of(editor, row))
    return list(names)


def removed_row_keys(editor: DashboardEditor, row: Path) -> Iterator[DocumentEdit]:
    """The edits that take the keys from a row which a tab does not have, such as `collapsed`.

    Args:
        editor: the dashboard.
        row: the path of the row in the resolved data.
    """
    for key in KEYS_OF_ROWS:
        if has(editor.resolved.data, (*row, key)):
            origin = editor.resolved.origin((*row, key))
            yield edit_at(origin, Remove(origin.path))
