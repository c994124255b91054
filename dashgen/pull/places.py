"""Where a spec says the value at a place of a resolved dashboard, and how it can be made to say another one."""

import re
from collections.abc import Iterator
from typing import Any

from dashgen.pull.origins import ABSENT, REMOVED, Insertion, at, has, items_around, replaced, writing_place
from dashgen.pull.patch import Spot, spot
from dashgen.pull.templates import chosen, rewritten
from dashgen.pull.turns import condition
from dashgen.spec.components import ITEM_KINDS
from dashgen.spec.edit import Edit, InsertItem, Remove, SetValue
from dashgen.spec.expressions import MARK
from dashgen.spec.provenance import Origin, Resolved
from dashgen.spec.source import Path

_OF_THE_USE = frozenset(("at", "height", "key", "width"))
"""Words about one panel and its place: they stand where a component is used."""
_NAME = re.compile(r"\$\{\{\s*([A-Za-z][A-Za-z0-9_]*)\s*\}\}")


def ways(resolved: Resolved, path: Path, value: Any, variables: dict[str, Any]) -> list[Spot]:
    """The changes that may make a resolved document say a value, the one that disturbs least first.

    Args:
        resolved: the document.
        path: the place of the value in its data.
        value: what is to be there, or `REMOVED`.
        variables: what expressions of the document see.
    """
    gone = value is REMOVED or isinstance(value, Insertion)
    if gone and not has(resolved.data, path):
        return []
    found = list(_Writer(resolved, path, value, variables).ways())
    return list({_key(spot): spot for spot in found}.values())


def _key(spot: Spot) -> tuple[Any, ...]:
    return spot.file, spot.document, repr(spot.edit)


class _Writer:
    def __init__(self, resolved: Resolved, path: Path, value: Any, variables: dict[str, Any]) -> None:
        self.resolved = resolved
        self.path = path
        self.value = value
        self.variables = variables

    def ways(self) -> Iterator[Spot]:
        origin = self._origin()
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

    def _in_place(self, origin: Origin) -> Iterator[Spot]:
        raw = _raw(origin)
        if isinstance(self.value, Insertion):
            if isinstance(raw, list) and len(raw) == len(at(self.resolved.data, self.path)):
                yield self._spot(origin, self.value)
            return
        if not _is_expression(raw):
            yield self._spot(origin, self.value)
            return
        if isinstance(raw, str):
            name = _NAME.fullmatch(raw)
            if name:
                yield from self._argument(origin, name[1])
            built = at(self.resolved.data, self.path)
            if isinstance(self.value, str) and isinstance(built, str):
                for text in rewritten(raw, built, self.value):
                    yield self._spot(origin, text)

    def _argument(self, origin: Origin, name: str) -> Iterator[Spot]:
        """The argument of a use that a component's body takes as it is."""
        use = origin.via
        if use is None:
            return
        given = at(use.document.data, (*use.path, "with"))
        if isinstance(given, dict) and name in given:
            yield from self._in_place(use.child("with").child(name))
        elif isinstance(given, dict):
            yield self._spot(use.child("with").child(name), self.value)
        else:
            yield self._spot(use.child("with"), {name: self.value})

    def _beside(self) -> Iterator[Spot]:
        """Overrides where the document lists the item, or an item around it."""
        for item in items_around(self.path):
            if not _may_override(item, self.path[len(item) :]):
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

    def _for_one_turn(self) -> Iterator[Spot]:
        """A choice by the variable of the loop that made the item, for the one turn that differs."""
        if isinstance(self.value, dict | list | Insertion):
            return
        for item in items_around(self.path):
            found = condition(self.resolved, item, self.variables)
            rest = self.path[len(item) :]
            if found is None or any(isinstance(step, int) for step in rest):
                continue
            target = _below(writing_place(self.resolved, item), rest)
            other = _raw(target)
            if other is ABSENT:
                other = at(self.resolved.data, self.path)
            text = chosen(found, _plain(self.value), _plain(other))
            if text is not None:
                yield self._spot(target, text)

    def _spot(self, origin: Origin, value: Any) -> Spot:
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
