"""Put another value in the place of one."""

import re

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.source.edit.edited_text import Splice, end_with_comments, is_line_start, line_end
from dashgen.source.edit.node_tree import Items, MappingNode, Node, Scalar
from dashgen.source.edit.page import Page, Slot
from dashgen.source.edit.styles import Written, restyled, written_at

_HEADER = lazy_pattern(r"[|>][-+0-9]*")


def replaced(page: Page, slot: Slot, value: object) -> list[Splice]:
    """The changes of the text that give a place another value.

    Its anchor, and a comment in its line, stay.
    """
    written = restyled(page, slot, slot.node, value) if isinstance(slot.node, Scalar) else None
    written = written or written_at(page, slot, value)
    if slot.item and slot.node.anchor and isinstance(value, dict | list) and written.body:
        # Behind an anchor, the first key or dash cannot stand in the line of the dash around it.
        written = Written("", (" " * (slot.column + 2) + written.head, *written.body))
    return exchanged(page, slot, written)


def exchanged(page: Page, slot: Slot, written: Written) -> list[Splice]:
    """The changes of the text that put other text in the place of a value."""
    text = page.text
    start, end = _head(page, slot)
    head = _spaced(page, slot, start, written.head)
    # A value that goes below its key leaves no blank behind the colon.
    if not written.head and not head:
        while text[start - 1] == " " and start > slot.point:
            start -= 1
    line = line_end(text, end)
    last = max(_body_end(page, slot), line)
    body = "".join(page.newline + row for row in written.body)
    # A block at the very end of a file without a final line break would lose its own; `|-` has none to lose.
    block = written.body and re.match(r"[|>]\d?$", written.head)
    if last == len(text) and (block or text.endswith(("\n", "\r"))):
        body += page.newline
    splices = [Splice(start, end, head)]
    if body or last > line:
        splices.append(Splice(line, last, body))
    return splices


def _head(page: Page, slot: Slot) -> tuple[int, int]:
    """The part of a value that stands in the line of its key or dash."""
    node, text = slot.node, page.text
    if isinstance(node, Scalar):
        start = _kept(node, text)
        if node.style in ("|", ">"):
            header = _HEADER.match(text, node.content)
            return start, header.end() if header else node.content
        return start, node.end
    if _is_below(slot, text):
        # An anchor stays in the line of the key, and everything below that line goes.
        end = _properties_end(node, text) if node.start != node.content else slot.point
        return end, end
    return node.content, node.end


def _kept(node: Scalar, text: str) -> int:
    """Where the part of a scalar begins that is replaced: a tag may not fit the new value, an anchor does."""
    # `!!str 1` set to 2 would stay a text. Anchor and tag come in either order: an anchor in front survives
    # alone.
    if not node.tagged:
        return node.content
    return (
        node.start
        if not node.anchor
        else node.start + len(node.anchor) + 1
        if text[node.start] == "&"
        else node.start
    )


def _properties_end(node: Node, text: str) -> int:
    end = line_end(text, node.start)
    match = re.compile(r"(?:[&!]\S*[ \t]*)*").match(text, node.start, end)
    return node.start + len(text[node.start : match.end() if match else node.start].rstrip())


def _is_below(slot: Slot, text: str) -> bool:
    """Whether a mapping or list begins in a line below its key or dash."""
    node = slot.node
    block = isinstance(node, MappingNode | Items) and not node.flow
    return block and slot.column >= 0 and is_line_start(text, node.content)


def _body_end(page: Page, slot: Slot) -> int:
    """Where the lines end that belong to a value and stand below its key's line."""
    node, text = slot.node, page.text
    if isinstance(node, Scalar) and node.style in ("|", ">"):
        return node.end
    if _is_below(slot, text):
        return end_with_comments(text, node.end, slot.column)
    return 0


def _spaced(page: Page, slot: Slot, start: int, head: str) -> str:
    if not head:
        return ""
    before = page.text[start - 1 : start] if start else ""
    # Behind a bracket no blank is needed, behind a colon it is what makes it one, and a key of `{a, b}` has
    # no colon yet.
    if not before or before in " \t\r\n" or (slot.flow and slot.item):
        return head
    if slot.column < 0:
        return page.newline + head
    return (": " if slot.bare else " ") + head
