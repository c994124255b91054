"""Rename a key, put it into something new around it, or take it out of what is around it, where it stands."""

from msgspec.structs import replace

from dashgen.source.edit.block_style import key_like
from dashgen.source.edit.carry import entry_at, lines_around
from dashgen.source.edit.edited_text import Splice, column, end_with_comments
from dashgen.source.edit.edits import Lift, Wrap
from dashgen.source.edit.node_tree import MappingNode, Node, Scalar, key_text
from dashgen.source.edit.page import Page, Slot, Way, refuse_shared, walk
from dashgen.source.located import Path


def renamed(page: Page, way: Way, name: str) -> list[Splice]:
    """The change that gives the last key on a way another name."""
    around = way.slots[-2]
    refuse_shared(page, replace(way, slots=way.slots[:-1]))
    key, _ = _pair(page, around, way.last.key)
    if not isinstance(around.node, MappingNode) or not isinstance(key, Scalar) or key.start != key.content:
        raise page.refused(key.start, f"`{way.last.key}` cannot be renamed, as it is written")
    return [Splice(key.start, key.end, key_like(around.node, name))]


def wrapped(page: Page, edit: Wrap) -> list[Splice]:
    """The change that puts a key, with its text and comments, into something new around it.

    Raises:
        EditError: it is written in braces, or shared through an anchor.
    """
    way = _way(page, edit.path)
    around, name = way.slots[-2], str(edit.path[-1])
    # The comments above it stay where they are.
    entry = replace(entry_at(page, around, name), comments=[])
    start, end, indent = _lines_of(page, around, name)
    return [_over(page, start, end, lines_around(entry, edit.steps, page.layout, indent))]


def unwrapped(page: Page, edit: Lift) -> list[Splice]:
    """The change that puts a key, with its text and comments, in the place of another one around it.

    Raises:
        EditError: one of them is written in braces, or shared through an anchor.
    """
    way = _way(page, edit.path)
    entry = entry_at(page, way.slots[-2], edit.path[-1])
    start, end, indent = _lines_of(page, way.slots[edit.depth], str(edit.path[edit.depth]))
    return [_over(page, start, end, lines_around(entry, edit.path[-1:], page.layout, indent))]


def _way(page: Page, path: Path) -> Way:
    way = walk(page, path)
    if way.length < len(path):
        raise page.refused(way.last.node.content, f"`{path[-1]}` is not written here")
    refuse_shared(page, replace(way, slots=way.slots[:-1]))
    return way


def _pair(page: Page, around: Slot, name: str) -> tuple[Node, Node]:
    node = around.node
    pairs = node.pairs if isinstance(node, MappingNode) else ()
    pair = next((pair for pair in pairs if key_text(pair[0]) == name), None)
    if pair is None:
        raise page.refused(node.content, f"`{name}` is not written here")
    return pair


def _lines_of(page: Page, around: Slot, name: str) -> tuple[int, int, int]:
    """Where a key begins and where the last line of its value ends, and the column of the key."""
    key, value = _pair(page, around, name)
    if isinstance(around.node, MappingNode) and around.node.flow:
        raise page.refused(key.start, f"`{name}` is not written on lines of its own")
    indent = column(page.text, key.start)
    return key.start, end_with_comments(page.text, max(key.end, value.end), indent), indent


def _over(page: Page, start: int, end: int, lines: list[str]) -> Splice:
    # What stands before the key in its line, such as a dash, stays.
    return Splice(start, end, page.newline.join(lines).lstrip(" "))
