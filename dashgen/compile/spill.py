"""Where file contents wait between compiling and writing: a temporary file, so that memory stays flat.

Nothing is written to the output before everything compiled; a thousand dashboards would else wait in memory.
"""

import os
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct


class Slice(Struct, frozen=True):
    """Some bytes in a spill file."""

    file: str
    offset: int
    size: int


class Spill:
    """An append-only temporary file."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        self._end = 0
        self._file: BinaryIO | None = None

    def add(self, content: bytes) -> Slice:
        """Keep some bytes.

        Raises:
            OSError: the disk is full or the folder is gone.
        """
        if self._file is None:
            self._file = open(self.path, "wb", buffering=1 << 20)  # noqa: SIM115, PTH123  # closed by close()
        self._file.write(content)
        part = Slice(self.path, self._end, len(content))
        self._end += len(content)
        return part

    def close(self) -> None:
        """Finish writing, so that `read` sees everything."""
        if self._file is not None:
            self._file.close()
            self._file = None


class SpillReader:
    """Reads slices; each spill file is opened once."""

    def __init__(self) -> None:
        self._descriptors: dict[str, int] = {}

    def read(self, part: Slice) -> bytes:
        """The bytes of a slice.

        Raises:
            OSError: the spill file cannot be read.
        """
        descriptor = self._descriptors.get(part.file)
        if descriptor is None:
            descriptor = self._descriptors[part.file] = os.open(part.file, os.O_RDONLY)
        return os.pread(descriptor, part.size, part.offset)

    def close(self) -> None:
        """Close the files."""
        while self._descriptors:
            os.close(self._descriptors.popitem()[1])
