"""Names of files as text."""

import os


def printable(path: str | os.PathLike[str]) -> str:
    """A path as text that is valid Unicode: bytes that are not UTF-8 become escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def is_utf8(path: str) -> bool:
    """Whether the name of a file is UTF-8 text; Python keeps other bytes as lone surrogates."""
    return path.isascii() or not any("\ud800" <= character <= "\udfff" for character in path)
