r"""Regular expressions of RE2 as patterns of Python that match the same texts.

RE2 is what Grafana, Alertmanager, Prometheus and Loki match labels with. Where its syntax means something else
in Python, the pattern is rewritten: classes of ASCII only, `$` for the end of the text, flags in the middle,
`\Q…\E`, POSIX classes, `{,3}` as text. Source: https://github.com/google/re2/wiki/Syntax.
"""

import re
import warnings
from functools import lru_cache
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern

_LONGEST: Final = 10_000
_MOST_REPETITIONS: Final = 1000
"""RE2 refuses more (`maxRepeat` of Go's regexp/syntax)."""
_TOKEN: Final = lazy_pattern(
    r"""\\Q(?P<literal>.*?)(?:\\E|\Z)
    | \\x\{(?P<code>[0-9A-Fa-f]+)\}
    | \\(?P<escape>.)
    | \(\?P?<(?P<name>[A-Za-z_]\w*)>
    | \(\?(?P<flags>[imsU]*(?:-[imsU]+)?)(?P<flags_end>[:)])
    | (?P<class>\[\^?\]?(?:\[:\^?\w+:\]|\\Q.*?\\E|\\.|[^\]\\])*\])
    | (?P<repeat>\{\d+(?:,\d*)?\})
    | (?P<other>.)""",
    re.DOTALL | re.VERBOSE,
)
_IN_CLASS: Final = lazy_pattern(
    r"\[:(?P<posix>\^?\w+):\] | \\x\{(?P<code>[0-9A-Fa-f]+)\} | \\(?P<escape>.) | (?P<plain>[\[&|~])",
    re.DOTALL | re.VERBOSE,
)
_ASCII: Final = {"d": "0-9", "w": "0-9A-Za-z_", "s": r"\t\n\f\r "}
_POSIX: Final = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "ascii": r"\x00-\x7f", "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f", "digit": "0-9", "graph": "!-~", "lower": "a-z", "print": " -~",
    "punct": r"!-/:-@\[-`{-~", "space": r"\t\n\v\f\r ", "upper": "A-Z", "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}  # fmt: skip


class _UntranslatableError(ValueError):
    """A part of RE2's syntax without an equivalent in Python."""


@lru_cache(maxsize=1 << 10)
def re2_pattern(pattern: str) -> re.Pattern[str] | None:
    r"""A pattern of Python that matches what RE2 matches; None when there is none, as for ``\p{Greek}``.

    Args:
        pattern: the expression as a user of Go's ``regexp`` writes it.
    """
    if len(pattern) > _LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(_Translation(pattern).text())
    except (_UntranslatableError, re.error, RecursionError, OverflowError):
        return None


def matches_whole(pattern: str, value: str) -> bool | None:
    """Whether an anchored expression, as in a label matcher, matches a value; None when that is not known."""
    compiled = re2_pattern(pattern)
    return None if compiled is None else compiled.fullmatch(value) is not None


class _Translation:
    """Rewrites one pattern from left to right.

    ``_open`` has one entry for each group that is open: the flags that were set in its middle, which Python has
    only as a group of their own. Such a group ends before the next ``|``, and begins again after it.
    """

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._parts: list[str] = []
        self._open: list[list[str]] = [[]]
        # Of `(?m)`, where `$` is the end of any line, nothing is followed: the flag counts everywhere.
        self._is_multiline = re.search(r"\(\?[isU]*m", pattern) is not None

    def text(self) -> str:
        for token in _TOKEN.finditer(self._pattern):
            kind = token.lastgroup or ""
            self._token("flags" if kind == "flags_end" else kind, token)
        self._close(self._open[0])
        return "".join(self._parts)

    def _token(self, kind: str, token: re.Match[str]) -> None:
        if kind == "literal":
            self._parts.append(re.escape(token["literal"]))
        elif kind == "code":
            self._parts.append(_character(token["code"]))
        elif kind == "escape":
            self._parts.append(_escape(token["escape"]))
        elif kind == "name":
            self._begin(f"(?P<{token['name']}>")
        elif kind == "flags":
            self._flags(token["flags"], is_group=token["flags_end"] == ":")
        elif kind == "class":
            self._parts.append(_class(token["class"]))
        elif kind == "repeat":
            self._parts.append(_repetition(token["repeat"]))
        else:
            self._other(token[0])

    def _other(self, text: str) -> None:
        if text == "(":
            self._begin("(")
        elif text == ")":
            if len(self._open) == 1:
                raise _UntranslatableError
            self._close(self._open.pop())
            self._parts.append(")")
        elif text == "|":
            self._close(self._open[-1])
            self._parts += ["|", *self._open[-1]]
        elif text == "$":
            self._parts.append("$" if self._is_multiline else r"\Z")
        else:
            # A brace that begins no repetition is itself.
            self._parts.append("\\{" if text == "{" else text)

    def _begin(self, opening: str) -> None:
        self._parts.append(opening)
        self._open.append([])

    def _flags(self, flags: str, *, is_group: bool) -> None:
        # Whether a repetition is greedy does not decide whether the whole text matches.
        plain = flags.replace("U", "").removesuffix("-")
        opening = f"(?{plain}:"
        if is_group:
            self._begin(opening)
        elif plain:
            self._parts.append(opening)
            self._open[-1].append(opening)

    def _close(self, flag_groups: list[str]) -> None:
        self._parts.append(")" * len(flag_groups))


def _repetition(text: str) -> str:
    if any(int(number) > _MOST_REPETITIONS for number in text[1:-1].split(",") if number):
        raise _UntranslatableError
    return text


def _escape(letter: str) -> str:
    if letter in _ASCII:
        return f"[{_ASCII[letter]}]"
    if letter.lower() in _ASCII:
        return f"[^{_ASCII[letter.lower()]}]"
    if letter in "bB":
        return rf"(?a:\{letter})"
    if letter == "z":
        return r"\Z"
    if letter in "pPCEQ":
        raise _UntranslatableError
    return f"\\{letter}"


def _class(text: str) -> str:
    head = 2 if text[1] == "^" else 1
    return text[:head] + _IN_CLASS.sub(_member, text[head:-1]) + "]"


def _member(match: re.Match[str]) -> str:
    if match["plain"]:
        return f"\\{match['plain']}"
    if match["code"]:
        return _character(match["code"])
    name = match["posix"] or ""
    if name:
        if name not in _POSIX:
            raise _UntranslatableError
        return _POSIX[name]
    letter = match["escape"]
    if letter in _ASCII:
        return _ASCII[letter]
    if letter in "DWSpPCQ":
        raise _UntranslatableError
    return f"\\{letter}"


def _character(code: str) -> str:
    number = int(code, 16)
    if number > 0x10FFFF:
        raise _UntranslatableError
    return re.escape(chr(number))
