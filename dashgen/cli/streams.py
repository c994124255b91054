"""What leaves for a terminal: the last place where a secret that was read could be shown."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from dashgen.diagnostics.redaction import without_known


class SafeStream:
    """A text stream that shows no secret that the process has read, and takes text that its encoding has not.

    It has no ``buffer``: nothing goes around it.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text; characters that the encoding has not become escapes."""
        text = without_known(text)
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
