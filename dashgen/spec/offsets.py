"""Where a character of a scalar's value stands in the file."""

import yaml

from dashgen.diagnostics import Span
from dashgen.spec.source import Node, node_span

_ESCAPES = {"x": 2, "u": 4, "U": 8}


def offset_span(node: Node, text: str, offset: int, value: str) -> Span:
    """The span of the one character at ``offset`` of ``value``; the whole scalar when that cannot be told.

    It cannot be told when ``value`` is not what the scalar says (an expression was evaluated) or when a quoted scalar
    is folded over several lines.
    """
    whole = node_span(node, text)
    if not isinstance(node, yaml.ScalarNode) or node.value != value or not 0 <= offset <= len(value):
        return whole
    if node.style in ("|", ">"):
        return _in_block(node, text, offset, value, whole)
    if node.start_mark.line != node.end_mark.line:
        return whole
    raw = text[node.start_mark.index : node.end_mark.index]
    column = offset if not node.style else _quoted_column(raw, node.style, offset)
    return Span(whole.line, whole.column + column, whole.line, whole.column + column + 1)


def _quoted_column(raw: str, quote: str, offset: int) -> int:
    position = 1
    for _ in range(offset):
        if quote == "'" and raw[position] == "'":
            position += 2
        elif quote == '"' and raw[position] == "\\":
            position += 2 + _ESCAPES.get(raw[position + 1], 0)
        else:
            position += 1
    return position


def _in_block(node: yaml.ScalarNode, text: str, offset: int, value: str, whole: Span) -> Span:
    """In a block scalar a line of the value is a line of the file, as long as nothing was folded."""
    if node.style == ">" and "\n" in value[:-1].strip("\n"):
        return whole
    lines = text.split("\n")
    row = value.count("\n", 0, offset) if node.style == "|" else 0
    start = value.rfind("\n", 0, offset) + 1
    line = node.start_mark.line + 1 + row
    content = value[start : value.find("\n", start) if "\n" in value[start:] else len(value)]
    if line >= len(lines) or not lines[line].endswith(content):
        return whole
    column = len(lines[line]) - len(content) + offset - start + 1
    return Span(line + 1, column, line + 1, column + 1)
