"""Changes of a dashboard itself: its keys, variables, annotation queries and links."""

from dashgen.core.json_values import ABSENT, Json, at
from dashgen.source.edit import Edit, InsertItem, MoveItem, Remove, SetValue
from dashgen.sync.pull.dashboard_keys import DashboardKeys, differing_keys
from dashgen.sync.pull.dashboard_search import DashboardEditor
from dashgen.sync.pull.data_changes import ChangeOptions, DataChange, moves, onto
from dashgen.sync.pull.document_edits import edit_at
from dashgen.sync.pull.loop_iterations import iteration_of
from dashgen.sync.pull.value_origins import REMOVED, Insertion

_NAMED = {"variables": "variable", "annotations": "annotation"}


def take_settings(editor: DashboardEditor, built: DashboardKeys, goal: DashboardKeys) -> bool:
    """Write what differs outside of panels; whether anything was written."""
    progress = False
    for key, before, after in differing_keys(built.top, goal.top):
        options = onto(editor.resolved.data, (key,), before, after)
        if key == "title" and "uid" not in editor.resolved.data:
            # Without a uid of its own a dashboard has one made from its title, and a new uid is another
            # dashboard.
            options = [[*changes, DataChange(("uid",), editor.uid)] for changes in options]
        progress |= editor.attempt_changes(options, _own_parts(editor))
    for key in _NAMED:
        progress |= _NamedItems(editor, key).take(built.named[key], goal.named[key])
    for key, before, after in (("links", built.links, goal.links), ("raw", built.raw, goal.raw)):
        if before != after:
            options = onto(editor.resolved.data, (key,), before or ABSENT, after or ABSENT)
            progress |= editor.attempt_changes(options, _own_parts(editor))
    return progress


def _own_parts(editor: DashboardEditor) -> list[str]:
    # Panels are parts of their own, which a change outside of them must not touch.
    return [part for part in editor.rest if not part.startswith("panel ")]


def take_folder(editor: DashboardEditor) -> None:
    """Write the folder in which a dashboard is now."""
    folder = editor.goal.folder
    if "folder" in editor.rest and (folder or "folder" in editor.resolved.data):
        editor.attempt_changes([[DataChange(("folder",), folder or REMOVED)]], ["folder"])


class _NamedItems:
    """The variables or the annotation queries of a dashboard, which are known by their names."""

    def __init__(self, editor: DashboardEditor, key: str) -> None:
        self.editor = editor
        self.key = key
        self.order_part = f"{_NAMED[key]}s"

    @property
    def names(self) -> list[str]:
        """The names in the specs now."""
        return [item.get("name") for item in self.editor.resolved.data.get(self.key, [])]

    def part(self, name: str) -> str:
        """What an item is called in comparisons."""
        return f"{_NAMED[self.key]} {name}"

    def take(self, old: dict[str, Json], new: dict[str, Json]) -> bool:
        """Write what differs; whether anything was written."""
        progress = False
        for name in old:
            progress |= name not in new and self._remove(name)
        for number, (name, keys) in enumerate(new.items()):
            if name not in old:
                progress |= self._add(number, keys)
            elif self.part(name) in self.editor.rest:
                progress |= self._change(old[name], keys)
        return progress | self._order(list(new))

    def _remove(self, name: str) -> bool:
        if name not in self.names:
            return False
        iteration = iteration_of(self.editor.resolved, (self.key, self.names.index(name)))
        if iteration.count != 1:
            return False
        origin = iteration.origin
        # The last item takes the key of the list along.
        path = origin.path if len(at(origin.document.data, origin.path[:-1])) > 1 else origin.path[:-1]
        return self.editor.attempt([edit_at(origin, Remove(path))], [self.part(name), self.order_part])

    def _add(self, number: int, keys: Json) -> bool:
        # What has no key is written when keys are not enough, as it may follow from them.
        plain = {key: value for key, value in keys.items() if key != "raw"}
        if not self._insert(number, plain):
            return self._insert(number, keys)
        if self.part(keys["name"]) in self.editor.rest and plain != keys:
            self._change(plain, keys)
        return True

    def _insert(self, number: int, keys: Json) -> bool:
        items = at(self.editor.resolved.document.data, (self.key,))
        edit: Edit = SetValue((self.key,), [keys])
        if isinstance(items, list):
            edit = InsertItem((self.key,), min(number, len(items)), keys)
        parts = [self.part(keys["name"]), self.order_part]
        if self.editor.attempt([self.editor.document_edit(edit)], parts):
            return True
        # The list may come from a component or from defaults: then behind what makes its last item, or as a
        # list of its own.
        change = DataChange((self.key,), Insertion(len(self.names), keys))
        return self.editor.attempt_changes([[change]], parts)

    def _change(self, old: Json, new: Json) -> bool:
        name = new["name"]
        if name not in self.names:
            return False
        path = (self.key, self.names.index(name))
        by_key: list[ChangeOptions] = [
            options
            for key, before, after in differing_keys(old, new)
            if (options := onto(self.editor.resolved.data, (*path, key), before, after))
        ]
        together = [change for options in by_key for change in options[0]]
        parts = [self.part(name)]
        if self.editor.attempt_changes([together], parts):
            return True
        progress = [self.editor.attempt_changes(options, parts) for options in by_key]
        return any(progress)

    def _order(self, goal_names: list[str]) -> bool:
        """Move items until they are in the order of the goal, as long as the document itself lists each."""
        names = self.names
        items = at(self.editor.resolved.document.data, (self.key,))
        if names == goal_names or sorted(names) != sorted(goal_names):
            return False
        if not isinstance(items, list) or len(items) != len(names):
            return False
        edits = [
            self.editor.document_edit(MoveItem((self.key,), move.index, move.to))
            for move in moves(names, goal_names)
        ]
        return self.editor.attempt(edits, [self.order_part])
