"""Texts in quotes and regular expressions inside queries, as Go reads them."""

import re
import warnings
from typing import Final

from dashgen.query.language import Fault

ESCAPE: Final = re.compile(
    r"\\(?:[abfnrtv\\'\"]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3})", re.ASCII
)
_BACKSLASH: Final = re.compile(r"\\.", re.DOTALL)
_SIMPLE: Final = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", "'": "'", '"': '"',
}  # fmt: skip
_NOT_RE2: Final = re.compile(r"\(\?(?:=|!|<=|<!)|\\[1-9]")
# What RE2 knows and Python does not, as something that Python knows.
_RE2_ONLY: Final = (
    (re.compile(r"\\Q.*?(?:\\E|\Z)", re.DOTALL), "a"),
    (re.compile(r"\\[pP](?:\{\^?\w+\}|\w)|\\C"), "."),
    (re.compile(r"\\x\{[0-9a-fA-F]+\}"), "a"),
    (re.compile(r"\\z"), r"\\Z"),
    (re.compile(r"\[:\^?\w+:\]"), "a"),
    (re.compile(r"\(\?<(?=[A-Za-z_])"), "(?P<"),
    (re.compile(r"\(\?[imsU]*(?:-[imsU]+)?\)"), ""),
    (re.compile(r"\(\?[imsU]*(?:-[imsU]+)?:"), "(?:"),
)


def escape_fault(quoted: str, start: int) -> Fault | None:
    """What is wrong with a text in double quotes.

    Args:
        quoted: the text with its quotes.
        start: where it starts in the query.
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
    """The value of a text in double quotes or backticks whose escapes are right."""
    if quoted[0] != '"' or "\\" not in quoted:
        return quoted[1:-1]
    return ESCAPE.sub(_unescaped, quoted[1:-1])


def quoted_offset(quoted: str, offset: int) -> int:
    """Where a character of the value of a text in quotes is in the text as it is written, its quote included."""
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
    """Why RE2, the engine of Grafana, Prometheus, Loki and Tempo, refuses a pattern; empty when it does not.

    Python refuses a few things that RE2 takes; those are no reason to complain.
    """
    if _NOT_RE2.search(pattern):
        return "it looks around or back, which RE2 cannot"
    compiled = _compiled(pattern)
    return "" if isinstance(compiled, re.Pattern) else compiled


def _compiled(pattern: str) -> "re.Pattern[str] | str":
    for syntax, plain in _RE2_ONLY:
        pattern = syntax.sub(plain, pattern)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(pattern)
    except re.error as error:
        taken = (
            "redefinition",
            "multiple repeat",
            "bad character range",
            "global flags",
            "unknown extension",
        )
        return "" if error.msg.startswith(taken) else error.msg
    except (RecursionError, OverflowError):
        return ""


def matches_nothing(pattern: str) -> bool | None:
    """Whether a regular expression matches the empty text; None when that cannot be told."""
    compiled = _compiled(pattern)
    if not isinstance(compiled, re.Pattern) or len(pattern) > 10_000:
        return None
    return compiled.fullmatch("") is not None


def group_names(pattern: str) -> frozenset[str]:
    """The names of a regular expression's groups."""
    return frozenset(re.findall(r"\(\?P?<([A-Za-z_]\w*)>", pattern, re.ASCII))
