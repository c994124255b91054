"""Markdown as HTML that only shows something."""

from collections.abc import Iterable, Sequence
from typing import Final

from dashgen.core.markdown.markdown_inlines import MarkdownPart
from dashgen.core.markdown.markdown_reader import MarkdownBlock, read_markdown
from dashgen.drawing.markup.html_elements import html, html_text
from dashgen.drawing.markup.safe_html import safe_html

_TAGS: Final = {"emphasis": "em", "strong": "strong", "strike": "del"}


def markdown_markup(text: str) -> str:
    """The HTML of a Markdown text; tags of HTML in it stay as far as they are safe."""
    blocks = read_markdown(text)
    parts: list[str] = []
    lists: list[str] = []
    quotes = 0
    for index, block in enumerate(blocks):
        quotes = _quoted(parts, lists, quotes, block)
        _listed(parts, lists, block, _starts_again(blocks, index))
        parts.append(_block(block))
    parts += [f"</li></{name}>" for name in reversed(lists)]
    parts += ["</blockquote>"] * quotes
    return safe_html("".join(parts))


def _quoted(parts: list[str], lists: list[str], quotes: int, block: MarkdownBlock) -> int:
    """Open and close quotes; lists end where a quote does."""
    if block.quotes != quotes:
        parts += [f"</li></{lists.pop()}>" for _ in range(len(lists))]
        step = "<blockquote>" if block.quotes > quotes else "</blockquote>"
        parts += [step] * abs(block.quotes - quotes)
    return block.quotes


def _listed(parts: list[str], lists: list[str], block: MarkdownBlock, begins_list: str) -> None:
    """Open and close lists and items."""
    while len(lists) > block.depth:
        parts.append(f"</li></{lists.pop()}>")
    if block.kind == "item" and len(lists) == block.depth and lists:
        if begins_list:
            parts.append(f"</li></{lists.pop()}>")
        else:
            parts.append("</li><li>")
    while len(lists) < block.depth:
        is_numbered = block.kind == "item" and block.mark[:1].isdecimal()
        lists.append("ol" if is_numbered else "ul")
        start = f' start="{block.mark.rstrip(".")}"' if is_numbered and block.mark != "1." else ""
        parts.append(f"<{lists[-1]}{start}><li>")


def _starts_again(blocks: Sequence[MarkdownBlock], index: int) -> str:
    """A mark when an item is of another kind of list than the item before it."""
    block = blocks[index]
    for before in reversed(blocks[:index]):
        if before.depth < block.depth:
            return ""
        if before.kind == "item" and before.depth == block.depth:
            return "yes" if before.mark[:1].isdecimal() != block.mark[:1].isdecimal() else ""
    return ""


def _block(block: MarkdownBlock) -> str:
    if block.kind == "code":
        return html("pre", {}, html("code", {}, html_text("\n".join(block.code))))
    if block.kind == "rule":
        return "<hr>"
    if block.kind == "heading":
        return html(f"h{block.level}", {}, _inlines(block.parts))
    if block.kind == "table":
        rows = [
            "<tr>" + "".join(html("td" if number else "th", {}, _inlines(cell)) for cell in row) + "</tr>"
            for number, row in enumerate(block.rows)
        ]
        return html("table", {}, *rows)
    if block.kind == "item":
        return _inlines(block.parts)
    return html("p", {}, _inlines(block.parts))


def _inlines(parts: Iterable[MarkdownPart]) -> str:
    return "".join(map(_inline, parts))


def _inline(part: MarkdownPart) -> str:
    if part.kind == "html":
        return part.text
    if part.kind == "break":
        return "<br>"
    if part.kind == "code":
        return html("code", {}, html_text(part.text))
    if part.kind == "link":
        return html("a", {"href": part.address}, _inlines(part.parts))
    if part.kind == "image":
        return html("img", {"src": part.address, "alt": part.text})
    if part.kind in _TAGS:
        return html(_TAGS[part.kind], {}, _inlines(part.parts))
    return html_text(part.text)
