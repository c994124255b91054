"""What is where in a resolved document, and where its items were written."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from dashgen.core.json_values import ABSENT, at
from dashgen.source.components import ITEM_KINDS
from dashgen.source.provenance import Origin, Resolved
from dashgen.source.source import Path

REMOVED: Final = object()
"""Stands for a value that is to be gone."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """Stands for a list with one more item."""

    index: int
    item: Any


@dataclass(frozen=True, slots=True)
class Moved:
    """Stands for a list whose item at ``index`` has the number ``to`` afterwards."""

    index: int
    to: int


@dataclass(frozen=True, slots=True)
class Carried:
    """Stands for a value that is to come from another place below the same item, as it is written there."""

    path: Path


def has(data: Any, path: Path) -> bool:
    """Whether there is a value at a path."""
    return at(data, path) is not ABSENT


def items_around(path: Path) -> Iterator[Path]:
    """The items of lists of panels, rows, queries … that a place is in, innermost first, and the document itself."""
    for length in range(len(path), 1, -1):
        if isinstance(path[length - 1], int) and path[length - 2] in ITEM_KINDS:
            yield path[:length]
    yield ()


def writing_place(resolved: Resolved, item: Path) -> Origin:
    """Where an item stands that the document itself lists: the use of a component rather than its body."""
    origin = resolved.origin(item)
    return origin.via if origin.via is not None and _is_used(resolved, item, origin) else origin


def _is_used(resolved: Resolved, item: Path, origin: Origin) -> bool:
    """Whether a component made the item itself, and not something around it."""
    own = resolved.origins.get(item)
    outer = resolved.origin(item[:-1]).via if item else None
    return own is not None and origin.via != outer


def replaced(data: Any, path: Path, value: Any) -> Any:
    """A copy of data with another value at a path."""
    if not path:
        return (
            [*data[: value.index], value.item, *data[value.index :]]
            if isinstance(value, Insertion)
            else value
        )
    step = path[0]
    is_removed = len(path) == 1 and value is REMOVED
    if isinstance(step, int):
        data = data if isinstance(data, list) else []
        rest = [] if is_removed else [replaced(data[step] if step < len(data) else None, path[1:], value)]
        return [*data[:step], *rest, *data[step + 1 :]]
    mapping = data if isinstance(data, dict) else {}
    if is_removed:
        return {key: item for key, item in mapping.items() if key != step}
    return {**mapping, step: replaced(mapping.get(step), path[1:], value)}
