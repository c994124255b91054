"""Read spec files: bytes to documents with positions."""

import os
import stat
from pathlib import Path as FilePath
from typing import Any

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Location, Span
from dashgen.core.errors import SpecError
from dashgen.source.convert import convert
from dashgen.source.source import Path, Source, compose
from dashgen.source.source_limits import CONTROL, MAX_BYTES

_LOSSES = frozenset(("yaml/key", "yaml/tag", "yaml/recursion", "yaml/merge"))
"""Findings after which the data is not what the author meant."""
_CONTROL_BYTES = bytes(code for code in (*range(32), 127) if code not in (9, 10, 13))


class Document(Struct):
    """One YAML document: its data, and the file and number that its positions are looked up with.

    A ``shipped`` one is part of dashgen: users cannot edit it, so findings are shown where it is used.
    """

    source: Source
    index: int
    data: Any
    shipped: bool = False

    @classmethod
    def empty(cls, file: str) -> "Document":
        """A document without keys, for data that exists in memory only: every location in it is its start."""
        return cls(compose(file, "{}\n"), 0, {})

    @property
    def file(self) -> str:
        """The file's name as it is shown to the user."""
        return self.source.file

    def location(self, path: Path = (), *, key: bool = False) -> Location:
        """Where the value at ``path``, or with ``key`` its key, stands."""
        return self.source.location(self.index, path, key=key)


class Loaded(Struct):
    """The documents of a file and what is wrong with it."""

    documents: list[Document] = []
    diagnostics: list[Diagnostic] = []


def load_text(file: str, text: str) -> Loaded:
    """Parse YAML text; never raises for what a user can write."""
    try:
        source = compose(file, text)
        data, diagnostics = convert(source)
    except SpecError as error:
        return Loaded(diagnostics=list(error.diagnostics))
    if any(diagnostic.rule in _LOSSES for diagnostic in diagnostics):
        # What was meant is lost, so findings about the rest would only confuse.
        return Loaded(diagnostics=diagnostics)
    return Loaded([Document(source, i, d) for i, d in enumerate(data)], diagnostics)


def load_file(path: FilePath | str, name: str) -> Loaded:
    """Read and parse one file; ``name`` is what diagnostics call it."""
    try:
        return load_text(name, read_text(path, name))
    except SpecError as error:
        return Loaded(diagnostics=list(error.diagnostics))


def read_text(path: FilePath | str, name: str) -> str:
    """The text of a UTF-8 file, without byte-order mark and with line feeds as line ends.

    Raises:
        SpecError: it cannot be read, is too large, is not UTF-8, or has control characters.
    """
    try:
        status = os.stat(path)  # a quarter of the time of pathlib's ways, for many files
        if stat.S_IFMT(status.st_mode) not in (stat.S_IFREG, stat.S_IFDIR):
            # Reading a pipe or a device might never end.
            message = "it is neither a file nor a folder"
            raise SpecError(Diagnostic("file/unreadable", message, Location(name), "remove it"))
        with open(path, "rb", buffering=0) as file:  # see above
            # Asking for so much at once that nothing fits beyond the limit would allocate it each time.
            raw = file.read(min(status.st_size, MAX_BYTES) + 1)
            if len(raw) > status.st_size:
                raw += file.read(MAX_BYTES + 1 - len(raw))
    except OSError as error:
        message = f"cannot read the file: {(error.strerror or str(error)).lower()}"
        raise SpecError(Diagnostic("file/unreadable", message, Location(name))) from None
    if len(raw) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 2**20} MB"
        hint = "split it: files may be anywhere under specs/"
        raise SpecError(Diagnostic("file/too-large", message, Location(name), hint))
    return decode(raw, name)


def decode(raw: bytes, name: str) -> str:
    """Bytes as text; see `read_text`."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        span = _place(raw[: error.start].decode("utf-8", "replace"))
        hint = "save it as UTF-8; `iconv -f latin1 -t utf-8` converts a Latin-1 file"
        message = "the file is not UTF-8 text"
        raise SpecError(Diagnostic("file/encoding", message, Location(name, span), hint)) from None
    # Deleting bytes is many times faster than searching for them; these two begin every other unfit
    # character.
    clean = (
        len(raw.translate(None, _CONTROL_BYTES)) == len(raw) and b"\xc2" not in raw and b"\xef\xbf" not in raw
    )
    bad = None if clean else CONTROL.search(text)
    if bad:
        message = f"the file has a control character (U+{ord(bad[0]):04X})"
        span = _place(text[: bad.start()])
        raise SpecError(Diagnostic("file/control-character", message, Location(name, span), "remove it"))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _place(before: str) -> Span:
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Span(line, column, line, column + 1)
