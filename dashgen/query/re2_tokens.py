"""The tokens of a valid expression of RE2, and each character class as one of Python.

Which expressions are valid is in `re2_syntax`.
"""

import re
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern

RE2_TOKEN: Final = lazy_pattern(
    r"""\\Q(?P<literal>.*?)(?:\\E|\Z)
    | \\x\{(?P<code>[0-9A-Fa-f]+)\}
    | \\x(?P<byte>[0-9A-Fa-f]{2})
    | \\(?P<octal>[0-7]{1,3})
    | \\(?P<escape>.)
    | \(\?P?<(?P<name>[A-Za-z_]\w*)>
    | \(\?(?P<flags>[imsU]*(?:-[imsU]+)?)(?P<flags_end>[:)])
    | (?P<class>\[\^?\]?(?:\[:\^?\w+:\]|\\Q.*?\\E|\\.|[^\]\\])*\])
    | (?P<repeat>\{\d+(?:,\d*)?\})
    | (?P<other>.)""",
    re.DOTALL | re.VERBOSE,
)
"""One token; ``other`` is a literal character or one of ``. ^ $ | ( ) * + ?``."""
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
_CONTROLS: Final = frozenset("afnrtv")


class UntranslatableError(ValueError):
    """A part of RE2's syntax without an equivalent in Python."""


def one_character(kind: str, token: re.Match[str]) -> str:
    """A token that stands for one character, as a pattern of Python; empty when it stands for none.

    Raises:
        UntranslatableError: Python has no equivalent.
    """
    if kind in ("code", "byte"):
        return _character(int(token[kind], 16))
    if kind == "octal":
        return _character(int(token["octal"], 8))
    if kind == "escape":
        return _escaped(token["escape"])
    if kind == "class":
        text = token["class"]
        head = 2 if text[1] == "^" else 1
        return text[:head] + _IN_CLASS.sub(_member, text[head:-1]) + "]"
    if kind == "other" and token[0] not in "^$|()*+?":
        return "." if token[0] == "." else re.escape(token[0])
    return ""


def repetitions(text: str) -> tuple[int, int | None]:
    """The least and the largest number of ``{2,3}``; None for no limit."""
    least, comma, most = text[1:-1].partition(",")
    return int(least), (int(most) if most else None) if comma else int(least)


def _escaped(letter: str) -> str:
    """An escape as a pattern; empty for the ends of the text and of words."""
    if letter in _ASCII:
        return f"[{_ASCII[letter]}]"
    if letter.lower() in _ASCII:
        return f"[^{_ASCII[letter.lower()]}]"
    if letter in "bBzA":
        return ""
    # A letter that means nothing is refused by RE2, as are `\pL` and `\C` by Python.
    if letter.isascii() and letter.isalpha() and letter not in _CONTROLS:
        raise UntranslatableError
    return f"\\{letter}" if letter.isascii() else letter


def _member(match: re.Match[str]) -> str:
    if match["plain"]:
        return f"\\{match['plain']}"
    if match["code"]:
        return _character(int(match["code"], 16))
    if name := match["posix"]:
        if name not in _POSIX:
            raise UntranslatableError
        return _POSIX[name]
    letter = match["escape"]
    if letter in _ASCII:
        return _ASCII[letter]
    if letter in "DWSpPCQbBzA":
        raise UntranslatableError
    return f"\\{letter}"


def _character(number: int) -> str:
    if number > 0x10FFFF:
        raise UntranslatableError
    return re.escape(chr(number))
