"""Take a key or an item to another place, with its text and its comments."""

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from dashgen.source.edit.block_style import with_item_lines, with_key_lines
from dashgen.source.edit.edited_text import (
    Splice,
    column,
    end_with_comments,
    is_line_start,
    leading_comments,
    next_line,
    spliced,
)
from dashgen.source.edit.edits import Carry
from dashgen.source.edit.node_tree import Items, MappingNode, Node
from dashgen.source.edit.page import Page, Slot, is_null, page_tree, refuse_shared, walk
from dashgen.source.edit.removal import number_of, removed
from dashgen.source.edit.replacement import exchanged
from dashgen.source.edit.styles import Written
from dashgen.source.located import Path
from dashgen.source.writing import Layout


class CarriedEntry(Struct, frozen=True):
    """A key or an item as lines from the left margin on, below the comments that stand above it."""

    comments: list[str]
    lines: list[str]


def carried(page: Page, edit: Carry) -> list[Splice]:
    """The change that takes a value to another place.

    Args:
        page: the document as it is.
        edit: what goes where; both fit the data.

    Raises:
        EditError: something on the way is written in braces or brackets, or shared through an anchor.
    """
    way = walk(page, edit.path)
    if way.length < len(edit.path):
        raise page.refused(way.last.node.content, f"`{edit.path[-1]}` is not written here")
    refuse_shared(page, replace(way, slots=way.slots[:-1]))
    entry = entry_at(page, way.slots[-2], edit.path[-1])
    # Taken away first and put in afterwards, in two texts: the places of the first are wrong in the second.
    # The change is therefore one splice of the whole text.
    left = page_tree(page, spliced(page.text, removed(page, edit.path, way)))
    return [Splice(0, len(page.text), spliced(left.text, _placed(left, edit.to, entry, edit.order)))]


def entry_at(page: Page, around: Slot, step: str | int) -> CarriedEntry:
    """The lines of a key or item of what stands at a place.

    Raises:
        EditError: it is written in braces or brackets.
    """
    node, text = around.node, page.text
    if not isinstance(node, MappingNode | Items) or node.flow:
        raise page.refused(node.content, f"`{around.key}` is not written on lines of its own")
    number = number_of(node, step)
    if isinstance(node, Items):
        starts, ends = (
            node.dashes,
            [max(item.end, dash + 1) for item, dash in zip(node.items, node.dashes, strict=True)],
        )
    else:
        starts, ends = (
            [key.start for key, _ in node.pairs],
            [max(key.end, value.end) for key, value in node.pairs],
        )
    start, indent = starts[number], column(text, starts[number])
    top = start
    if is_line_start(text, start):
        top = leading_comments(text, start, next_line(text, ends[number - 1]) if number else 0)
    above = [line.strip() for line in text[top:start].splitlines() if line.strip()]
    first, *rest = text[start : end_with_comments(text, ends[number], indent)].splitlines()
    return CarriedEntry(above, [first, *(_moved_left(line, indent) for line in rest)])


def _moved_left(line: str, by: int) -> str:
    # Comments and blank lines in a block may stand further left than what they are in.
    return line[min(by, len(line) - len(line.lstrip(" "))) :]


def _placed(page: Page, to: Path, entry: CarriedEntry, order: Sequence[str]) -> list[Splice]:
    """The changes that put an entry to a place of what is left."""
    way = walk(page, to)
    length = min(way.length, len(to) - 1)
    refuse_shared(page, replace(way, slots=way.slots[: length + 1]))
    around, step, rest = way.slots[length], to[length], to[length:]
    node = around.node
    if isinstance(step, int) and not around.flow and _is_empty(node) and around.column >= 0:
        indent = around.column + page.layout.dash
        return exchanged(page, around, Written("", tuple(lines_around(entry, rest, page.layout, indent))))
    fits = (
        isinstance(node, Items)
        if isinstance(step, int)
        else isinstance(node, MappingNode) and bool(node.pairs)
    )
    if way.merged or not fits or not isinstance(node, MappingNode | Items) or node.flow:
        raise page.refused(node.content, f"nothing can be carried into `{around.key}`, as it is written")
    if isinstance(node, Items):
        return with_item_lines(
            page, node, int(step), lines_around(entry, rest, page.layout, column(page.text, node.dashes[0]))
        )
    indent = column(page.text, node.pairs[-1][0].start)
    return with_key_lines(page, node, str(step), lines_around(entry, rest, page.layout, indent), order)


def _is_empty(node: Node) -> bool:
    return is_null(node) or (isinstance(node, Items) and not node.items)


def lines_around(entry: CarriedEntry, steps: Path, layout: Layout, indent: int) -> list[str]:
    """The lines of an entry with what is missing around it."""
    for step, child in reversed(list(pairwise(steps))):
        if isinstance(step, int):
            first, *more = entry.lines
            entry = CarriedEntry(entry.comments, [f"- {first}", *_indented(more, 2)])
        else:
            by = layout.dash if isinstance(child, int) else layout.step
            entry = CarriedEntry([], [f"{step}:", *_indented([*entry.comments, *entry.lines], by)])
    return _indented([*entry.comments, *entry.lines], indent)


def _indented(lines: list[str], by: int) -> list[str]:
    return [" " * by + line if line else "" for line in lines]
