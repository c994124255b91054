"""Keys and items inside of brackets and braces: adding, removing and moving them."""

from collections.abc import Sequence

from dashgen.source.edit.block_style import key_like, number_in_order, reordered
from dashgen.source.edit.edited_text import (
    Splice,
    column,
    is_line_start,
    leading_comments,
    line_end,
    line_start,
    next_line,
)
from dashgen.source.edit.node_tree import Items, MappingNode, Node
from dashgen.source.edit.page import Page, Slot
from dashgen.source.edit.replacement import exchanged
from dashgen.source.edit.styles import Written
from dashgen.source.writing import WIDTH, entry_lines, flow_text, item_lines

_MIN_STEP = 2


def with_flow_key(
    page: Page, slot: Slot, node: MappingNode, key: str, value: object, order: Sequence[str]
) -> list[Splice]:
    """The changes that add a key to a mapping in braces, which goes on lines if it gets too long for one."""
    name = key_like(node, key)
    new = f"{name}: {flow_text(value)}"
    number = number_in_order(node, key, order)
    # `[a: 1]`: a mapping of one pair needs no braces, one of two does.
    if page.text[node.content] != "{":
        return [Splice(node.content, node.content, "{"), Splice(node.end, node.end, f", {new}}}")]
    if not slot.flow and _one_line(page, node) and _too_long(page, node, new):
        indent = _inner(page, slot, mapping=True)
        rows = [_raw_pair(page, *pair) for pair in node.pairs]
        lines = list(entry_lines(f"{' ' * indent}{name}:", key, value, indent, page.layout))
        written = [[" " * indent + row] for row in rows]
        written.insert(number, lines)
        return _on_lines(page, slot, [line for some in written for line in some], indent)
    if number < len(node.pairs) and _one_line(page, node):
        at = node.pairs[number][0].start
        return [Splice(at, at, f"{new}, ")]
    return _appended(page, node, max(node.pairs[-1], key=lambda part: part.end).end, new)


def with_flow_item(page: Page, slot: Slot, node: Items, index: int, value: object) -> list[Splice]:
    """The changes that put an item into a list in brackets."""
    new = flow_text(value)
    if not slot.flow and _one_line(page, node) and _too_long(page, node, new):
        indent = _inner(page, slot, mapping=False)
        rows = [[f"{' ' * indent}- {page.text[item.start : item.end]}"] for item in node.items]
        rows.insert(index, list(item_lines(value, slot.key, indent, page.layout)))
        return _on_lines(page, slot, [line for row in rows for line in row], indent)
    if index == len(node.items):
        return _appended(page, node, node.items[-1].end, new)
    at = node.items[index].start
    if not _one_line(page, node) and is_line_start(page.text, at):
        return [Splice(at, at, f"{new},{page.newline}{' ' * column(page.text, at)}")]
    return [Splice(at, at, f"{new}, ")]


def _one_line(page: Page, node: Node) -> bool:
    return line_end(page.text, node.content) >= node.end


def _too_long(page: Page, node: Node, new: str) -> bool:
    return column(page.text, node.end) + len(new) + len(", ") > WIDTH


def _inner(page: Page, slot: Slot, *, mapping: bool) -> int:
    if slot.column < 0:
        return 0
    if slot.item:
        return slot.column + _MIN_STEP
    return slot.column + (page.layout.step if mapping else page.layout.dash)


def _raw_pair(page: Page, key: Node, value: Node) -> str:
    name = page.text[key.start : key.end]
    return f"{name}: {page.text[value.start : value.end]}" if value.end > value.start else f"{name}:"


def _on_lines(page: Page, slot: Slot, lines: list[str], indent: int) -> list[Splice]:
    """Write what was in braces on lines below the key, or behind the dash."""
    if slot.column < 0 or (slot.item and slot.node.start == slot.node.content):
        return exchanged(page, slot, Written(lines[0][indent:], tuple(lines[1:])))
    return exchanged(page, slot, Written("", tuple(lines)))


def _appended(page: Page, node: Node, last: int, new: str) -> list[Splice]:
    """Put text behind the last entry: on a line of its own if each entry has one."""
    text = page.text
    if _one_line(page, node) or not is_line_start(text, node.end - 1):
        return [Splice(last, last, f", {new}")]
    start, end = line_start(text, last), line_end(text, last)
    blanks = text[start : end - len(text[start:end].lstrip(" \t"))]
    row = f"{page.newline}{blanks}{new}"
    # Where the last entry has a comma, as YAML allows, the new one gets one too.
    if text[last:end].lstrip().startswith(","):
        return [Splice(end, end, f"{row},")]
    # The comma goes before the comment that may stand behind the entry.
    return [Splice(last, end, f",{text[last:end]}{row}")]


def without_flow_entry(page: Page, node: MappingNode | Items, number: int) -> list[Splice]:
    """The changes that remove a key or item inside of braces or brackets, with its comma."""
    text, spans = page.text, _spans(node)
    start, end = spans[number]
    after = _after_comma(text, end)
    rest = text[after : line_end(text, after)].strip(" \t")
    if is_line_start(text, start) and (not rest or rest.startswith("#")):
        floor = next_line(text, spans[number - 1][1]) if number else next_line(text, node.content)
        return [Splice(leading_comments(text, start, floor), next_line(text, after), "")]
    # Its own comma goes with an entry; the last one has none, so the comma before it goes.
    if number + 1 < len(spans):
        return [Splice(start, spans[number + 1][0], "")]
    return [Splice(spans[number - 1][1], end, "")]


def _after_comma(text: str, end: int) -> int:
    at = end
    while text[at : at + 1] in (" ", "\t"):
        at += 1
    return at + 1 if text[at : at + 1] == "," else end


def _spans(node: MappingNode | Items) -> list[tuple[int, int]]:
    if isinstance(node, Items):
        return [(item.start, item.end) for item in node.items]
    return [(key.start, max(key.end, value.end)) for key, value in node.pairs]


def with_moved_flow_item(page: Page, node: Items, index: int, to: int) -> list[Splice]:
    """The changes that reorder a list in brackets; commas and line breaks stay."""
    spans = _spans(node)
    return reordered(spans, [page.text[slice(*span)] for span in spans], index, to)
