"""The panel `text`: Markdown and HTML as lines of plain text; none of it becomes markup of the picture."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Final, NamedTuple

from dashgen.core.json_values import text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.core.markdown.markdown_inlines import MarkdownPart
from dashgen.core.markdown.markdown_reader import MarkdownBlock, read_markdown
from dashgen.drawing.drawing_context import MONOSPACE
from dashgen.drawing.panels.panel_chrome import with_variables
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.svg.elements import Box, Stroke, TextStyle, clip, line_of_text, rectangle, straight_line
from dashgen.drawing.svg.text_widths import wrapped

_SIZE: Final = 14.0
_HEADINGS = (28.0, 24.0, 22.0, 18.0, 16.0, 14.0)
_TAG = lazy_pattern(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_BREAK = lazy_pattern(r"<(?:br|/p|/div|/li|/h\d|/tr)\b[^>]*>", re.IGNORECASE)
_GAP: Final = 8.0
_STEP: Final = 14.0


class _TextBlock(NamedTuple):
    """A paragraph with its look; `gap` is the room above it."""

    line: str
    style: TextStyle
    indent: float = 0
    gap: float = 0
    is_rule: bool = False


def draw_text(drawing: PanelDrawing) -> list[str]:
    """The text, as far as the panel has room."""
    mode = text(drawing.options.get("mode")) or "markdown"
    content = with_variables(text(drawing.options.get("content")), drawing.context.variables)
    style = TextStyle(_SIZE, drawing.theme.text)
    if mode == "code":
        blocks = [_TextBlock(line, style._replace(family=MONOSPACE, size=12)) for line in content.split("\n")]
    elif mode == "html":
        blocks = [_TextBlock(line.strip(), style) for line in plain_html(content).split("\n")]
    else:
        blocks = [line for block in read_markdown(content) for line in _drawn_lines(block, style)]
    return [clip(drawing.box, f"{drawing.identity}c", _block_marks(blocks, drawing.box, drawing))]


def plain_html(content: str) -> str:
    """The text of HTML; scripts and styles are left out."""
    return unescape(_TAG.sub("", _BREAK.sub("\n", content)))


def _drawn_lines(block: MarkdownBlock, style: TextStyle) -> Iterator[_TextBlock]:
    """A block of Markdown as it is drawn; the rows of tables and the lines of code are drawn alone."""
    indent = _STEP * (block.depth + block.quotes)
    if block.kind == "code":
        code = style._replace(family=MONOSPACE, size=12)
        yield from (_TextBlock(line, code, indent + _GAP) for line in block.code)
    elif block.kind == "rule":
        yield _TextBlock("", style, is_rule=True)
    elif block.kind == "heading":
        size = _HEADINGS[block.level - 1]
        yield _TextBlock(_plain(block.parts), style._replace(size=size, weight=500), indent, _GAP)
    elif block.kind == "table":
        for number, row in enumerate(block.rows):
            look = style if number else style._replace(weight=500)
            yield _TextBlock("   ".join(map(_plain, row)), look, indent, 0 if number else _GAP)
    elif block.kind == "item":
        yield _TextBlock(f"{block.mark} {_plain(block.parts)}", style, indent)
    else:
        yield _TextBlock(_plain(block.parts), style, indent, _GAP)


def _plain(parts: Iterable[MarkdownPart]) -> str:
    """The text of parts; the ends of HTML's blocks end lines."""
    return "\n".join(line.strip() for line in _joined(parts).strip().split("\n"))


def _joined(parts: Iterable[MarkdownPart]) -> str:
    return "".join(_plain_part(part) for part in parts)


def _plain_part(part: MarkdownPart) -> str:
    if part.kind == "break":
        return "\n"
    if part.kind == "html":
        return plain_html(part.text)
    return part.text or _joined(part.parts)


def _block_marks(blocks: list[_TextBlock], box: Box, drawing: PanelDrawing) -> list[str]:
    marks = []
    top = box.y
    line = Stroke(drawing.theme.border, 1, drawing.theme.border_opacity)
    for block in blocks:
        if top >= box.bottom:
            break
        top += block.gap if top > box.y else 0
        if block.is_rule:
            marks.append(straight_line((box.x, top + 8), (box.right, top + 8), line))
            top += 16
            continue
        size = block.style.size
        is_code = block.style.family is not None
        for row in wrapped(block.line, box.width - block.indent, size, is_monospace=is_code):
            height = size * (1.5 if row else 0.7)
            if is_code:
                back = Box(box.x, top, box.width, height)
                marks.append(rectangle(back, drawing.theme.secondary))
            marks.append(line_of_text(row, box.x + block.indent, top + height / 2, block.style))
            top += height
    return marks
