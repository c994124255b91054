"""What has to change in resolved data: values at places, from how two trees of keys differ."""

import json
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from msgspec import Struct

from dashgen.core.json_values import ABSENT, at, same
from dashgen.source.source import Path
from dashgen.sync.pull.value_origins import REMOVED, Insertion, Moved, has


class DataChange(Struct, frozen=True):
    """A value at a place of resolved data.

    `REMOVED` takes it away, `Insertion` and `Moved` are about an item of the list there, `Carried` about its
    text.
    """

    path: Path
    value: Any


ChangeOptions = list[list[DataChange]]
"""Ways to bring about one thing, each a list of changes, the smallest first."""


def between(old: object, new: object, path: Path = ()) -> Iterator[DataChange]:
    """The changes that make one value another, as deep inside as they go; those of lists from the end."""
    if isinstance(old, dict) and isinstance(new, dict) and old:
        for key in {**old, **new}:
            if key not in new:
                yield DataChange((*path, key), REMOVED)
            elif key not in old:
                yield DataChange((*path, key), new[key])
            else:
                yield from between(old[key], new[key], (*path, key))
    elif isinstance(old, list) and isinstance(new, list) and old and new:
        yield from _between_lists(old, new, path)
    elif not same(old, new):
        yield DataChange(path, new)


def _between_lists(old: list[Any], new: list[Any], path: Path) -> Iterator[DataChange]:
    old_texts, new_texts = ([json.dumps(item, sort_keys=True) for item in items] for items in (old, new))
    if old_texts != new_texts and sorted(old_texts) == sorted(new_texts):
        yield from (DataChange(path, move) for move in moves(old_texts, new_texts))
        return
    matcher = SequenceMatcher(None, old_texts, new_texts, autojunk=False)
    # From the end, so that no change shifts the indices of those after it.
    for tag, i, i_end, j, j_end in reversed(matcher.get_opcodes()):
        if tag == "equal":
            continue
        paired = min(i_end - i, j_end - j)
        for number in reversed(range(i + paired, i_end)):
            yield DataChange((*path, number), REMOVED)
        for number in reversed(range(j + paired, j_end)):
            yield DataChange(path, Insertion(i + paired, new[number]))
        for offset in reversed(range(paired)):
            yield from between(old[i + offset], new[j + offset], (*path, i + offset))


def moves(now: Sequence[object], goal: Sequence[object]) -> Iterator[Moved]:
    """The moves that bring the items of a list into another order, one after the other.

    Args:
        now: the items, or what tells them apart.
        goal: the same in the order that they are to have.
    """
    left = list(now)
    for number, item in enumerate(goal):
        if left[number] != item:
            index = left.index(item, number)
            left.insert(number, left.pop(index))
            yield Moved(index, number)


def onto(data: object, path: Path, old: object, new: object) -> ChangeOptions:
    """The ways to make the value at a path of data what it should be, the smallest first.

    Args:
        data: the resolved data of a document, as its author wrote it.
        path: a place in it.
        old: the value there in keys that may be others than the author's, or `ABSENT`.
        new: what it should be in the same keys, or `ABSENT`.
    """
    current_value = at(data, path)
    if new is ABSENT:
        return [] if current_value is ABSENT else [[DataChange(path, REMOVED)]]
    if current_value is ABSENT:
        return [[DataChange(path, new)]]
    # What changed is known in the importer's spelling: first in the author's spelling only that, then all
    # that differs.
    changes = list(between(old, new, path))
    options = [
        changes if all(_has_place(data, change) for change in changes) else [],
        list(between(current_value, new, path)),
        [DataChange(path, new)],
    ]
    return [changes for number, changes in enumerate(options) if changes and changes not in options[:number]]


def _has_place(data: object, change: DataChange) -> bool:
    is_about_item = isinstance(change.value, Insertion | Moved)
    return has(data, change.path if is_about_item or change.value is REMOVED else change.path[:-1])
