"""Change YAML text without touching anything else: comments, quotes, order, anchors and line ends stay."""

from collections.abc import Sequence

from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.source.edit.edited_text import spliced
from dashgen.source.edit.edits import (
    Carry,
    Edit,
    EditError,
    InsertItem,
    Lift,
    MoveItem,
    NoPlaceError,
    Remove,
    Rename,
    SetValue,
    Wrap,
    applied,
    first_difference,
    identical,
    value_at,
    without_leftovers,
)
from dashgen.source.edit.make import splices
from dashgen.source.edit.page import Page, page_of
from dashgen.source.edit.shared_values import at_anchor, showing, users
from dashgen.source.edit.smaller import smaller
from dashgen.source.load import Loaded, load_text
from dashgen.source.located import Path
from dashgen.source.writing import flow_text, list_lines, mapping_lines, scalar_text

__all__ = [
    "Carry",
    "Edit",
    "EditError",
    "InsertItem",
    "Lift",
    "MoveItem",
    "Path",
    "Remove",
    "Rename",
    "SetValue",
    "Wrap",
    "applied",
    "edited",
    "repeats",
    "users_of",
    "written",
]

_BOM = "\ufeff"


def edited(file: str, text: str, document: int, edits: Sequence[Edit], *, shared: bool = False) -> str:
    """The text of a YAML file after edits of one document; what they do not touch stays byte for byte.

    Edits are made one after the other, so each counts items as the ones before it left them. A removal that
    would leave an empty mapping removes that mapping's key, unless a later edit fills it again.

    Args:
        file: the file's name in diagnostics.
        text: its text, with whatever line ends and byte-order mark it has.
        document: the number of the document in the file, from 0.
        edits: what to change; paths are those of the loaded document's data.
        shared: whether a value with an anchor changes for all aliases of it, and an alias changes where its
            anchor is.

    Raises:
        EditError: an edit does not fit the document, or cannot be made without changing something else.
    """
    # libyaml's marks count from behind a byte-order mark, so places are right only in a text without one.
    mark, body = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    loaded = load_text(file, body)
    if document >= len(loaded.documents):
        raise EditError(*(loaded.diagnostics or [_missing(file)]))
    for number, edit in enumerate(edits):
        data = loaded.documents[document].data
        step = without_leftovers(data, edit, edits[number + 1 :])
        try:
            applied(data, step)
        except NoPlaceError as error:
            location = loaded.documents[document].location(step.path)
            raise EditError(Diagnostic("edit/no-such-place", str(error), location)) from None
        # Each part is made in the text that the one before it left: places never have to be carried over.
        for part in _parts(page_of(file, body, document), step, data):
            body, loaded = _edited_once(body, loaded, document, part, shared=shared)
    return mark + body


def _missing(file: str) -> Diagnostic:
    return Diagnostic("edit/no-such-place", "there is no such document", Location(file))


def _parts(page: Page, edit: Edit, data: object) -> list[Edit]:
    if isinstance(edit, SetValue) and isinstance(edit.value, dict | list) and edit.value:
        parts = smaller(page, edit.path, value_at(data, edit.path), edit.value)
        # A part that is the whole edit again is taken as it came: only that one has the order of keys.
        return [edit if isinstance(one, SetValue) and one.path == edit.path else one for one in parts]
    return [] if isinstance(edit, SetValue) and identical(applied(data, edit), data) else [edit]


def repeats(file: str, text: str, document: int, path: Path) -> list[Path]:
    """Every place of a document that shows what stands at a path, because of anchors.

    The path is among them.
    """
    page = page_of(file, text.removeprefix(_BOM), document)
    return showing(page, at_anchor(page, path))


def users_of(file: str, text: str, document: int, path: Path) -> list[Path]:
    """The aliases, and the mappings with ``<<``, that show what stands at a path; the last of them first."""
    return users(page_of(file, text.removeprefix(_BOM), document), path)


def _edited_once(
    text: str, before: Loaded, document: int, edit: Edit, *, shared: bool = False
) -> tuple[str, Loaded]:
    """The text after one edit, which has been read again and is what was wanted.

    Raises:
        EditError: it is something else, so the edit cannot be made.
    """
    own = before.documents[document]
    expected = [one.data for one in before.documents]
    page = replace(page_of(own.file, text, document), shared=shared)
    if shared and isinstance(edit, SetValue | Remove | InsertItem | Rename):
        edit = replace(edit, path=at_anchor(page, edit.path))
        for path in showing(page, edit.path):
            expected[document] = applied(expected[document], replace(edit, path=path))
    else:
        expected[document] = applied(own.data, edit)
    new = spliced(text, splices(page, edit, own.data))
    # What follows proves the edit, so nothing above has to be right for every YAML there is: it may fail,
    # never corrupt. All documents are compared, because a wrong `---` or block would change those behind this
    # one. A file that ends without a line break gets one when the text at its end has to end with one.
    for candidate in (new,) if new.endswith(("\n", "\r")) else (new, new + page.newline):
        after = load_text(own.file, candidate)
        actual = [one.data for one in after.documents]
        # A file may have had findings, such as duplicate keys, before; it must not get more.
        if len(after.diagnostics) <= len(before.diagnostics) and identical(actual, expected):
            return candidate, after
    path = (
        first_difference(actual[document], expected[document]) if len(actual) == len(expected) else edit.path
    )
    name = f"`{path[-1]}`" if path and isinstance(path[-1], str) else "this"
    message = f"{name} cannot be changed without changing what is around it"
    raise EditError(Diagnostic("edit/not-lossless", message, own.location(path), "make this change by hand"))


def written(value: object, indent: int = 0) -> str:
    """A value as idiomatic YAML, without a line break at its end.

    Args:
        value: plain data.
        indent: the column of the keys of a mapping or the dashes of a list; texts and numbers are one line.
    """
    if isinstance(value, dict) and value:
        return "\n".join(mapping_lines(value, indent))
    if isinstance(value, list) and value:
        return "\n".join(list_lines(value, "", indent))
    return scalar_text(value) if isinstance(value, str) else flow_text(value)
