"""Quoted strings and regular expressions in queries, as Go reads them.

Source: https://go.dev/ref/spec#String_literals; `re2_syntax` reads the regular expressions themselves.
"""

import re
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import Fault
from dashgen.query.re2_syntax import regex_facts

ESCAPE: Final = lazy_pattern(
    r"\\(?:[abfnrtv\\'\"]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3})", re.ASCII
)
_BACKSLASH: Final = lazy_pattern(r"\\.", re.DOTALL)
_SIMPLE: Final = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", "'": "'", '"': '"',
}  # fmt: skip


def escape_fault(quoted: str, start: int) -> Fault | None:
    """Check the escapes of a string in double quotes.

    Args:
        quoted: the string with its quotes.
        start: its offset in the query.
    """
    if quoted[0] != '"':
        return None
    if "\n" in quoted:
        return Fault("a text in double quotes goes over several lines", "write it in backticks", start)
    for match in _BACKSLASH.finditer(quoted):
        if not ESCAPE.match(quoted, match.start()) or match[0] == "\\'":
            hint = f"write `\\{match[0]}`, or put the text in backticks"
            return Fault(f"`{match[0]}` means nothing in a text in quotes", hint, start + match.start())
    return None


def unquoted(quoted: str) -> str:
    """The value of a string in double quotes or backticks with valid escapes."""
    if quoted[0] != '"' or "\\" not in quoted:
        return quoted[1:-1]
    return ESCAPE.sub(_unescaped, quoted[1:-1])


def double_quoted_text(text: str) -> str:
    """A text as a string of PromQL or LogQL."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def quoted_offset(quoted: str, offset: int) -> int:
    """The offset in a string as it is written, with its quote, of the character at an offset of its value."""
    if quoted[0] != '"' or "\\" not in quoted:
        return offset + 1
    position = 1
    for _ in range(offset):
        escape = ESCAPE.match(quoted, position)
        position = escape.end() if escape else position + 1
    return position


def _unescaped(match: re.Match[str]) -> str:
    body = match[0][1:]
    if body in _SIMPLE:
        return _SIMPLE[body]
    code = int(body, 8) if body[0] not in "xuU" else int(body[1:], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\N{REPLACEMENT CHARACTER}"


def regex_problem(pattern: str) -> str:
    """Why RE2, the engine of Grafana, Prometheus, Loki and Tempo, refuses a pattern; empty if it does not."""
    return regex_facts(pattern).problem


def group_names(pattern: str) -> frozenset[str]:
    """The names of a regular expression's groups."""
    return frozenset(re.findall(r"\(\?P?<([A-Za-z_]\w*)>", pattern, re.ASCII))
