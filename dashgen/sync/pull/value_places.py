"""Where a spec says the value at a place of a resolved dashboard, and how it can be made to say another one."""

import re
from collections.abc import Iterator
from typing import Any

from dashgen.core.json_values import ABSENT, at
from dashgen.source.components import ITEM_KINDS
from dashgen.source.edit import Carry, Edit, InsertItem, MoveItem, Remove, SetValue
from dashgen.source.expressions import MARK
from dashgen.source.provenance import Origin, Resolved
from dashgen.source.source import Path
from dashgen.sync.pull.loop_iterations import condition, copies, iteration_paths
from dashgen.sync.pull.pull_templates import chosen, rewritten
from dashgen.sync.pull.spec_patch import DocumentEdit, spot
from dashgen.sync.pull.value_origins import (
    REMOVED,
    Carried,
    Insertion,
    Moved,
    has,
    items_around,
    replaced,
    writing_place,
)

_OF_THE_USE = frozenset(("at", "height", "key", "width"))
"""Words about one panel and its place: they stand where a component is used."""
_NAME = re.compile(r"\$\{\{\s*([A-Za-z][A-Za-z0-9_]*)((?:\.[A-Za-z_][A-Za-z0-9_]*)*)\s*\}\}")


def ways(resolved: Resolved, path: Path, value: Any, variables: dict[str, Any]) -> list[DocumentEdit]:
    """The changes that may make a resolved document say a value, the one that disturbs least first.

    Args:
        resolved: the document.
        path: the place of the value in its data.
        value: what is to be there, or `REMOVED`.
        variables: what expressions of the document see.
    """
    must_exist = value is REMOVED or isinstance(value, Insertion)
    if must_exist and not has(resolved.data, path):
        return []
    if isinstance(value, Carried):
        return _carrying(resolved, path, value.path)
    if isinstance(value, Moved):
        return _moving(resolved, path, value)
    spots = list(_ValueWriter(resolved, path, value, variables).ways())
    return list({_key(spot): spot for spot in spots}.values())


def _carrying(resolved: Resolved, path: Path, source: Path) -> list[DocumentEdit]:
    """The change that takes a value to another place below the item that it is written in."""
    origin, above = resolved.origin(source), len(source) - 1
    if path[:above] != source[:above] or origin.path[-1:] != source[-1:] or _raw(origin) is ABSENT:
        return []
    return [spot(origin, Carry(origin.path, (*origin.path[:-1], *path[above:])))]


def _moving(resolved: Resolved, path: Path, move: Moved) -> list[DocumentEdit]:
    """The change that moves an item of a list, when each of its items is written by itself in one list."""
    iterations = [copies(resolved, (*path, number)) for number in range(len(at(resolved.data, path)))]
    lists = {(one.place.document.file, one.place.document.index, one.place.path[:-1]) for one in iterations}
    numbers = [one.place.path[-1] for one in iterations]
    if len(lists) != 1 or any(one.count != 1 for one in iterations):
        return []
    index, to = numbers[move.index], numbers[move.to]
    if not isinstance(index, int) or not isinstance(to, int):
        return []
    origin = iterations[0].place
    return [spot(origin, MoveItem(origin.path[:-1], index, to))]


def _key(spot: DocumentEdit) -> tuple[Any, ...]:
    return spot.file, spot.document, repr(spot.edit)


