"""Quoted strings and regular expressions in queries, as Go reads them.

Sources: https://go.dev/ref/spec#String_literals and https://github.com/google/re2/wiki/Syntax.
"""

import re
import warnings
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import Fault

ESCAPE: Final = lazy_pattern(
    r"\\(?:[abfnrtv\\'\"]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3})", re.ASCII
)
_BACKSLASH: Final = lazy_pattern(r"\\.", re.DOTALL)
_SIMPLE: Final = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", "'": "'", '"': '"',
}  # fmt: skip
# Lookarounds and back references, which RE2 leaves out to match in linear time.
_NOT_RE2: Final = lazy_pattern(r"\(\?(?:=|!|<=|<!)|\\[1-9]")
# Syntax that RE2 has and Python lacks, with an equivalent for the question whether a pattern is valid. It
# need not match the same texts.
_RE2_ONLY: Final = (
    (lazy_pattern(r"\\Q.*?(?:\\E|\Z)", re.DOTALL), "a"),
    (lazy_pattern(r"\\[pP](?:\{\^?\w+\}|\w)|\\C"), "."),
    (lazy_pattern(r"\\x\{[0-9a-fA-F]+\}"), "a"),
    (lazy_pattern(r"\\z"), r"\\Z"),
    (lazy_pattern(r"\[:\^?\w+:\]"), "a"),
    (lazy_pattern(r"\(\?<(?=[A-Za-z_])"), "(?P<"),
    (lazy_pattern(r"\(\?[imsU]*(?:-[imsU]+)?\)"), ""),
    (lazy_pattern(r"\(\?[imsU]*(?:-[imsU]+)?:"), "(?:"),
)


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
    if _NOT_RE2.search(pattern):
        return "RE2 has neither lookarounds nor backreferences"
    compiled = _compiled(pattern)
    return "" if isinstance(compiled, re.Pattern) else compiled


def _compiled(pattern: str) -> "re.Pattern[str] | str":
    for re2_syntax, python_syntax in _RE2_ONLY:
        pattern = re2_syntax.sub(python_syntax, pattern)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(pattern)
    except re.error as error:
        # Python refuses these, and RE2 accepts them.
        accepted = (
            "redefinition",
            "multiple repeat",
            "bad character range",
            "global flags",
            "unknown extension",
        )
        return "" if error.msg.startswith(accepted) else error.msg
    except (RecursionError, OverflowError):
        return ""


def matches_nothing(pattern: str) -> bool | None:
    """Whether a regular expression matches the empty string; None when that is not known."""
    compiled = _compiled(pattern)
    if not isinstance(compiled, re.Pattern) or len(pattern) > 10_000:
        return None
    return compiled.fullmatch("") is not None


def group_names(pattern: str) -> frozenset[str]:
    """The names of a regular expression's groups."""
    return frozenset(re.findall(r"\(\?P?<([A-Za-z_]\w*)>", pattern, re.ASCII))
