"""Results as JSON, without secrets and control characters: the only output for programs."""

from typing import Any, Final

from dashgen.core.diagnostics.redaction import redacted_tree
from dashgen.core.lazy_pattern import lazy_pattern

_STEERING: Final = lazy_pattern("[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LARGEST: Final = 2**64


def json_text(document: object, *, sort: bool = False) -> str:
    """A document as indented JSON with a line break at its end.

    Secrets are hidden. Control characters of terminals and of the direction of writing are escaped, so
    that they keep their meaning for programs and do nothing in a terminal.
    """
    import orjson  # only for this form of results

    options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | (orjson.OPT_SORT_KEYS if sort else 0)
    shown = redacted_tree(document)
    try:
        text = orjson.dumps(shown, option=options, default=str)
    except TypeError:
        text = orjson.dumps(_encodable(shown), option=options, default=str)
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text.decode()) + "\n"


def _encodable(value: object) -> Any:
    """The value with halves of characters as escapes, and numbers of more than 64 bits as text."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_encodable(key): _encodable(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_encodable(part) for part in value]
    if isinstance(value, int) and not isinstance(value, bool) and not -_LARGEST // 2 <= value < _LARGEST:
        return f"{value:.17g}" if abs(value) < 10**300 else "a number of more than 300 digits"
    return value
