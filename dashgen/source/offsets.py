"""Where a character of a scalar's value stands in the file.

A scalar is read as pieces: the text of each of its lines, with the column of every character. Between two
pieces the value has a space or line feeds, however the lines were folded. When the pieces do not add up to
the value, nothing is claimed.
"""

from collections.abc import Iterator
from typing import TypeAlias

import yaml

from dashgen.core.diagnostics import Span
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.source.source import Node, node_span

Piece: TypeAlias = tuple[str, list[int]]
Place: TypeAlias = tuple[int, int]

_ESCAPE = lazy_pattern(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")
_ESCAPED = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r",
    "e": "\x1b", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_SPACES = " \t"


def offset_span(node: Node, text: str, offset: int, value: str) -> Span:
    """The span of the one character at ``offset`` of ``value``; the whole scalar when that cannot be told.

    It cannot be told when ``value`` is not what the scalar says, because an expression was evaluated.
    """
    whole = node_span(node, text)
    if not isinstance(node, yaml.ScalarNode) or node.value != value or not 0 <= offset <= len(value):
        return whole
    places = _places(node, text, value)
    if places is None:
        return whole
    row, column = places[offset]
    line, start = node.start_mark.line + row + 1, column + 1
    return Span(line, start, line, start + 1)


def _places(node: yaml.ScalarNode, text: str, value: str) -> list[Place] | None:
    """The place of each character and of the end of the value: line after the scalar's first, and column."""
    places: list[Place] = []
    end: Place = (0, node.start_mark.column)
    for row, (piece, columns) in _pieces(node, text):
        if not piece:
            continue
        at = len(places)
        # Behind an escaped line end (`\`) nothing stands between it and the next.
        gap = next((g for g in (_gap(value, at), 0) if value.startswith(piece, at + g)), None)
        if gap is None:
            return None
        places += [end] * gap
        places += [(row, column) for column in columns[: len(piece)]]
        end = (row, columns[len(piece)])
    if value[len(places) :].strip("\n"):
        return None
    return places + [end] * (len(value) + 1 - len(places))


def _gap(value: str, start: int) -> int:
    """How many characters of the value stand for the end of a line: one space, or line feeds."""
    if value[start : start + 1] == " ":
        return 1
    rest = value[start:]
    return len(rest) - len(rest.lstrip("\n"))


def _pieces(node: yaml.ScalarNode, text: str) -> Iterator[tuple[int, Piece]]:
    """The text of each line of a scalar, with the columns of its characters and of what follows them."""
    raw = text[node.start_mark.index : node.end_mark.index]
    if node.style in ("|", ">"):
        yield from _block_pieces(raw)
        return
    lines = raw.split("\n")
    quote = node.style if node.style in ("'", '"') else ""
    last = len(lines) - 1
    for row, line in enumerate(lines):
        # The quotes are in the first and last line; blanks around the line breaks between are folded away.
        start = len(quote) if row == 0 else len(line) - len(line.lstrip(_SPACES))
        end = len(line) - len(quote) if row == last else len(line.rstrip(_SPACES))
        column = start + (node.start_mark.column if row == 0 else 0)
        yield row, _unquoted(line[start : max(start, end)], column, quote)


def _block_pieces(raw: str) -> Iterator[tuple[int, Piece]]:
    """The lines below a header such as ``|-``, without what all of them are indented by."""
    _, *lines = raw.split("\n")
    full = [line for line in lines if line.strip(" ")]
    indent = min((len(line) - len(line.lstrip(" ")) for line in full), default=0)
    for row, line in enumerate(lines, start=1):
        content = line[indent:]
        yield row, (content, list(range(indent, indent + len(content) + 1)))


def _unquoted(text: str, start: int, quote: str) -> Piece:
    """One line of a flow scalar without its escapes."""
    characters: list[str] = []
    columns: list[int] = []
    position = 0
    while position < len(text):
        columns.append(start + position)
        character, length = _character(text, position, quote)
        characters.append(character)
        position += length
    # An escaped line end leaves nothing behind, and what stands before it is kept.
    while characters and characters[-1] == "":
        characters.pop()
        columns.pop()
    return "".join(characters), [*columns, start + position]


def _character(text: str, position: int, quote: str) -> tuple[str, int]:
    """The character that is written at a position, and how many characters it is written with."""
    if quote == "'" and text.startswith("''", position):
        return "'", 2
    if quote == '"' and text[position] == "\\":
        escape = _ESCAPE.match(text, position)
        if escape is None:
            return "", 1  # at the end of a line
        letter, digits = escape[0][1], escape[0][2:]
        return chr(int(digits, 16)) if digits else _ESCAPED.get(letter, letter), len(escape[0])
    return text[position], 1
