"""Changes of values that other places share through an anchor: for all of them, or for none but those that are meant."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from dashgen.core.json_values import ABSENT, at
from dashgen.source.edit import Edit, EditError, SetValue, applied, edited, repeats, users_of
from dashgen.source.edit.edits import NoPlaceError
from dashgen.source.load import load_text
from dashgen.source.source import Path

_OTHER = "\N{WHITE SQUARE} other"
_MOST = 100


def spellings(file: str, text: str, document: int, edits: list[Edit]) -> Iterator[str]:
    """The text after edits. Where they change what others share by an anchor: for all, for none but them, or apart.

    Args:
        file: the file's name.
        text: its text.
        document: the number of the document.
        edits: what to change.
    """
    with suppress(EditError):
        yield edited(file, text, document, edits)
        return
    if "*" not in text or any(len(edit.path) == 0 for edit in edits):
        return
    loaded = load_text(file, text)
    if document >= len(loaded.documents):
        return
    shown = any(_is_shown(file, text, document, edit.path) for edit in edits)
    for way in (_apart,) if shown else (_for_all, _with_own_keys, _apart):
        with suppress(EditError, NoPlaceError):
            yield way(file, text, document, edits)


def _is_shown(file: str, text: str, document: int, path: Path) -> bool:
    """Whether something is not written at a path but shown there by an alias or a merge."""
    return any(path[: len(user)] == user for user in users_of(file, text, document, path))


def _for_all(file: str, text: str, document: int, edits: list[Edit]) -> str:
    return edited(file, text, document, edits, shared=True)


def _with_own_keys(file: str, text: str, document: int, edits: list[Edit]) -> str:
    """The anchor is edited, and what merges it by ``<<`` says itself what it had."""
    data = load_text(file, text).documents[document].data
    paths = [path for edit in edits for path in repeats(file, text, document, edit.path) if path != edit.path]
    own_values = {path: value for path in paths[:_MOST] if (value := at(data, path)) is not ABSENT}
    new_text = edited(file, text, document, [SetValue(path, _OTHER) for path in own_values])
    new_text = edited(file, new_text, document, edits, shared=True)
    return edited(file, new_text, document, [SetValue(path, value) for path, value in own_values.items()])


def _apart(file: str, text: str, document: int, edits: list[Edit]) -> str:
    """The aliases of what is edited are written out."""
    edited_data: Any = load_text(file, text).documents[document].data
    users = (
        user
        for edit in edits
        for user in users_of(file, text, document, edit.path)
        if edit.path[: len(user)] != user
    )
    places: list[Path] = list(dict.fromkeys(users))[:_MOST]
    for edit in edits:
        edited_data = applied(edited_data, edit)
    remaining_paths = [path for path in places if at(edited_data, path) is not ABSENT]
    if not remaining_paths:
        raise NoPlaceError("nothing else shares it")
    rest = [edit for edit in edits if not any(edit.path[: len(path)] == path for path in remaining_paths)]
    others: list[Edit] = [SetValue(path, _OTHER) for path in remaining_paths]
    return edited(
        file,
        text,
        document,
        [*others, *rest, *(SetValue(path, at(edited_data, path)) for path in remaining_paths)],
    )
