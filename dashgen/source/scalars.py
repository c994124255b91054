"""What a plain YAML scalar means.

The rules are those of YAML 1.2's core schema, not of YAML 1.1: ``on``, ``yes``, ``22:22``, dates and ``010``
stay the text that somebody typed; ``1e3`` is a number, unless it is one that JSON's readers could not hold.
Hexadecimal and octal numbers are text too: nothing in a spec is counted like that, but ``0x60`` is a series
of sixty zeros in a rule's test. Source: https://yaml.org/spec/1.2.2/#103-core-schema
"""

from functools import lru_cache
from typing import TypeAlias

from dashgen.core.lazy_pattern import lazy_pattern

Scalar: TypeAlias = bool | int | float | str | None

_NUMBER = lazy_pattern(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_FLOAT = lazy_pattern(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, Scalar] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
FIRST_OF_NON_TEXT = frozenset("-+.0123456789~nNtTfF")
_MAX_DIGITS = 400
_BEYOND = 2**63


@lru_cache(maxsize=256)  # numbers of specs are few, and texts that begin like one are not worth keeping
def _resolve(text: str) -> Scalar:
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > _MAX_DIGITS:
        return text
    if _NUMBER.match(text):
        whole = int(text)
        return whole if -_BEYOND <= whole < _BEYOND else text
    if _FLOAT.match(text):
        number = float(text)
        return text if number in (float("inf"), float("-inf")) else number
    return text


def plain_scalar(text: str) -> Scalar:
    """The value of an unquoted scalar: null, a boolean, an integer, a float, or the text itself."""
    if text and text[0] not in FIRST_OF_NON_TEXT:
        return text
    return _resolve(text)
