"""The Markdown of reports as HTML for mails and as plain text.

Tags of HTML are text, so nothing that a spec or a value has can become an element.
"""

from collections.abc import Iterable
from html import escape
from typing import Final

from dashgen.core.diagnostics.frame import clean
from dashgen.core.markdown.markdown_inlines import MarkdownPart
from dashgen.core.markdown.markdown_reader import MarkdownBlock, read_markdown

_SAFE: Final = ("https://", "http://", "mailto:")
_CELL: Final = "font:15px/22px Helvetica,Arial,sans-serif;color:#1f2933"
_MONOSPACE: Final = "font-family:Menlo,Consolas,monospace;font-size:13px"
_LINE: Final = "1px solid #d5dbe1"
_STEP: Final = 16
_ELEMENTS: Final = {
    "strong": ("<strong>", "</strong>"),
    "emphasis": ("<em>", "</em>"),
    "strike": ('<span style="text-decoration:line-through">', "</span>"),
}


def as_html(markdown: str) -> str:
    """The text as HTML with inline styles."""
    return "".join(_html_of(block) for block in read_markdown(markdown))


def _html_of(block: MarkdownBlock) -> str:
    left = _STEP * (block.depth + block.quotes)
    look = f"margin:0 0 10px {left}px;{_CELL}"
    if block.quotes:
        look += f";border-left:3px solid #d5dbe1;padding-left:{_STEP // 2}px"
    if block.kind == "table":
        return _html_table(block, left)
    if block.kind == "code":
        lines = "<br>".join(escape(clean(line)).replace(" ", "&nbsp;") for line in block.code)
        return f'<p style="{look}"><code style="{_MONOSPACE}">{lines}</code></p>'
    if block.kind == "rule":
        return f'<p style="{look};border-top:{_LINE};line-height:1px">&nbsp;</p>'
    text = _inline_html(block.parts)
    if block.kind == "heading":
        return f'<p style="margin:12px 0 4px {left}px;{_CELL};font-weight:bold">{text}</p>'
    if block.kind == "item":
        return f'<p style="margin:2px 0 2px {left}px;{_CELL}">{escape(block.mark)} {text}</p>'
    return f'<p style="{look}">{text}</p>'


def _html_table(block: MarkdownBlock, left: int) -> str:
    rows = []
    for number, row in enumerate(block.rows):
        name = "td" if number else "th"
        style = f"border:{_LINE};padding:2px 8px;text-align:left;{_CELL}"
        cells = "".join(f'<{name} style="{style}">{_inline_html(cell)}</{name}>' for cell in row)
        rows.append(f"<tr>{cells}</tr>")
    return f'<table style="border-collapse:collapse;margin:0 0 10px {left}px">{"".join(rows)}</table>'


def _inline_html(parts: Iterable[MarkdownPart]) -> str:
    return "".join(_html_part(part) for part in parts)


def _html_part(part: MarkdownPart) -> str:
    if part.kind == "code":
        return f'<code style="{_MONOSPACE}">{escape(clean(part.text))}</code>'
    if part.kind == "break":
        return "<br>"
    if part.kind == "link":
        inner = _inline_html(part.parts)
        # `javascript:` and relative addresses are no links of a mail.
        if not part.address.lower().startswith(_SAFE):
            return inner
        return f'<a href="{escape(clean(part.address))}" style="color:#1f60c4">{inner}</a>'
    if part.kind in _ELEMENTS:
        before, after = _ELEMENTS[part.kind]
        return f"{before}{_inline_html(part.parts)}{after}"
    # Pictures of other servers tell them who reads the mail: an image is its text.
    return escape(clean(part.text))


def as_text(markdown: str) -> str:
    """The text without marks, a line for each block, links with their addresses."""
    return "\n".join(line for block in read_markdown(markdown) for line in _lines_of(block))


def _lines_of(block: MarkdownBlock) -> list[str]:
    indent = "  " * max(block.depth - 1, 0) + "> " * block.quotes
    if block.kind == "code":
        return [f"{indent}    {clean(line)}" for line in block.code]
    if block.kind == "table":
        return [indent + " | ".join(_inline_text(cell) for cell in row) for row in block.rows]
    if block.kind == "rule":
        return [f"{indent}---"]
    text = _inline_text(block.parts)
    return [f"{indent}{block.mark} {text}" if block.kind == "item" else indent + text]


def _inline_text(parts: Iterable[MarkdownPart]) -> str:
    return "".join(_text_part(part) for part in parts)


def _text_part(part: MarkdownPart) -> str:
    if part.kind == "link":
        inner = _inline_text(part.parts)
        return inner if inner == part.address else f"{inner} ({clean(part.address)})"
    if part.kind == "break":
        return "\n"
    return clean(part.text) or _inline_text(part.parts)
