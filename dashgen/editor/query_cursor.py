"""The query around a cursor in a spec, found in its text: while somebody types, the YAML may not parse."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern

_KEY: Final = lazy_pattern(
    r"^(?P<indent>[ ]*)(?P<dash>(?:-[ ]+)*)(?:(?P<key>[\w.\"' -]+?)[ ]*:(?:[ ]+(?P<rest>.*))?)?$"
)
_FLOW_QUERY: Final = lazy_pattern(r"[{,]\s*(?P<key>query|expr)\s*:\s*")
_BLOCK: Final = lazy_pattern(r"[|>][-+0-9]*\s*(?:#.*)?\Z")
_QUERY_KEYS: Final = frozenset(("query", "expr"))
_CONTAINERS: Final = frozenset(("queries",))


class QueryCursor(Struct, frozen=True):
    """A query with a cursor in it; ``before`` is its text up to the cursor, ``after`` the rest of the line."""

    before: str
    after: str = ""

    @property
    def word(self) -> str:
        """The name that the cursor is in or behind."""
        start = _WORD_END.search(self.before)
        end = _WORD_START.match(self.after)
        return (start[0] if start else "") + (end[0] if end else "")


_WORD_END: Final = lazy_pattern(r"[A-Za-z_:][\w:]*\Z")
_WORD_START: Final = lazy_pattern(r"[\w:]*")


def query_at(lines: Sequence[str], line: int, column: int) -> QueryCursor | None:
    """The query that a cursor is in; None when it is somewhere else.

    Args:
        lines: the lines of the file.
        line: the cursor's line, from 0.
        column: the number of characters before the cursor.
    """
    if line >= len(lines):
        return None
    text = lines[line]
    starts = [match.end() for match in _FLOW_QUERY.finditer(text[:column])]
    if starts:
        return QueryCursor(text[starts[-1] : column].lstrip("'\""), text[column:])
    match = _KEY.match(text)
    if match and match["key"] and match["rest"] is not None:
        start = match.start("rest")
        is_query = match["key"].strip("\"'") in _QUERY_KEYS or _container(lines, line) in _CONTAINERS
        if is_query and column >= start and not _BLOCK.match(match["rest"]):
            return QueryCursor(text[start:column].lstrip("'\""), text[column:])
        return None
    return _in_block(lines, line, column)


def _in_block(lines: Sequence[str], line: int, column: int) -> QueryCursor | None:
    """The query of a text over several lines that a line is in."""
    head = _head(lines, line)
    if head is None:
        return None
    match = _KEY.match(lines[head])
    key = match["key"].strip("\"'") if match and match["key"] else ""
    if key not in _QUERY_KEYS and _container(lines, head) not in _CONTAINERS:
        return None
    rest = match["rest"] if match and match["rest"] else ""
    first = [] if _BLOCK.match(rest) else [rest.lstrip("'\"")]
    before = [*first, *lines[head + 1 : line], lines[line][:column]]
    return QueryCursor("\n".join(before), lines[line][column:])


def _head(lines: Sequence[str], line: int) -> int | None:
    """The line with the key of the text that a line belongs to."""
    indent = _indent(lines[line]) if lines[line].strip() else None
    for number in range(line - 1, -1, -1):
        text = lines[number]
        if not text.strip():
            continue
        if indent is None:
            indent = _indent(text) + (1 if _BLOCK.search(text) else 0)
        if _indent(text) < indent:
            match = _KEY.match(text)
            if match and match["key"]:
                return number
            # A line of the text itself, further to the left.
            indent = _indent(text)
    return None


def _container(lines: Sequence[str], line: int) -> str:
    """The key that the mapping of a line is below."""
    indent = _indent(lines[line])
    for number in range(line - 1, -1, -1):
        text = lines[number]
        if text.strip() and not text.lstrip().startswith("#") and _indent(text) < indent:
            match = _KEY.match(text)
            return match["key"].strip("\"'") if match and match["key"] else ""
    return ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
