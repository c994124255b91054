"""Items that go to another list with their text, where they can."""

from typing import Any

from dashgen.source.edit import Carry, Edit, InsertItem, SetValue
from dashgen.source.provenance import Origin
from dashgen.source.source import Path
from dashgen.sync.pull.spec_patch import DocumentEdit, spot


def carrying(origin: Origin, target: DocumentEdit) -> list[DocumentEdit]:
    """The changes that carry an item to where another change would write it anew; nothing when it is in another document.

    Args:
        origin: where the item stands.
        target: the change that writes it into a list, alone or as the only panel of a new row.
    """
    if (target.file, target.document) != (origin.document.file, origin.document.index):
        return []
    return [spot(origin, edit) for edit in _edits(origin.path, target.edit)]


def _edits(path: Path, edit: Edit) -> list[Edit]:
    match edit:
        case InsertItem(path=rows, index=index, value={"panels": [_]}):
            return [
                InsertItem(rows, index, _ROW),
                Carry(_behind(path, rows, index), (*rows, index, *_INSIDE)),
            ]
        case SetValue(path=rows, value=[{"panels": [_]}]):
            return [SetValue(rows, [_ROW], edit.order), Carry(path, (*rows, 0, *_INSIDE))]
        case InsertItem(path=items, index=index):
            return [Carry(path, (*items, index))]
        case SetValue(path=items, value=[_]):
            return [Carry(path, (*items, 0))]
    return []


_ROW: dict[str, Any] = {"panels": []}
_INSIDE: Path = ("panels", 0)


def _behind(path: Path, items: Path, index: int) -> Path:
    """A path after something was put into a list that it may lead through."""
    step = path[len(items)] if len(path) > len(items) and path[: len(items)] == items else -1
    if isinstance(step, int) and step >= index:
        return (*items, step + 1, *path[len(items) + 1 :])
    return path
