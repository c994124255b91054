"""What can be done to a YAML document, and what it does to its plain data."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from msgspec import Struct

from dashgen.core.errors import SpecError
from dashgen.source.located import Path


class SetValue(Struct, frozen=True):
    """Replace the value at a path, or add it; mappings that are missing on the way are made.

    Attributes:
        path: the place.
        value: what is to be there.
        order: keys in the order in which people write them; the first key that is missing goes behind those
            before it.
    """

    path: Path
    value: Any
    order: tuple[str, ...] = ()


class Remove(Struct, frozen=True):
    """Remove a key of a mapping or an item of a list."""

    path: Path


class InsertItem(Struct, frozen=True):
    """Put a value into the list at ``path``, before the item that has the number ``index`` now."""

    path: Path
    index: int
    value: Any


class MoveItem(Struct, frozen=True):
    """Move an item of the list at ``path``, so that it has the number ``to`` afterwards."""

    path: Path
    index: int
    to: int


class Carry(Struct, frozen=True):
    """Take a value, with its text and comments, to where nothing is or before an item of another list.

    Attributes:
        path: the place of the value.
        to: its new place, as places are before it is taken away; what is missing on the way is made.
        order: keys in the order in which people write them, for the first key that is missing.
    """

    path: Path
    to: Path
    order: tuple[str, ...] = ()


class Rename(Struct, frozen=True):
    """Give a key of a mapping another name; its value and its comments stay as they are."""

    path: Path
    key: str


class Wrap(Struct, frozen=True):
    """Put a key, where it stands, into something new around it: ``rows`` into ``tabs``, ``0``, ``rows``.

    Attributes:
        path: the place of the key.
        steps: how it is reached afterwards from the mapping that it is in.
    """

    path: Path
    steps: Path


class Lift(Struct, frozen=True):
    """Put a key in the place of another one that is around it; what else is in that one goes.

    Attributes:
        path: the place of the key.
        depth: how many steps of the path lead to the mapping that it comes into.
    """

    path: Path
    depth: int


Edit: TypeAlias = SetValue | Remove | InsertItem | MoveItem | Carry | Rename | Wrap | Lift


class EditError(SpecError):
    """An edit cannot be made without losing something else; its diagnostic says what, at its place."""


class NoPlaceError(Exception):
    """The document has no such place; the message says why."""


def applied(data: object, edit: Edit) -> Any:
    """Plain data after an edit, with which the edited text is compared; the data itself is left as it is.

    Raises:
        NoPlaceError: the edit's path or index does not fit the data.
    """
    match edit:
        case SetValue(path=path, value=value):
            return _changed(data, path, lambda _: value)
        case Remove(path=path):
            if not path:
                raise NoPlaceError("a document cannot be removed")
            return _changed(data, path[:-1], lambda parent: _without(parent, path[-1]))
        case InsertItem(path=path, index=index, value=value):
            return _changed(data, path, lambda items: _inserted(items, index, value))
        case MoveItem(path=path, index=index, to=to):
            return _changed(data, path, lambda items: _moved(items, index, to))
        case Carry(path=path, to=to):
            return _carried(data, path, to)
        case Rename() | Wrap() | Lift():
            return _rewrapped(data, edit)


def _rewrapped(data: object, edit: Rename | Wrap | Lift) -> Any:
    value = _value_in(data, edit.path)
    match edit:
        case Rename(key=key):
            steps: Path = (key,)
        case Wrap(steps=steps):
            pass
        case Lift(path=path):
            steps = path[-1:]
    for step in reversed(steps):
        value = {step: value} if isinstance(step, str) else [value]
    depth = edit.depth if isinstance(edit, Lift) else len(edit.path) - 1
    return _changed(data, edit.path[:depth], lambda parent: _exchanged(parent, edit.path[depth], value))


def _value_in(data: object, path: Path) -> Any:
    """The value of a key that is there.

    Raises:
        NoPlaceError: it is not there.
    """
    parent = value_at(data, path[:-1])
    if not isinstance(parent, dict) or path[-1] not in parent:
        raise NoPlaceError(f"there is no `{path[-1]}`")
    return parent[path[-1]]


def _exchanged(parent: object, step: str | int, entries: dict[str, Any]) -> Any:
    """A mapping in which other keys stand in the place of one."""
    if not isinstance(parent, dict) or step not in parent:
        raise NoPlaceError(f"there is no `{step}`")
    if taken := (entries.keys() & parent.keys()) - {step}:
        raise NoPlaceError(f"there is a `{taken.pop()}` already")
    return dict(
        pair
        for key, value in parent.items()
        for pair in (entries.items() if key == step else ((key, value),))
    )


def _carried(data: object, path: Path, to: Path) -> Any:
    above = path[:-1]
    # Within its own list an item moves (`MoveItem`): once it is taken out, the numbers in `to` count other
    # items.
    if (
        not path
        or not to
        or to[: len(path)] == path
        or (isinstance(path[-1], int) and to[: len(above)] == above)
    ):
        raise NoPlaceError("a value cannot be carried into itself or its own list")
    without = _changed(data, above, lambda parent: _without(parent, path[-1]))
    return _changed(without, to[:-1], lambda parent: _with(parent, to[-1], value_at(data, path)))


def _with(parent: object, step: str | int, value: object) -> Any:
    if isinstance(step, int):
        return _inserted(parent, step, value)
    if (parent is not None and not isinstance(parent, dict)) or step in (parent or {}):
        raise NoPlaceError(f"there is no room for `{step}`")
    return {**(parent or {}), step: value}


def _changed(data: Any, path: Path, change: Any) -> Any:
    if not path:
        return change(data)
    step, rest = path[0], path[1:]
    # `panels:` with nothing below it is null in YAML, and an edit may put a mapping or a list there.
    if isinstance(step, str):
        if data is None:
            data = {}
        if not isinstance(data, dict):
            raise NoPlaceError(f"`{step}` cannot stand in {_named(data)}")
        return {**data, step: _changed(data.get(step), rest, change)}
    if data is None:
        data = []
    if not isinstance(data, list):
        raise NoPlaceError(f"{_named(data)} has no items")
    if not 0 <= step <= len(data):
        raise NoPlaceError(f"the list has no item {step + 1}")
    # The item behind the last one is a new one.
    old = data[step] if step < len(data) else None
    return [*data[:step], _changed(old, rest, change), *data[step + 1 :]]


def _without(parent: object, step: str | int) -> Any:
    if isinstance(parent, dict) and step in parent:
        return {key: value for key, value in parent.items() if key != step}
    if isinstance(parent, list) and isinstance(step, int) and 0 <= step < len(parent):
        return [*parent[:step], *parent[step + 1 :]]
    raise NoPlaceError(
        f"there is no `{step}`" if isinstance(step, str) else f"the list has no item {step + 1}"
    )


def _inserted(items: object, index: int, value: object) -> Any:
    items = [] if items is None else items
    if not isinstance(items, list):
        raise NoPlaceError(f"{_named(items)} has no items")
    if not 0 <= index <= len(items):
        raise NoPlaceError(f"the list has no item {index + 1}")
    return [*items[:index], value, *items[index:]]


def _moved(items: object, index: int, to: int) -> Any:
    if not isinstance(items, list):
        raise NoPlaceError(f"{_named(items)} has no items")
    if not (0 <= index < len(items) and 0 <= to < len(items)):
        raise NoPlaceError(f"the list has no item {max(index, to) + 1}")
    rest = [*items[:index], *items[index + 1 :]]
    return [*rest[:to], items[index], *rest[to:]]


def _named(data: object) -> str:
    kinds = {dict: "a mapping", list: "a list", str: "a text", bool: "a yes or no", type(None): "nothing"}
    return kinds.get(type(data), "a number")


def value_at(data: object, path: Path) -> Any:
    """The value at a path; nothing if there is none."""
    for step in path:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data):
            data = data[step]
        else:
            return None
    return data


def identical(left: Any, right: Any) -> bool:
    """Whether two values are equal and of one type at every depth; the order of keys does not count."""
    # `1`, `1.0` and `true` are equal in Python and different in Grafana.
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(identical(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(identical, left, right))
    return bool(left == right)


def first_difference(left: object, right: object, path: Path = ()) -> Path:
    """The path of the first place at which two values are not the same."""
    if isinstance(left, dict) and isinstance(right, dict):
        steps: Iterator[str | int] = iter([*left, *(key for key in right if key not in left)])
    elif isinstance(left, list) and isinstance(right, list):
        steps = iter(range(max(len(left), len(right))))
    else:
        return path
    for step in steps:
        mine, other = value_at(left, (step,)), value_at(right, (step,))
        if not identical(mine, other):
            return first_difference(mine, other, (*path, step))
    return path


def without_leftovers(data: object, edit: Edit, later: Sequence[Edit]) -> Edit:
    """A removal that would leave an empty mapping removes that mapping's key, unless it is filled again."""
    if not isinstance(edit, Remove):
        return edit
    path = edit.path
    while len(path) > 1:
        parent = path[:-1]
        mapping = value_at(data, parent)
        if not (isinstance(parent[-1], str) and isinstance(mapping, dict) and list(mapping) == [path[-1]]):
            break
        # A move of keys is a removal and an addition: the key in between must keep its place and its comment.
        if any(other.path[: len(parent)] == parent for other in later):
            break
        path = parent
    return Remove(path)
