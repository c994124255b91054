"""Keys and items that stand on lines of their own: adding, removing and moving them."""

from collections.abc import Sequence

from dashgen.source.edit.edited_text import (
    Splice,
    column,
    end_with_comments,
    is_blank_line,
    is_line_start,
    leading_comments,
    line_start,
    next_line,
    previous_line,
    spliced,
)
from dashgen.source.edit.node_tree import Items, MappingNode, Node, Scalar, below, key_text
from dashgen.source.edit.page import Page, Slot
from dashgen.source.writing import (
    double_quoted,
    entry_lines,
    item_lines,
    scalar_text,
    single_quoted,
)


def with_key(page: Page, node: MappingNode, key: str, value: object, order: Sequence[str]) -> list[Splice]:
    """The changes that add a key to a mapping: behind those before it in an order of keys, or at the end."""
    indent = column(page.text, node.pairs[-1][0].start)
    head = f"{' ' * indent}{key_like(node, key)}:"
    return with_key_lines(page, node, key, list(entry_lines(head, key, value, indent, page.layout)), order)


def with_key_lines(
    page: Page, node: MappingNode, key: str, lines: list[str], order: Sequence[str]
) -> list[Splice]:
    """The same with the lines of the key and its value, which are as far right as they are to stand."""
    text = page.text
    # `? key` may go over several lines, and a key beside it would have to be written like that too.
    if text[node.content] == "?":
        raise page.refused(node.content, "keys cannot be added to a mapping that is written with `? `")
    start = node.pairs[-1][0].start
    number = number_in_order(node, key, order)
    if number:
        last = max(node.pairs[number - 1], key=lambda part: part.end)
        return _below(page, last, column(text, start), lines)
    # Before the first key: that one may stand behind a dash, so the new one takes its place and pushes it
    # down.
    start = node.pairs[0][0].start
    joined = page.newline.join(lines).lstrip(" ")
    return [Splice(start, start, joined + page.newline + " " * column(text, start))]


def number_in_order(node: MappingNode, key: str, order: Sequence[str]) -> int:
    """How many of a mapping's keys stand before a new one."""
    names = [key_text(own) for own, _ in node.pairs]
    if key not in order:
        return len(names)
    position = order.index(key)
    before = [number for number, name in enumerate(names) if name in order[:position]]
    if before:
        return before[-1] + 1
    return 0 if any(name in names for name in order[position:]) else len(names)


def key_like(node: MappingNode, key: str) -> str:
    """A key with the quotes that all other keys of the mapping have."""
    styles = {own.style for own, _ in node.pairs if isinstance(own, Scalar)}
    if styles == {'"'}:
        return double_quoted(key)
    plain = scalar_text(key, flow=node.flow)
    return single_quoted(key) if styles == {"'"} and plain == key else plain


def _below(page: Page, last: Node, indent: int, lines: list[str]) -> list[Splice]:
    """The change that puts lines below the last entry of a mapping or list."""
    text = page.text
    at = end_with_comments(text, last.end, indent)
    return [Splice(at, at, "".join(page.newline + line for line in lines)), *_closed_block(text, last)]


def _closed_block(text: str, last: Node) -> list[Splice]:
    """The `-` for a block at the end of a file without a line break, which is about to get lines below it."""
    # The lines that follow would give `|` the final line break that it did not have: `|-` says that it has
    # none.
    *_, leaf = below(last)
    if not isinstance(leaf, Scalar) or leaf.style not in ("|", ">") or leaf.end < len(text):
        return []
    at = leaf.content + 1
    chomped = {"-", "+"} & {*text[at : at + 2]}
    return [] if chomped else [Splice(at, at, "-")]


def without_entry(page: Page, node: MappingNode | Items, number: int) -> list[Splice]:
    """The changes that remove a key or item with its lines and the comment directly above it."""
    text = page.text
    starts = _starts(node)
    start, end = starts[number], _ends(node)[number]
    indent = column(text, start)
    floor = next_line(text, _ends(node)[number - 1]) if number else 0
    if not is_line_start(text, start):
        return _without_first_in_line(page, node, indent)
    # Comments above the first key of a file are about the file, and stay.
    top = number == 0 and node is page.root
    first = line_start(text, start) if top else leading_comments(text, start, floor)
    last = next_line(text, end_with_comments(text, end, indent))
    is_last = number == len(starts) - 1
    return [_with_blank_lines(text, first, last, is_first=number == 0, is_last=is_last)]


