"""Markdown as HTML that holds nothing active: tags are text, and links lead only where people may go."""

from collections.abc import Iterable
from typing import Final

from markupsafe import Markup, escape

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.core.markdown.markdown_inlines import MarkdownPart
from dashgen.core.markdown.markdown_reader import MarkdownBlock, read_markdown

_SAFE: Final = ("https://", "http://", "mailto:")
# Characters that no text of a page needs: controls, and those that turn the direction of writing.
_UNSAFE: Final = lazy_pattern(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_ELEMENTS: Final = {
    "strong": Markup("<strong>{}</strong>"),
    "emphasis": Markup("<em>{}</em>"),
    "strike": Markup("<s>{}</s>"),
}
_HEADINGS: Final = (
    Markup("<h3>{}</h3>"),
    Markup("<h4>{}</h4>"),
    Markup("<h5>{}</h5>"),
    Markup("<h6>{}</h6>"),
)
_LINK: Final = Markup('<a href="{}" rel="noopener noreferrer">{}</a>')
_NOTHING: Final = Markup("")


def safe_text(text: str) -> str:
    """A text without characters that change how what follows is shown."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)


def safe_address(address: str) -> str:
    """An address that a page may link to; empty for `javascript:`, `data:`, files and relative addresses."""
    text = safe_text(address).strip()
    is_safe = text.lower().startswith(_SAFE) and not any(c.isspace() for c in text)
    return text if is_safe else ""


def markdown_html(markdown: str) -> Markup:
    """A text in Markdown as HTML; its highest headings are of the third level.

    `Markup.format` escapes whatever is put into it, so nothing that the text holds can become an element.
    """
    blocks = read_markdown(markdown)
    highest = min((block.level for block in blocks if block.kind == "heading"), default=1)
    html, depth = _NOTHING, 0
    for block in blocks:
        html += Markup("</ul>") * max(depth - block.depth, 0) + Markup("<ul>") * max(block.depth - depth, 0)
        depth = block.depth
        html += _block_html(block, highest)
    return html + Markup("</ul>") * depth


def _block_html(block: MarkdownBlock, highest: int) -> Markup:
    inner = _inner_html(block, highest)
    for _ in range(block.quotes):
        inner = Markup("<blockquote>{}</blockquote>").format(inner)
    if not block.depth:
        return inner
    if block.kind == "item" and not block.mark[:1].isdigit():
        return Markup("<li>{}</li>").format(inner)
    # The numbers of items are kept as they are written; what follows in an item has no mark.
    return Markup('<li class="plain">{} {}</li>').format(block.mark, inner)


def _inner_html(block: MarkdownBlock, highest: int) -> Markup:
    if block.kind == "code":
        return Markup("<pre><code>{}</code></pre>").format(safe_text("\n".join(block.code)))
    if block.kind == "rule":
        return Markup("<hr>")
    if block.kind == "table":
        return _table_html(block)
    text = _inline_html(block.parts)
    if block.kind == "heading":
        return _HEADINGS[min(block.level - highest, len(_HEADINGS) - 1)].format(text)
    return text if block.kind == "item" else Markup("<p>{}</p>").format(text)


def _table_html(block: MarkdownBlock) -> Markup:
    html = _NOTHING
    for number, row in enumerate(block.rows):
        cell = Markup("<td>{}</td>") if number else Markup("<th>{}</th>")
        html += Markup("<tr>{}</tr>").format(_NOTHING.join(cell.format(_inline_html(one)) for one in row))
    return Markup("<table>{}</table>").format(html)


def _inline_html(parts: Iterable[MarkdownPart]) -> Markup:
    return _NOTHING.join(map(_part_html, parts))


def _part_html(part: MarkdownPart) -> Markup:
    if part.kind == "code":
        return Markup("<code>{}</code>").format(safe_text(part.text))
    if part.kind == "break":
        return Markup("<br>")
    if part.kind == "link":
        inner, address = _inline_html(part.parts), safe_address(part.address)
        return _LINK.format(address, inner) if address else inner
    if part.kind in _ELEMENTS:
        return _ELEMENTS[part.kind].format(_inline_html(part.parts))
    # Pictures would be fetched from elsewhere: an image is its text.
    return escape(safe_text(part.text))
