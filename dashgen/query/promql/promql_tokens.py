"""The tokens of PromQL: words, numbers, texts, and whole pairs of braces and brackets.

Source: promql/parser/lex.go of Prometheus 3.14. Between braces and brackets there are other grammars, so each
pair is one token, which `promql_matchers` and `promql_durations` read.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from dashgen.core.lazy_pattern import lazy_pattern

Token = tuple[str, str, int]
"""The kind, the text and the offset; a plain tuple, of which thousands are made in a millisecond."""

# Possessive quantifiers (`++`, `*+`): no text takes more than linear time.
STRING: Final = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*+`)"""
_COMMENT: Final = r"\#[^\r\n]*+"
_TOKENS: Final = lazy_pattern(
    rf"""[ \t\r\n]*+(?:
  (?P<name>[A-Za-z_:][A-Za-z0-9_:]*+)
| (?P<sign>==|!=|>=|<=|</|>/|[-+*/%^<>=,()@])
| (?P<braces>\{{(?:[^{{}}"'`\#]++|{STRING}|{_COMMENT})*\}})
| (?P<brackets>\[(?:[^\[\]\#]++|{_COMMENT})*\])
| (?P<number>\.?+[0-9](?:[eE][-+]|[\w.])*)
| (?P<string>{STRING})
| (?P<skip>{_COMMENT}|\Z)
| (?P<wrong>.)
)""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_SIMPLE_NUMBER: Final = lazy_pattern(r"(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?")
_ODD_NUMBER: Final = lazy_pattern(
    r"0[xX]_?[0-9a-fA-F]++(?:_[0-9a-fA-F]++)*"
    r"|(?:[0-9]++(?:_[0-9]++)*\.?|\.(?=[0-9]))(?:[0-9]++(?:_[0-9]++)*)?"
    r"(?:[eE][-+]?[0-9]++(?:_[0-9]++)*)?"
)
# Prometheus takes an `e` after the first digit or an underscore for an exponent.
_LIKE_EXPONENT: Final = lazy_pattern(r"0[xX](?:_?[0-9a-fA-F][eE][eE_]|.*_[eE])")
_DURATION: Final = lazy_pattern(
    r"(?:([0-9]+)y)?(?:([0-9]+)w)?(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?(?:([0-9]+)ms)?"
)
_UNITS_IN_MS: Final = (31_536_000_000, 604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1)
_LONGEST_DURATION: Final = 200
LONGEST_MS: Final = (1 << 63) // 1_000_000
"""Go counts durations in nanoseconds, in 64 bits."""
MOST_SECONDS: Final = (1 << 63) / 1e9
SPECIAL_NUMBERS: Final = {"inf": float("inf"), "nan": float("nan")}


class NumberValue(NamedTuple):
    """The value of a number, or the seconds of a duration."""

    value: float
    is_duration: bool


def promql_tokens(text: str) -> list[Token]:
    """The tokens of an expression without spaces and comments, and a last one of the kind ``end``.

    They stop at the first character that begins no token, which is of the kind ``wrong``.
    """
    tokens: list[Token] = []
    for match in _TOKENS.finditer(text):
        kind = match.lastgroup
        if kind == "skip":
            continue
        index = match.lastindex
        tokens.append((kind, match[index], match.start(index)))  # type: ignore[arg-type, index]
        if kind == "wrong":
            break
    tokens.append(("end", "", len(text.rstrip(" \t\r\n"))))
    return tokens


def has_units(text: str) -> bool:
    """Whether a token is written as a duration, however long."""
    return _DURATION.fullmatch(text) is not None


@lru_cache(maxsize=1 << 11)
def number_value(text: str) -> NumberValue | None:
    """The value of a number or duration as Go reads it; None when it is neither."""
    if _SIMPLE_NUMBER.fullmatch(text):
        return _finite(float(text))
    if _ODD_NUMBER.fullmatch(text):
        return _odd_number(text)
    match = _DURATION.fullmatch(text)
    if match is None or len(text) > _LONGEST_DURATION:
        return None
    parts = zip(match.groups(), _UNITS_IN_MS, strict=True)
    size = sum(int(count) * unit for count, unit in parts if count is not None)
    return NumberValue(size / 1000, is_duration=True) if size <= LONGEST_MS else None


def _odd_number(text: str) -> NumberValue | None:
    digits = text.replace("_", "")
    if digits[:2] in {"0x", "0X"}:
        value = int(digits, 16)
        valid = value < 1 << 63 and not _LIKE_EXPONENT.match(text)
        return NumberValue(float(value), is_duration=False) if valid else None
    if digits.isdigit() and digits[0] == "0" and not {"8", "9"} & set(digits):
        octal = int(digits, 8)
        # Beyond 64 bits Go reads the digits as a decimal number.
        return NumberValue(float(octal if octal < 1 << 63 else int(digits)), is_duration=False)
    return _finite(float(digits))


def _finite(value: float) -> NumberValue | None:
    return NumberValue(value, is_duration=False) if value != SPECIAL_NUMBERS["inf"] else None
