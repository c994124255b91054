"""Changes of values that other places share through an anchor: those keep what they have."""

from collections.abc import Iterator
from typing import Any

from dashgen.pull.origins import ABSENT, at
from dashgen.spec.edit import Edit, SetValue, applied
from dashgen.spec.edit.edits import NoPlaceError
from dashgen.spec.load import Document, load_text
from dashgen.spec.source import Path

_OTHER = "\N{WHITE SQUARE} other"
_MOST = 2_000


def apart(file: str, text: str, document: int, edits: list[Edit]) -> list[Edit]:
    """The same edits, with others around them so that what shares the changed values by an anchor stays as it is.

    Args:
        file: the file's name.
        text: its text.
        document: the number of the document.
        edits: what to change.
    """
    loaded = load_text(file, text)
    if "*" not in text or document >= len(loaded.documents):
        return []
    found = loaded.documents[document]
    every = list(_paths(found.data, ()))
    if len(every) > _MOST:
        return []
    holders = {path: None for edit in edits for path in _holders(found, edit.path, every)}
    try:
        wanted = found.data
        for edit in edits:
            wanted = applied(wanted, edit)
    except NoPlaceError:
        return []
    kept = [path for path in holders if at(wanted, path) is not ABSENT]
    others: list[Edit] = [SetValue(path, _OTHER) for path in kept]
    rest = [edit for edit in edits if not any(edit.path[: len(path)] == path for path in kept)]
    return [*others, *rest, *(SetValue(path, at(wanted, path)) for path in kept)] if kept else []


def _paths(data: Any, path: Path) -> Iterator[Path]:
    yield path
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _paths(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _paths(value, (*path, number))


def _holders(document: Document, path: Path, every: list[Path]) -> Iterator[Path]:
    """The places with an alias of something around a path, or of what stands beside it."""
    near = [path[:length] for length in range(1, len(path) + 1)]
    near += [other for other in every if other[:-1] == path[:-1] and len(other) == len(path)]
    for place in near:
        node = document.source.node(document.index, place)
        for other in every:
            if (
                node is None
                or other[: len(place)] == place
                or document.source.node(document.index, other) is not node
            ):
                continue
            if document.source.node(document.index, other[:-1]) is document.source.node(
                document.index, place[:-1]
            ):
                continue
            yield other[:-1] if _is_merged(document, other) else other


def _is_merged(document: Document, path: Path) -> bool:
    """Whether the key at the end of a path is not written there, but merged in."""
    parent: Any = document.source.node(document.index, path[:-1])
    return isinstance(path[-1], str) and all(key.value != path[-1] for key, _ in parent.value)
