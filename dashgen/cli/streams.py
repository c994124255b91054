"""What leaves for a terminal: the last place where a secret or a control character of somebody else could be shown."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, TextIO

from dashgen.core.diagnostics.known_secrets import without_known

_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]|\x1b(?!\\[[0-9;]*[mK])")
"""All but line ends, tabs, and the colours and erased lines of dashgen's own."""
_DIRECTION: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")


class SafeStream:
    """A text stream that shows no secret that the process has read, steers no terminal, and takes text of any encoding.

    Messages are cleaned where they are made, each foreign part on its own (`dashgen.core.diagnostics.frame.clean`); here only what
    got through is caught. What turns the direction of writing is taken out for terminals alone, because patches and specs are
    written to files this way, too. It has no ``buffer``: nothing goes around it.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text; characters that the encoding has not become escapes."""
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
def safe_streams() -> Iterator[None]:
    """Let everything that is printed pass `SafeStream`."""
    before = sys.stdout, sys.stderr
    safe: tuple[Any, Any] = (SafeStream(sys.stdout), SafeStream(sys.stderr))
    sys.stdout, sys.stderr = safe
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def drop_output() -> None:
    """Leave nothing that could not be written to the end of the interpreter, which would show a traceback."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
