"""Edits of spec documents, and the texts that they make: several where a value is shared by an anchor."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import groupby

from msgspec import Struct

from dashgen.core.json_values import ABSENT, at
from dashgen.source.edit import Edit, EditError, SetValue, applied, edited, repeats, users_of
from dashgen.source.edit.edits import NoPlaceError
from dashgen.source.load import load_text
from dashgen.source.provenance import Origin
from dashgen.source.source import Path
from dashgen.sync.pull.key_order import ordered

Texts = Mapping[str, str]
"""The texts of spec files by their names."""
_OTHER = "\N{WHITE SQUARE} other"
"""A value that nobody has: it stands for one until the anchor is edited."""
_MOST_USERS = 100


class DocumentEdit(Struct, frozen=True):
    """A change of one document of a file."""

    file: str
    document: int
    edit: Edit


def edit_at(origin: Origin, edit: Edit) -> DocumentEdit:
    """An edit of the document that a place is in; a new key stands where people write it."""
    return DocumentEdit(origin.document.file, origin.document.index, ordered(origin.document.data, edit))


def texts_after(texts: Texts, edits: Sequence[DocumentEdit]) -> Iterator[Texts]:
    """Every way in which texts can be after edits, each of the text that those before it made.

    None when they cannot be made.
    """
    if not edits:
        yield texts
        return
    (file, document), first = next(groupby(edits, key=lambda edit: (edit.file, edit.document)))
    document_edits = [one.edit for one in first]
    if file in texts:
        for text in _texts_of_file(file, texts[file], document, document_edits):
            yield from texts_after({**texts, file: text}, edits[len(document_edits) :])


def _texts_of_file(file: str, text: str, document: int, edits: list[Edit]) -> Iterator[str]:
    with suppress(EditError):
        yield edited(file, text, document, edits)
        return
    # Refused: either the edit cannot be made, or it would change what others share by an anchor.
    if "*" not in text or any(len(edit.path) == 0 for edit in edits):
        return
    if document >= len(load_text(file, text).documents):
        return
    # What an alias or a merge only shows has no text of its own to edit, so it has to be written out.
    is_shown = any(
        edit.path[: len(user)] == user for edit in edits for user in users_of(file, text, document, edit.path)
    )
    for way in (_apart,) if is_shown else (_for_all, _with_own_keys, _apart):
        with suppress(EditError, NoPlaceError):
            yield way(file, text, document, edits)


def _for_all(file: str, text: str, document: int, edits: list[Edit]) -> str:
    """The anchor is edited, for all that use it."""
    return edited(file, text, document, edits, shared=True)


def _with_own_keys(file: str, text: str, document: int, edits: list[Edit]) -> str:
    """The anchor is edited, and what merges it by ``<<`` gets what it had as keys of its own."""
    data = load_text(file, text).documents[document].data
    paths = [path for edit in edits for path in repeats(file, text, document, edit.path) if path != edit.path]
    own_values = {path: value for path in paths[:_MOST_USERS] if (value := at(data, path)) is not ABSENT}
    # An own key that equals the merged value would be dropped as needless, so it differs until the anchor is
    # edited.
    text = edited(file, text, document, [SetValue(path, _OTHER) for path in own_values])
    text = edited(file, text, document, edits, shared=True)
    return edited(file, text, document, [SetValue(path, value) for path, value in own_values.items()])


def _apart(file: str, text: str, document: int, edits: list[Edit]) -> str:
    """The aliases of what is edited are written out with what they had."""
    data: object = load_text(file, text).documents[document].data
    for edit in edits:
        data = applied(data, edit)
    users = dict.fromkeys(
        user
        for edit in edits
        for user in users_of(file, text, document, edit.path)
        if edit.path[: len(user)] != user
    )
    own_values = {
        path: value for path in list(users)[:_MOST_USERS] if (value := at(data, path)) is not ABSENT
    }
    if not own_values:
        raise NoPlaceError("nothing else shares it")
    # Edits inside of what is written out anyway are in its value already.
    rest = [edit for edit in edits if not any(_is_below(edit.path, path) for path in own_values)]
    others = [SetValue(path, _OTHER) for path in own_values]
    values = [SetValue(path, value) for path, value in own_values.items()]
    return edited(file, text, document, [*others, *rest, *values])


def _is_below(path: Path, above: Path) -> bool:
    return path[: len(above)] == above
