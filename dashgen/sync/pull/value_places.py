"""Find the edits of specs that may give a resolved document another value at a place.

A value that a component, a loop or an expression brought is written elsewhere than it stands, often for
several places at once. So there are several edits to try: where it is written, beside the use of what brought
it, or for one iteration of a loop.
"""

from collections.abc import Iterator
from typing import Any

from dashgen.core.json_values import ABSENT, at
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.source.components import ITEM_KINDS
from dashgen.source.edit import Carry, InsertItem, Remove, SetValue
from dashgen.source.expressions import MARK
from dashgen.source.provenance import Origin, Resolved
from dashgen.source.source import Path
from dashgen.sync.pull.document_edits import DocumentEdit, edit_at
from dashgen.sync.pull.loop_iterations import condition, iteration_of, loop_paths, moved_item
from dashgen.sync.pull.pull_templates import conditional, rewritten
from dashgen.sync.pull.value_origins import (
    REMOVED,
    Carried,
    Insertion,
    Moved,
    ScopedDocument,
    has,
    item_origin,
    items_around,
    replaced,
    written,
)

_KEYS_OF_A_USE = frozenset(("at", "height", "key", "width"))
"""Keys about one panel and its place: they stand where a component is used."""
_NAME = lazy_pattern(r"\$\{\{\s*([A-Za-z][A-Za-z0-9_]*)((?:\.[A-Za-z_][A-Za-z0-9_]*)*)\s*\}\}")
"""An expression that is a variable, or an attribute of one, and nothing else."""


def value_edits(document: ScopedDocument, path: Path, value: object) -> list[DocumentEdit]:
    """The edits that may give a resolved document a value, the one that disturbs least first.

    Args:
        document: the document.
        path: the place of the value in its data.
        value: what is to be there, or `REMOVED`, `Insertion`, `Moved` or `Carried`.
    """
    resolved = document.resolved
    if (value is REMOVED or isinstance(value, Insertion)) and not has(resolved.data, path):
        return []
    if isinstance(value, Carried):
        return _carrying_edits(resolved, path, value.path)
    if isinstance(value, Moved):
        iterations = [
            iteration_of(resolved, (*path, number)) for number in range(len(at(resolved.data, path)))
        ]
        move = moved_item(iterations, value.index, value.to)
        return [move] if move else []
    # Different ways may come to the same edit, which need not be built twice.
    edits = _ValueWriter(document, path, value).edits()
    return list({(edit.file, edit.document, repr(edit.edit)): edit for edit in edits}.values())


def _carrying_edits(resolved: Resolved, path: Path, source: Path) -> list[DocumentEdit]:
    """The edit that takes a value to another place below its item, when it is written there itself."""
    origin, above = resolved.origin(source), len(source) - 1
    if path[:above] != source[:above] or origin.path[-1:] != source[-1:] or written(origin) is ABSENT:
        return []
    return [edit_at(origin, Carry(origin.path, (*origin.path[:-1], *path[above:])))]