class _ValueWriter:
    def __init__(self, resolved: Resolved, path: Path, value: Any, variables: dict[str, Any]) -> None:
        self.resolved = resolved
        self.path = path
        self.value = value
        self.variables = variables

    def ways(self) -> Iterator[DocumentEdit]:
        origin = self._origin()
        if self.value is REMOVED and isinstance(self.path[-1], int):
            yield from self._turn_gone()
        if self.path[-1:] and self.path[-1] in _OF_THE_USE:
            yield from self._beside()
        if not self._is_default(origin):
            yield from self._in_place(origin)
        yield from self._beside()
        yield from self._for_one_turn()
        if not self._is_default(origin) and _is_expression(_raw(origin)):
            yield self._spot(origin, self.value)

    def _origin(self) -> Origin:
        if has(self.resolved.data, self.path):
            return self.resolved.origin(self.path)
        above = self.path
        while above and not has(self.resolved.data, above):
            above = above[:-1]
        return _below(self.resolved.origin(above), self.path[len(above) :])

    def _is_default(self, origin: Origin) -> bool:
        """Whether it stands in the project's defaults, which are not for one dashboard to change."""
        return "kind" not in origin.document.data if isinstance(origin.document.data, dict) else True

    def _is_default_list(self, item: Path) -> bool:
        """Whether a whole list of the document comes from the project's defaults, so that its own may stand for it."""
        return not item and self._is_default(self.resolved.origin(self.path[:1]))

    def _in_place(self, origin: Origin) -> Iterator[DocumentEdit]:
        raw = _raw(origin)
        if isinstance(self.value, Insertion):
            yield from self._inserting(origin, self.value)
            return
        if not _is_expression(raw):
            yield self._spot(origin, self.value)
            return
        if isinstance(raw, str):
            name = _NAME.fullmatch(raw)
            if name and not name[2]:
                yield from self._argument(origin, name[1])
            if name:
                yield from self._of_the_turn(name[1], tuple(name[2].split(".")[1:]))
            built = at(self.resolved.data, self.path)
            if isinstance(self.value, str) and isinstance(built, str):
                for text in rewritten(raw, built, self.value):
                    yield self._spot(origin, text)

    def _argument(self, origin: Origin, name: str) -> Iterator[DocumentEdit]:
        """The argument of a use that a component's body takes as it is."""
        use = origin.via
        if use is None:
            return
        arguments = at(use.document.data, (*use.path, "with"))
        if isinstance(arguments, dict) and name in arguments:
            yield from self._in_place(use.child("with").child(name))
        elif isinstance(arguments, dict):
            yield self._spot(use.child("with").child(name), self.value)
        else:
            yield self._spot(use.child("with"), {name: self.value})

    def _of_the_turn(self, name: str, steps: Path) -> Iterator[DocumentEdit]:
        """Where the loop around an item says what its turn takes from it."""
        for item in items_around(self.path):
            if not item or not has(self.resolved.data, item):
                continue
            iteration = copies(self.resolved, item)
            loop = _below(iteration.place, ("for_each",))
            if name != "item" or isinstance(_raw(loop), dict):
                loop = loop.child(name)
            values, rest = _raw(loop), steps
            step: str | int = iteration.number
            if isinstance(values, dict) and len(values) == iteration.count and steps[:1] == ("value",):
                step, rest = list(values)[iteration.number], steps[1:]
            elif not isinstance(values, list) or len(values) != iteration.count:
                continue
            origin = _below(loop, (step, *rest))
            if _raw(origin) is not ABSENT and not _is_expression(_raw(origin)):
                yield self._spot(origin, self.value)

    def _turn_gone(self) -> Iterator[DocumentEdit]:
        """A loop without the turn that made an item."""
        iteration = copies(self.resolved, self.path)
        if iteration.count > 1:
            for path in iteration_paths(iteration):
                yield spot(iteration.place, Remove(path))

    def _inserting(self, origin: Origin, value: Insertion) -> Iterator[DocumentEdit]:
        """A new item of a list, between what makes the items around it."""
        if isinstance(_raw(origin), list) and not at(self.resolved.data, self.path):
            yield self._spot(origin, value)
            return
        near = copies(self.resolved, (*self.path, max(value.index - 1, 0)))
        last = near.number == near.count - 1 if value.index else near.number == 0
        *above, number = near.place.path
        if last and isinstance(number, int) and not self._is_default(near.place):
            edit = InsertItem(tuple(above), number + (1 if value.index else 0), value.item)
            yield spot(near.place, edit)

    def _beside(self) -> Iterator[DocumentEdit]:
        """Overrides where the document lists the item, or an item around it."""
        for item in items_around(self.path):
            if not _may_override(item, self.path[len(item) :]) and not self._is_default_list(item):
                continue
            path, value = self.path, self.value
            for length in range(len(item), len(path) + 1):
                if isinstance(value, Insertion) if length == len(path) else isinstance(path[length], int):
                    # Lists are replaced as a whole.
                    value = replaced(at(self.resolved.data, path[:length]), path[length:], value)
                    path = path[:length]
                    break
            if len(path) == len(item):
                continue
            target = _below(writing_place(self.resolved, item), path[len(item) :])
            yield self._spot(target, value)
            if value is REMOVED:
                yield self._spot(target, None)
                yield from (
                    self._spot(target, opposite) for opposite in _nothing(at(self.resolved.data, path))
                )

    def _for_one_turn(self) -> Iterator[DocumentEdit]:
        """A choice by the variable of the loop that made the item, for the one turn that differs."""
        if isinstance(self.value, dict | list | Insertion):
            return
        around = [item for item in items_around(self.path) if has(self.resolved.data, item)]
        turns = {item: condition(self.resolved, item, self.variables) for item in around}
        for number, item in enumerate(around):
            rest = self.path[len(item) :]
            if turns[item] is None or any(isinstance(step, int) for step in rest):
                continue
            outer = [turn_condition for other in around[number:] if (turn_condition := turns[other])]
            target = _below(writing_place(self.resolved, item), rest)
            other = _raw(target)
            if other is ABSENT:
                other = at(self.resolved.data, self.path)
            # A loop inside of another one makes its turns in each turn of that.
            for turn_condition in dict.fromkeys((outer[0], " and ".join(outer))):
                text = chosen(turn_condition, _plain(self.value), _plain(other))
                if text is not None:
                    yield self._spot(target, text)

    def _spot(self, origin: Origin, value: Any) -> DocumentEdit:
        edit: Edit = SetValue(origin.path, value)
        if value is REMOVED:
            edit = Remove(origin.path)
        elif isinstance(value, Insertion):
            edit = InsertItem(origin.path, value.index, value.item)
        return spot(origin, edit)


def _may_override(item: Path, rest: Path) -> bool:
    """Whether something inside an item can be said there: a panel may say its queries anew, a row not its panels."""
    inside = any(isinstance(step, int) and rest[i] in ITEM_KINDS for i, step in enumerate(rest[1:]))
    return not inside or (len(item) > 1 and item[-2] == "panels")


def _nothing(value: Any) -> Iterator[Any]:
    """What says the opposite of a value that something else would say here."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, str | list | dict):
        yield type(value)()


def _plain(value: Any) -> Any:
    return None if value is ABSENT or value is REMOVED else value


def _below(origin: Origin, path: Path) -> Origin:
    for step in path:
        origin = origin.child(step)
    return origin


def _raw(origin: Origin) -> Any:
    return at(origin.document.data, origin.path)


def _is_expression(raw: Any) -> bool:
    if isinstance(raw, dict):
        return any(map(_is_expression, raw.values()))
    if isinstance(raw, list):
        return any(map(_is_expression, raw))
    return isinstance(raw, str) and MARK in raw
