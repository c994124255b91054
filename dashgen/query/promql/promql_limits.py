"""Expressions that must not reach the parser, because they would crash the process."""

from collections.abc import Sequence
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import Fault
from dashgen.query.shared_tokens import DEEPEST, NESTING, TextToken, tokenize, too_deep

_LONGEST: Final = 1e12  # seconds
_ODD_RANGE: Final = lazy_pattern(r"[\[:]\s*+(?:\d{13}|[\d.]++[eE]|0[xX])")
_ODD_OFFSET: Final = lazy_pattern(r"offset(?:\s|#[^\n]*+\n|[-+])*+(?:\d{13}|[\d.]++e|0x|inf|nan)")


def beyond_limits(text: str) -> Fault | None:
    """The error of an expression that nests too deeply or has too long a duration for the parser, if any."""
    deep = len(text) > DEEPEST and len(NESTING.findall(text)) > DEEPEST
    lowered = text.lower()
    long = _ODD_RANGE.search(text) or ("offset" in lowered and _ODD_OFFSET.search(lowered))
    if not deep and not long:
        return None
    tokens = tokenize(text)
    return too_deep(tokens) or _too_long(tokens)


def _too_long(tokens: Sequence[TextToken]) -> Fault | None:
    is_duration = False
    for token in tokens:
        if token.text in {"[", ":"} or token.text.lower() == "offset":
            is_duration = True
        elif is_duration and token.text not in {"+", "-"}:
            if _seconds(token.text) > _LONGEST:
                return Fault(
                    "a duration is out of bounds", "write one such as `30s`, `5m` or `1h30m`", token.start
                )
            is_duration = False
    return None


def _seconds(word: str) -> float:
    """The seconds of a duration without a unit; 0 for anything else, which the parser checks itself."""
    if word.lower() in {"inf", "nan"}:
        return float("inf")
    try:
        return float(int(word, 16)) if word[:2].lower() == "0x" else float(word)
    except ValueError:
        return 0.0
    except OverflowError:
        return float("inf")
