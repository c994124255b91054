"""Changes of a dashboard itself: its words, variables, annotation queries and links."""

from dashgen.core.json_values import ABSENT, Json, at
from dashgen.source.edit import InsertItem, MoveItem, Remove, SetValue
from dashgen.sync.pull.candidate_edits import make
from dashgen.sync.pull.dashboard_keys import DashboardKeys, differing_words
from dashgen.sync.pull.data_changes import DataChange, onto
from dashgen.sync.pull.loop_iterations import copies
from dashgen.sync.pull.spec_patch import DocumentEdit, Patch
from dashgen.sync.pull.value_origins import REMOVED, Insertion

_NAMED = {"variables": "variable", "annotations": "annotation"}


def take_top(patch: Patch, uid: str, old: DashboardKeys, new: DashboardKeys) -> bool:
    """Write what differs outside of panels; whether anything was written."""
    done = _take_words(patch, uid, old.top, new.top)
    for key in _NAMED:
        done |= _take_named(patch, uid, key, old.named[key], new.named[key])
    for key, before, after in (("links", old.links, new.links), ("raw", old.raw, new.raw)):
        data = patch.dashboard(uid).resolved.data
        options = onto(data, (key,), before or ABSENT, after or ABSENT) if before != after else []
        done |= make(patch, uid, _top_scopes(patch, uid), options)
    return done


def _top_scopes(patch: Patch, uid: str) -> list[str]:
    return [scope for scope in patch.rest[uid] if not scope.startswith("panel ")]


def _take_words(patch: Patch, uid: str, old: Json, new: Json) -> bool:
    done = False
    for word, before, after in differing_words(old, new):
        data = patch.dashboard(uid).resolved.data
        options = onto(data, (word,), before, after)
        if word == "title" and "uid" not in data:
            options = [[*changes, DataChange(("uid",), uid)] for changes in options]
        done |= make(patch, uid, _top_scopes(patch, uid), options)
    return done


def take_folder(patch: Patch, uid: str) -> bool:
    """Write the folder in which a dashboard is now."""
    folder = patch.goals[uid].folder
    if "folder" not in patch.rest[uid]:
        return False
    data = patch.dashboard(uid).resolved.data
    value = folder or REMOVED
    if folder or "folder" in data:
        return make(patch, uid, ["folder"], [[DataChange(("folder",), value)]])
    return False


def _take_named(patch: Patch, uid: str, key: str, old: dict[str, Json], new: dict[str, Json]) -> bool:
    done = False
    for name in [name for name in old if name not in new]:
        done |= _remove(patch, uid, key, name)
    for number, name in enumerate(new):
        if name not in old:
            done |= _add(patch, uid, key, number, new[name])
        elif f"{_NAMED[key]} {name}" in patch.rest[uid]:
            done |= _change(patch, uid, key, name, old[name], new[name])
    if list(new) != _names(patch, uid, key):
        done |= _order(patch, uid, key, list(new))
    return done


def _names(patch: Patch, uid: str, key: str) -> list[str]:
    return [item.get("name") for item in patch.dashboard(uid).resolved.data.get(key, [])]


def _remove(patch: Patch, uid: str, key: str, name: str) -> bool:
    built, names = patch.dashboard(uid), _names(patch, uid, key)
    if name not in names:
        return False
    iteration = copies(built.resolved, (key, names.index(name)))
    if iteration.count != 1:
        return False
    origin = iteration.place
    path = origin.path if len(at(origin.document.data, origin.path[:-1])) > 1 else origin.path[:-1]
    spot = DocumentEdit(origin.document.file, origin.document.index, Remove(path))
    return patch.attempt([spot], [(uid, f"{_NAMED[key]} {name}"), (uid, f"{_NAMED[key]}s")])


def _add(patch: Patch, uid: str, key: str, number: int, keys: Json) -> bool:
    # What has no word is written when words are not enough, as what it says may go without saying.
    plain = {word: value for word, value in keys.items() if word != "raw"}
    done = _insert(patch, uid, key, number, plain)
    if done and f"{_NAMED[key]} {keys['name']}" in patch.rest[uid] and plain != keys:
        _change(patch, uid, key, keys["name"], plain, keys)
    return done or _insert(patch, uid, key, number, keys)


def _insert(patch: Patch, uid: str, key: str, number: int, keys: Json) -> bool:
    built = patch.dashboard(uid)
    document, names = built.resolved.document, _names(patch, uid, key)
    item_list = at(document.data, (key,))
    index = min(number, len(item_list)) if isinstance(item_list, list) else 0
    edit = InsertItem((key,), index, keys) if isinstance(item_list, list) else SetValue((key,), [keys])
    focus = [(uid, f"{_NAMED[key]} {keys['name']}"), (uid, f"{_NAMED[key]}s")]
    if patch.attempt([DocumentEdit(document.file, document.index, edit)], focus):
        return True
    return make(
        patch, uid, [scope for _, scope in focus], [[DataChange((key,), Insertion(len(names), keys))]]
    )


def _change(patch: Patch, uid: str, key: str, name: str, old: Json, new: Json) -> bool:
    scopes = [f"{_NAMED[key]} {name}"]

    def options() -> list[list[list[DataChange]]]:
        data, names = patch.dashboard(uid).resolved.data, _names(patch, uid, key)
        if name not in names:
            return []
        path = (key, names.index(name))
        key_options = [
            onto(data, (*path, word), one, other) for word, one, other in differing_words(old, new)
        ]
        return [some for some in key_options if some]

    choices = options()
    if make(patch, uid, scopes, [[change for some in choices for change in some[0]]]):
        return True
    return any([make(patch, uid, scopes, some) for some in choices])  # noqa: C419  # each of them is to be made


def _order(patch: Patch, uid: str, key: str, goal_names: list[str]) -> bool:
    """Move items until they stand as wanted, as long as each stands in the document itself."""
    built, names = patch.dashboard(uid), _names(patch, uid, key)
    document = built.resolved.document
    item_list = at(document.data, (key,))
    if sorted(names) != sorted(goal_names) or not isinstance(item_list, list) or len(item_list) != len(names):
        return False
    spots, now = [], list(names)
    for number, name in enumerate(goal_names):
        if now[number] != name:
            index = now.index(name)
            now.insert(number, now.pop(index))
            spots.append(DocumentEdit(document.file, document.index, MoveItem((key,), index, number)))
    return patch.attempt(spots, [(uid, f"{_NAMED[key]}s")])