class _ValueWriter:
    """Finds the edits for one value."""

    def __init__(self, document: ScopedDocument, path: Path, value: object) -> None:
        self.document = document
        self.resolved = document.resolved
        self.path = path
        self.value = value

    def edits(self) -> Iterator[DocumentEdit]:
        """The edits in the order in which they are tried."""
        origin = self._origin()
        if self.value is REMOVED and isinstance(self.path[-1], int):
            # The item of a loop goes with its iteration; in place the whole loop would go.
            yield from self._without_iteration()
        if self.path[-1:] and self.path[-1] in _KEYS_OF_A_USE:
            yield from self._beside()
        # Defaults of the project are not for one dashboard to change: they are only overridden.
        if not _is_default(origin):
            yield from self._in_place(origin)
        yield from self._beside()
        yield from self._for_one_iteration()
        if not _is_default(origin) and _has_expression(written(origin)):
            # Last, as it replaces an expression that somebody wrote by what it is to give here.
            yield self._edit(origin, self.value)

    def _origin(self) -> Origin:
        """Where the value is written, or would be if it were there."""
        above = self.path
        while above and not has(self.resolved.data, above):
            above = above[:-1]
        return self.resolved.origin(above).below(self.path[len(above) :])

    def _in_place(self, origin: Origin) -> Iterator[DocumentEdit]:
        """Edits of the text that the value comes from, wherever that is."""
        text = written(origin)
        if isinstance(self.value, Insertion):
            yield from self._inserting(origin, self.value)
        elif not _has_expression(text):
            yield self._edit(origin, self.value)
        elif isinstance(text, str):
            name = _NAME.fullmatch(text)
            if name and not name[2]:
                yield from self._in_argument(origin, name[1])
            if name:
                yield from self._in_loop(name[1], tuple(name[2].split(".")[1:]))
            built = at(self.resolved.data, self.path)
            if isinstance(self.value, str) and isinstance(built, str):
                for template in rewritten(text, built, self.value):
                    yield self._edit(origin, template)

    def _in_argument(self, origin: Origin, name: str) -> Iterator[DocumentEdit]:
        """The argument that a use gives, where a component's body takes it as it is."""
        use = origin.via
        if use is None:
            return
        arguments = at(use.document.data, (*use.path, "with"))
        if isinstance(arguments, dict) and name in arguments:
            # The argument may be an expression itself: of a loop around the use, or of the component that the
            # use is in.
            yield from self._in_place(use.below(("with", name)))
        elif isinstance(arguments, dict):
            yield self._edit(use.below(("with", name)), self.value)
        else:
            yield self._edit(use.child("with"), {name: self.value})

    def _in_loop(self, name: str, steps: Path) -> Iterator[DocumentEdit]:
        """The value that a loop around an item gives to the iteration that made it."""
        for item in items_around(self.path):
            if not item or not has(self.resolved.data, item):
                continue
            iteration = iteration_of(self.resolved, item)
            loop = iteration.origin.child("for_each")
            # A loop over a bare list calls its variable `item`; others name theirs, which may be `item` too.
            if name != "item" or isinstance(written(loop), dict):
                loop = loop.child(name)
            values, rest = written(loop), steps
            step: str | int = iteration.number
            if isinstance(values, dict) and len(values) == iteration.count and steps[:1] == ("value",):
                step, rest = list(values)[iteration.number], steps[1:]
            elif not isinstance(values, list) or len(values) != iteration.count:
                continue
            origin = loop.below((step, *rest))
            if written(origin) is not ABSENT and not _has_expression(written(origin)):
                yield self._edit(origin, self.value)

    def _without_iteration(self) -> Iterator[DocumentEdit]:
        """A loop without the iteration that made an item."""
        iteration = iteration_of(self.resolved, self.path)
        if iteration.count > 1:
            yield from (edit_at(iteration.origin, Remove(path)) for path in loop_paths(iteration))

    def _inserting(self, origin: Origin, value: Insertion) -> Iterator[DocumentEdit]:
        """A new item of a list, between what makes the items around it."""
        if isinstance(written(origin), list) and not at(self.resolved.data, self.path):
            yield self._edit(origin, value)
            return
        near = iteration_of(self.resolved, (*self.path, max(value.index - 1, 0)))
        # Between two iterations of one loop there is no place for an item that is written by itself.
        is_at_edge = near.number == near.count - 1 if value.index else near.number == 0
        *above, number = near.origin.path
        if is_at_edge and isinstance(number, int) and not _is_default(near.origin):
            edit = InsertItem(tuple(above), number + (1 if value.index else 0), value.item)
            yield edit_at(near.origin, edit)

    def _beside(self) -> Iterator[DocumentEdit]:
        """Overrides where the document lists the item, or an item around it."""
        for item in items_around(self.path):
            if not _may_override(item, self.path[len(item) :]) and not self._is_default_list(item):
                continue
            path, value = self._whole_list(len(item))
            if len(path) == len(item):
                continue
            target = item_origin(self.resolved, item).below(path[len(item) :])
            yield self._edit(target, value)
            if value is REMOVED:
                # What something else gives cannot be removed here, only overridden by nothing or by its
                # opposite.
                yield self._edit(target, None)
                yield from (
                    self._edit(target, opposite) for opposite in _opposites(at(self.resolved.data, path))
                )

    def _whole_list(self, start: int) -> tuple[Path, Any]:
        """The path and value to override, as lists are replaced as a whole: up to the first index."""
        path, value = self.path, self.value
        for length in range(start, len(path) + 1):
            if isinstance(value, Insertion) if length == len(path) else isinstance(path[length], int):
                data = at(self.resolved.data, path[:length])
                return path[:length], replaced(data, path[length:], value)
        return path, value

    def _is_default_list(self, item: Path) -> bool:
        """Whether a list of the document is the project's default, so that its own may replace it."""
        return not item and _is_default(self.resolved.origin(self.path[:1]))

    def _for_one_iteration(self) -> Iterator[DocumentEdit]:
        """A choice by the variable of the loop that made the item, for the one iteration that differs."""
        if isinstance(self.value, dict | list | Insertion):
            return
        around = [item for item in items_around(self.path) if has(self.resolved.data, item)]
        conditions = [condition(self.document, item) for item in around]
        for number, item in enumerate(around):
            rest = self.path[len(item) :]
            if conditions[number] is None or any(isinstance(step, int) for step in rest):
                continue
            target = item_origin(self.resolved, item).below(rest)
            other = written(target)
            if other is ABSENT:
                other = at(self.resolved.data, self.path)
            # A loop inside of another one has its iterations in each of that, so one condition may hold in
            # several.
            outer = [holds for holds in conditions[number:] if holds]
            for holds in dict.fromkeys((outer[0], " and ".join(outer))):
                text = conditional(holds, _or_null(self.value), _or_null(other))
                if text is not None:
                    yield self._edit(target, text)

    def _edit(self, origin: Origin, value: object) -> DocumentEdit:
        if value is REMOVED:
            return edit_at(origin, Remove(origin.path))
        if isinstance(value, Insertion):
            return edit_at(origin, InsertItem(origin.path, value.index, value.item))
        return edit_at(origin, SetValue(origin.path, value))


def _is_default(origin: Origin) -> bool:
    """Whether a place is in the project's defaults, which unlike a spec have no kind."""
    return not isinstance(origin.document.data, dict) or "kind" not in origin.document.data


def _may_override(item: Path, rest: Path) -> bool:
    """Whether a path can be overridden in an item: a panel's queries can, a row's panels cannot."""
    inside = any(isinstance(step, int) and rest[i] in ITEM_KINDS for i, step in enumerate(rest[1:]))
    return not inside or (len(item) > 1 and item[-2] == "panels")


def _opposites(value: object) -> Iterator[Any]:
    """The value that undoes one which something else gives."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, str | list | dict):
        yield type(value)()


def _or_null(value: object) -> Any:
    return None if value is ABSENT or value is REMOVED else value


def _has_expression(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_expression, value.values()))
    if isinstance(value, list):
        return any(map(_has_expression, value))
    return isinstance(value, str) and MARK in value
