"""The mark of an expression, and how it is written where it is text."""

from typing import Final

MARK: Final = "${{"
ESCAPED_MARK: Final = "${{ '${{' }}"
"""In a value, this is an expression whose value is the mark.

In a key, where no expressions work, it means the same.
"""


def plain_key(written: str) -> str:
    """A key with what it means instead of escaped marks.

    Raises:
        ValueError: there is another expression in it.
    """
    parts = written.split(ESCAPED_MARK)
    if any(MARK in part for part in parts):
        raise ValueError("an expression is in this key")
    return MARK.join(parts)