def _with_blank_lines(text: str, first: int, last: int, *, is_first: bool, is_last: bool) -> Splice:
    """The lines of an entry, and the blank lines that would then be two or stand at an end."""
    blank_below = last >= len(text) or is_blank_line(text, last)
    if is_first and not is_last:
        while last < len(text) and is_blank_line(text, last):
            last = next_line(text, last)
    elif blank_below or is_last:
        while first and is_blank_line(text, previous_line(text, first)):
            first = previous_line(text, first)
    if last == len(text) and first and not text.endswith(("\n", "\r")):
        # The line before loses its line break, so that the file ends without one as it did.
        first -= 2 if text[:first].endswith("\r\n") else 1
    return Splice(first, last, "")


def _without_first_in_line(page: Page, node: MappingNode | Items, indent: int) -> list[Splice]:
    """Remove an entry that stands behind the dash of a list around it."""
    text = page.text
    start, following = _starts(node)[0], _starts(node)[1]
    end = end_with_comments(text, _ends(node)[0], indent)
    # The next entry moves up behind the dash, unless a comment is between: it would swallow the entry.
    if "#" in text[end:following]:
        while text[start - 1] in " \t":
            start -= 1
        return [Splice(start, end, "")]
    return [Splice(start, following, "")]


def _starts(node: MappingNode | Items) -> list[int]:
    return node.dashes if isinstance(node, Items) else [key.start for key, _ in node.pairs]


def _ends(node: MappingNode | Items) -> list[int]:
    if isinstance(node, Items):
        # An empty item (`-` alone) has no text of its own: the entry is its dash.
        return [max(item.end, dash + 1) for item, dash in zip(node.items, node.dashes, strict=True)]
    return [max(key.end, value.end) for key, value in node.pairs]


def with_item(page: Page, slot: Slot, node: Items, index: int, value: object) -> list[Splice]:
    """The changes that put an item into a list, with a blank line if the others have one between them."""
    indent = column(page.text, node.dashes[0])
    like_others = not any(isinstance(item, MappingNode | Items) and item.flow for item in node.items)
    below_each_other = like_others and any(isinstance(item, MappingNode) for item in node.items)
    lines = list(item_lines(value, slot.key, indent, page.layout, below=below_each_other))
    return with_item_lines(page, node, index, lines)


def with_item_lines(page: Page, node: Items, index: int, lines: list[str]) -> list[Splice]:
    """The same with the lines of the item, which are as far right as they are to stand."""
    text = page.text
    indent = column(text, node.dashes[0])
    airy = _is_airy(text, node)
    if index == len(node.items):
        return _below(page, _last_of(node), indent, [""] * airy + lines)
    lines = list(lines)
    lines += [""] * airy
    start = node.dashes[index]
    if not is_line_start(text, start):
        joined = page.newline.join(lines).lstrip(" ")
        return [Splice(start, start, joined + page.newline + " " * indent)]
    floor = next_line(text, _ends(node)[index - 1]) if index else 0
    at = leading_comments(text, start, floor)
    return [Splice(at, at, "".join(line + page.newline for line in lines))]


def _last_of(node: Items) -> Node:
    last = node.items[-1]
    end = node.dashes[-1] + 1
    return last if last.end >= end else Scalar(end, end, end, "", "")


def _is_airy(text: str, node: Items) -> bool:
    """Whether most items have a blank line before them."""
    first = [leading_comments(text, dash, 0) for dash in node.dashes[1:]]
    blank = [at for at in first if at and is_blank_line(text, previous_line(text, at))]
    return bool(first) and len(blank) * 2 > len(first)


def with_moved_item(page: Page, node: Items, index: int, to: int) -> list[Splice]:
    """The changes that reorder a list: items move with their comments, and what is between them stays."""
    text = page.text
    chunks: list[tuple[int, int]] = []
    for number, (dash, end) in enumerate(zip(node.dashes, _ends(node), strict=True)):
        indent = column(text, dash)
        start = dash
        if is_line_start(text, dash):
            floor = next_line(text, _ends(node)[number - 1]) if number else 0
            start = leading_comments(text, dash, floor) + indent
        chunks.append((start, end_with_comments(text, end, indent)))
    texts = [text[slice(*chunk)] for chunk in chunks]
    # The last item may be a block at the end of the file, which will have lines below it.
    for splice in _closed_block(text, node.items[-1]):
        texts[-1] = spliced(texts[-1], [splice.moved(-chunks[-1][0])])
    return reordered(chunks, texts, index, to)


def reordered(chunks: list[tuple[int, int]], texts: list[str], index: int, to: int) -> list[Splice]:
    """The changes that put one of the parts of a text to another's place and move those between."""
    order = list(range(len(chunks)))
    order.insert(to, order.pop(index))
    return [
        Splice(start, end, texts[source])
        for (start, end), source in zip(chunks, order, strict=True)
        if chunks[source] != (start, end)
    ]
