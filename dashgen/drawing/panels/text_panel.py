"""The panel `text`: Markdown and HTML as lines of plain text; nothing of them becomes markup of the picture."""

import re
from html import unescape
from typing import Final, NamedTuple

from dashgen.core.json_values import text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.drawing_context import MONOSPACE
from dashgen.drawing.panels.panel_chrome import with_variables
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.svg.elements import Box, Stroke, TextStyle, clip, line_of_text, rectangle, straight_line
from dashgen.drawing.svg.text_widths import wrapped

_SIZE: Final = 14.0
_HEADINGS = (28.0, 24.0, 22.0, 18.0, 16.0, 14.0)
_HEADING = lazy_pattern(r"(#{1,6})\s+(.*)")
_ITEM = lazy_pattern(r"(\s*)(?:[-*+]|(\d+)[.)])\s+(.*)")
_LINK = lazy_pattern(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = lazy_pattern(r"(\*\*|__|\*|`|~~)(.+?)\1")
_TAG = lazy_pattern(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_BREAK = lazy_pattern(r"<(?:br|/p|/div|/li|/h\d|/tr)\b[^>]*>", re.IGNORECASE)
_RULE = lazy_pattern(r"\s*(?:-\s*){3,}$|\s*(?:\*\s*){3,}$")


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
        blocks = _markdown(content, style)
    return [clip(drawing.box, f"{drawing.identity}c", _block_marks(blocks, drawing.box, drawing))]


def plain_html(content: str) -> str:
    """The text of HTML; scripts and styles are left out."""
    return unescape(_TAG.sub("", _BREAK.sub("\n", content)))


def plain_inline(line: str) -> str:
    """A line of Markdown without its marks; a link is its text."""
    plain = _LINK.sub(lambda match: match[1], line)
    for _ in range(3):
        plain = _EMPHASIS.sub(lambda match: match[2], plain)
    return plain_html(plain)


def _markdown(content: str, style: TextStyle) -> list[_TextBlock]:
    blocks: list[_TextBlock] = []
    is_code = False
    for line in content.split("\n"):
        if line.strip().startswith("```"):
            is_code = not is_code
        elif is_code:
            blocks.append(_TextBlock(line, style._replace(family=MONOSPACE, size=12), 8))
        elif heading := _HEADING.match(line):
            size = _HEADINGS[len(heading[1]) - 1]
            blocks.append(_TextBlock(plain_inline(heading[2]), style._replace(size=size, weight=500), gap=8))
        elif _RULE.match(line):
            blocks.append(_TextBlock("", style, is_rule=True))
        elif item := _ITEM.match(line):
            mark = f"{item[2]}. " if item[2] else "•  "
            blocks.append(_TextBlock(mark + plain_inline(item[3]), style, 14 + len(item[1]) * 6))
        else:
            blocks.append(_TextBlock(plain_inline(line.strip()), style))
    return blocks


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
