"""The streams that commands print to, which hide secrets and control characters as a last resort."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO, Final, TextIO

from dashgen.core.diagnostics.known_secrets import without_known
from dashgen.core.errors import DashgenError
from dashgen.core.lazy_pattern import lazy_pattern

_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
_CONTROL: Final = lazy_pattern(
    "[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]|\x1b(?!\\[[0-9;]*[mK])"
)
"""All control characters but line ends, tabs, and dashgen's own colours and erased lines."""
_DIRECTION: Final = lazy_pattern("[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of writing, with which a text can be made to look like another."""


class SafeStream:
    """A text stream that shows no secret of the process, controls no terminal, and takes any character.

    Messages are cleaned where they are made, each foreign part on its own
    (`dashgen.core.diagnostics.frame.clean`); this catches what got through. Characters of direction are
    replaced on terminals only, because patches and specs are printed into files too, and have to stay as they
    are. There is no ``buffer``, so that nothing can be written around it.

    Args:
        stream: where the text goes.
        before_write: called before each text, to take away what else is on the terminal.
    """

    def __init__(self, stream: TextIO, before_write: Callable[[], None] | None = None) -> None:
        self._stream = stream
        self._before_write = before_write

    def write(self, text: str) -> int:
        """Write text; characters that the encoding lacks become escapes."""
        if self._before_write is not None:
            self._before_write()
        text = _CONTROL.sub(_REPLACEMENT, without_known(text))
        if not text.isascii() and self._stream.isatty():
            text = _DIRECTION.sub(_REPLACEMENT, text)
        try:
            return self._stream.write(text)
        except UnicodeEncodeError:
            encoding = self._stream.encoding or "ascii"
            return self._stream.write(text.encode(encoding, "backslashreplace").decode(encoding))

    def writelines(self, lines: Iterator[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":
            raise AttributeError(name)
        return getattr(self._stream, name)


@contextmanager
def safe_streams(before_write: Callable[[], None] | None = None) -> Iterator[None]:
    """Replace stdout and stderr by `SafeStream`."""
    before = sys.stdout, sys.stderr
    safe: tuple[Any, Any] = (SafeStream(sys.stdout, before_write), SafeStream(sys.stderr, before_write))
    sys.stdout, sys.stderr = safe
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def drop_output() -> None:
    """Discard what stdout could not write; the interpreter would try again at its end, with a traceback."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def protocol_streams() -> tuple[BinaryIO, BinaryIO]:
    """The bytes of stdin and stdout, for a command that talks to a program: a terminal sees nothing of it.

    Raises:
        DashgenError: one of them is closed.
    """
    if sys.__stdin__ is None or sys.__stdout__ is None:
        raise DashgenError("this command talks over stdin and stdout, and one of them is closed")
    # Files of their own, which the command may close.
    return (
        open(sys.__stdin__.fileno(), "rb", closefd=False),
        open(sys.__stdout__.fileno(), "wb", closefd=False),
    )
