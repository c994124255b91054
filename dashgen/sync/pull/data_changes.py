"""What has to change in resolved data: values at places, from how two trees of words differ."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from dashgen.core.json_values import ABSENT, at, same
from dashgen.source.source import Path
from dashgen.sync.pull.value_origins import REMOVED, Insertion, Moved


@dataclass(frozen=True, slots=True)
class DataChange:
    """A value at a place of resolved data; `REMOVED` takes it away, `Insertion` and `Moved` are about an item of the list there."""

    path: Path
    value: Any


def between(old: Any, new: Any, path: Path = ()) -> Iterator[DataChange]:
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
        yield from _of_lists(old, new, path)
    elif not same(old, new):
        yield DataChange(path, new)


def _of_lists(old: list[Any], new: list[Any], path: Path) -> Iterator[DataChange]:
    one, other = ([json.dumps(item, sort_keys=True) for item in items] for items in (old, new))
    if one != other and sorted(one) == sorted(other):
        yield from moves(one, other, path)
        return
    matcher = SequenceMatcher(None, one, other, autojunk=False)
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


def moves(now: Sequence[Any], goal: Sequence[Any], path: Path) -> Iterator[DataChange]:
    """The moves that bring the items of a list into another order, one after the other.

    Args:
        now: the items, or what tells them apart.
        goal: the same in the wanted order.
        path: the place of the list.
    """
    left = list(now)
    for number, item in enumerate(goal):
        if left[number] != item:
            index = left.index(item, number)
            left.insert(number, left.pop(index))
            yield DataChange(path, Moved(index, number))


def onto(data: Any, path: Path, old: Any, new: Any) -> list[list[DataChange]]:
    """The ways to make the value at a path of data what it should be, the smallest first.

    Args:
        data: the resolved data of a document, as its author wrote it.
        path: a place in it.
        old: the value there in words that may be others than the author's, or `ABSENT`.
        new: what it should be in the same words, or `ABSENT`.
    """
    current_value = at(data, path)
    if new is ABSENT:
        return [] if current_value is ABSENT else [[DataChange(path, REMOVED)]]
    if current_value is ABSENT:
        return [[DataChange(path, new)]]
    options = [
        _fitting(data, between(old, new, path)),
        list(between(current_value, new, path)),
        [DataChange(path, new)],
    ]
    return [changes for number, changes in enumerate(options) if changes and changes not in options[:number]]


def _fitting(data: Any, changes: Iterator[DataChange]) -> list[DataChange]:
    """The changes, if all of them have a place in the data."""
    all_changes = list(changes)
    for change in all_changes:
        above = at(data, change.path if isinstance(change.value, Insertion | Moved) else change.path[:-1])
        if above is ABSENT or (change.value is REMOVED and at(data, change.path) is ABSENT):
            return []
    return all_changes
