"""Change YAML text without touching anything else: comments, quotes, order, anchors and line ends stay."""

from collections.abc import Iterator, Sequence
from typing import Any

from dashgen.diagnostics import Diagnostic, Location
from dashgen.spec.edit.edits import (
    Edit,
    EditError,
    InsertItem,
    MoveItem,
    NoPlaceError,
    Path,
    Remove,
    SetValue,
    applied,
    first_difference,
    same,
    value_at,
    without_leftovers,
)
from dashgen.spec.edit.make import splices
from dashgen.spec.edit.page import page_of
from dashgen.spec.edit.smaller import smaller
from dashgen.spec.edit.text import spliced
from dashgen.spec.load import Loaded, load_text
from dashgen.spec.writing import flow_text, list_lines, mapping_lines

__all__ = [
    "Edit",
    "EditError",
    "InsertItem",
    "MoveItem",
    "Path",
    "Remove",
    "SetValue",
    "applied",
    "edited",
    "written",
]

_BOM = "\ufeff"


def edited(file: str, text: str, document: int, edits: Sequence[Edit]) -> str:
    """The text of a YAML file after edits of one of its documents; what they do not touch stays byte for byte.

    Edits are made one after the other, so each counts items as the ones before it left them. A removal that would
    leave an empty mapping removes that mapping's key, unless a later edit fills it again.

    Args:
        file: the file's name in diagnostics.
        text: its text, with whatever line ends and byte-order mark it has.
        document: the number of the document in the file, from 0.
        edits: what to change; paths are those of the loaded document's data.

    Raises:
        EditError: an edit does not fit the document, or cannot be made without changing something else.
    """
    mark, body = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    loaded = load_text(file, body)
    if document >= len(loaded.documents):
        raise EditError(*(loaded.diagnostics or [_missing(file)]))
    data = loaded.documents[document].data
    for number, edit in enumerate(edits):
        step = without_leftovers(data, edit, edits[number + 1 :])
        try:
            after = applied(data, step)
        except NoPlaceError as error:
            place = load_text(file, body).documents[document].location(step.path)
            raise EditError(Diagnostic("edit/no-such-place", str(error), place)) from None
        body = _made(file, body, document, step, data)
        data = after
    _prove(file, loaded, body, document, data)
    return mark + body


def _missing(file: str) -> Diagnostic:
    return Diagnostic("edit/no-such-place", "there is no such document", Location(file))


def _made(file: str, text: str, document: int, edit: Edit, data: Any) -> str:
    for part in _parts(file, text, document, edit, data):
        page = page_of(file, text, document)
        text = spliced(text, splices(page, part, data))
        data = applied(data, part)
    return text


def _parts(file: str, text: str, document: int, edit: Edit, data: Any) -> Iterator[Edit]:
    if isinstance(edit, SetValue) and isinstance(edit.value, dict | list) and edit.value:
        yield from list(
            smaller(page_of(file, text, document), edit.path, value_at(data, edit.path), edit.value)
        )
    elif not isinstance(edit, SetValue) or not _is_there(data, edit):
        yield edit


def _is_there(data: Any, edit: SetValue) -> bool:
    try:
        return same(applied(data, edit), data)
    except NoPlaceError:
        return False


def _prove(file: str, before: Loaded, text: str, document: int, data: Any) -> None:
    """Read the new text and compare it with what was wanted.

    Raises:
        EditError: it is something else.
    """
    after = load_text(file, text)
    wanted = [one.data for one in before.documents]
    wanted[document] = data
    found = [one.data for one in after.documents]
    if len(after.diagnostics) <= len(before.diagnostics) and same(found, wanted):
        return
    path: Path = ()
    if len(found) == len(wanted):
        path = first_difference(found[document], data)
    place = before.documents[document].location(path)
    name = f"`{path[-1]}`" if path and isinstance(path[-1], str) else "this"
    message = f"{name} cannot be changed without changing what is around it"
    raise EditError(Diagnostic("edit/not-lossless", message, place, "make this change by hand"))


def written(value: Any, indent: int = 0) -> str:
    """A value as idiomatic YAML, without a line break at its end.

    Args:
        value: plain data.
        indent: the column of the keys of a mapping or the dashes of a list; texts and numbers are one line.
    """
    if isinstance(value, dict) and value:
        return "\n".join(mapping_lines(value, indent))
    if isinstance(value, list) and value:
        return "\n".join(list_lines(value, "", indent))
    return flow_text(value)
