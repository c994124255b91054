"""Where the values of a resolved document were written, and what may stand there instead."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from dashgen.core.json_values import ABSENT, Json, at
from dashgen.source.components import ITEM_KINDS
from dashgen.source.provenance import Origin, Resolved
from dashgen.source.source import Path

REMOVED: Final = object()
"""Stands for a value that is to be gone."""


class Insertion(Struct, frozen=True):
    """Stands for a list with one more item."""

    index: int
    item: Any


class Moved(Struct, frozen=True):
    """Stands for a list whose item at ``index`` has the number ``to`` afterwards."""

    index: int
    to: int


class Carried(Struct, frozen=True):
    """Stands for a value that is to come from another place below the same item, as it is written there."""

    path: Path


class ScopedDocument(Struct, frozen=True):
    """A resolved document, and the variables that its expressions see apart from those of loops."""

    resolved: Resolved
    variables: Json

    @classmethod
    def of(cls, resolved: Resolved, project: Mapping[str, Any]) -> "ScopedDocument":
        """A document, whose own variables stand for those of the project."""
        own = resolved.data.get("vars")
        return cls(resolved, {**project, **(own if isinstance(own, dict) else {})})


def has(data: object, path: Path) -> bool:
    """Whether there is a value at a path."""
    return at(data, path) is not ABSENT


def written(origin: Origin) -> Any:
    """The value at a place, as its author wrote it."""
    return at(origin.document.data, origin.path)


def items_around(path: Path) -> Iterator[Path]:
    """The panels, rows, queries … of lists that a place is in, innermost first, and the document itself."""
    for length in range(len(path), 1, -1):
        if isinstance(path[length - 1], int) and path[length - 2] in ITEM_KINDS:
            yield path[:length]
    yield ()


def item_origin(resolved: Resolved, item: Path) -> Origin:
    """Where the document itself lists an item: the use of a component rather than its body."""
    origin = resolved.origin(item)
    if origin.via is None or item not in resolved.origins:
        return origin
    # When something around it comes through the same use, the component lists the item, and the document does
    # not.
    outer = resolved.origin(item[:-1]).via if item else None
    return origin.via if origin.via != outer else origin


def replaced(data: Any, path: Path, value: Any) -> Any:
    """A copy of data with another value at a path."""
    if not path:
        if not isinstance(value, Insertion):
            return value
        return [*data[: value.index], value.item, *data[value.index :]]
    step = path[0]
    is_removed = len(path) == 1 and value is REMOVED
    if isinstance(step, int):
        # A value of another type is replaced, as the path leads through it.
        data = data if isinstance(data, list) else []
        rest = [] if is_removed else [replaced(data[step] if step < len(data) else None, path[1:], value)]
        return [*data[:step], *rest, *data[step + 1 :]]
    mapping = data if isinstance(data, dict) else {}
    if is_removed:
        return {key: item for key, item in mapping.items() if key != step}
    return {**mapping, step: replaced(mapping.get(step), path[1:], value)}
