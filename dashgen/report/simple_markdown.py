"""The Markdown of reports as HTML for mails and as plain text: headings, lists, emphasis, code and links.

Whatever is not one of these is text, HTML too, so nothing that a spec or a value has can become an element.
"""

import re
from collections.abc import Callable, Iterator
from html import escape
from typing import Final, Literal

from msgspec import Struct

from dashgen.core.diagnostics.frame import clean
from dashgen.core.lazy_pattern import lazy_pattern

_INLINE: Final = lazy_pattern(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|`(?P<code>[^`\n]+)`"
    r"|\[(?P<text>[^\]\n]{1,300})\]\((?P<address>[^)\s]{1,2000})\)"
    r"|\*\*(?P<strong>[^*\n](?:[^*\n]|\\\*)*)\*\*"
    r"|(?<![\w*])\*(?P<emphasis>[^*\s](?:[^*\n]|\\\*)*)\*(?![\w*])"
)
_HEADING: Final = lazy_pattern(r"(#{1,6})\s+(.*?)\s*#*\s*\Z")
_ITEM: Final = lazy_pattern(r"\s*(?:([-*+])|(\d{1,9})[.)])\s+(.*)\Z")
_SAFE: Final = ("https://", "http://", "mailto:")
_CELL: Final = "font:15px/22px Helvetica,Arial,sans-serif;color:#1f2933"


class MarkdownBlock(Struct, frozen=True):
    """A block: a heading, an item of a list with its bullet or number, or a paragraph."""

    kind: Literal["heading", "item", "paragraph"]
    text: str
    mark: str = ""


def blocks(markdown: str) -> Iterator[MarkdownBlock]:
    """The blocks of a text."""
    lines: list[str] = []
    for line in [*markdown.splitlines(), ""]:
        heading, item = _HEADING.match(line.strip()), _ITEM.match(line)
        if heading or item or not line.strip():
            if lines:
                yield MarkdownBlock("paragraph", " ".join(lines))
            lines = []
        if heading:
            yield MarkdownBlock("heading", heading[2])
        elif item:
            yield MarkdownBlock("item", item[3], f"{item[2]}." if item[2] else "•")
        elif line.strip():
            lines.append(line.strip())


def as_html(markdown: str) -> str:
    """The text as HTML with inline styles."""
    return "".join(_html_of(block) for block in blocks(markdown))


def _html_of(block: MarkdownBlock) -> str:
    text = _inline_html(block.text)
    if block.kind == "heading":
        return f'<p style="margin:12px 0 4px;{_CELL};font-weight:bold">{text}</p>'
    if block.kind == "item":
        return f'<p style="margin:2px 0 2px 16px;{_CELL}">{escape(block.mark)} {text}</p>'
    return f'<p style="margin:0 0 10px;{_CELL}">{text}</p>'


def _inline_html(text: str) -> str:
    return _replaced(text, _html_piece, lambda plain: escape(clean(plain)))


def _html_piece(match: re.Match[str]) -> str:
    if match["escaped"]:
        return escape(match["escaped"])
    if match["code"]:
        style = "font-family:Menlo,Consolas,monospace;font-size:13px"
        return f'<code style="{style}">{escape(clean(match["code"]))}</code>'
    if match["text"]:
        inner = _inline_html(match["text"])
        # `javascript:` and relative addresses are no links of a mail.
        if not match["address"].lower().startswith(_SAFE):
            return inner
        return f'<a href="{escape(clean(match["address"]))}" style="color:#1f60c4">{inner}</a>'
    if match["strong"]:
        return f"<strong>{_inline_html(match['strong'])}</strong>"
    return f"<em>{_inline_html(match['emphasis'])}</em>"


def as_text(markdown: str) -> str:
    """The text without marks, a line for each block, links with their addresses."""
    lines = []
    for block in blocks(markdown):
        text = _inline_text(block.text)
        lines.append(f"{block.mark} {text}" if block.kind == "item" else text)
    return "\n".join(lines)


def _inline_text(text: str) -> str:
    return _replaced(text, _text_piece, clean)


def _text_piece(match: re.Match[str]) -> str:
    if match["text"]:
        return f"{_inline_text(match['text'])} ({clean(match['address'])})"
    inner = match["escaped"] or match["code"]
    return clean(inner) if inner else _inline_text(match["strong"] or match["emphasis"])


def _replaced(text: str, piece: Callable[[re.Match[str]], str], plain: Callable[[str], str]) -> str:
    parts: list[str] = []
    end = 0
    for match in _INLINE.finditer(text):
        parts += plain(text[end : match.start()]), piece(match)
        end = match.end()
    return "".join([*parts, plain(text[end:])])
