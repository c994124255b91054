"""Contents of dashboards, read when somebody looks: of most nobody does, and all at once take much memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson

from dashgen.core.errors import DashgenError
from dashgen.core.files.regular import read_regular
from dashgen.core.json_values import Json

_AT_ONCE: Final = 16


class Content(Mapping[str, Any]):
    """The content of one file of the output, as if it were there.

    Args:
        load: reads it; it remembers what it read lately.
        path: the file.
        text: reads its text.
    """

    __slots__ = ("_load", "_path", "_text")

    def __init__(self, load: Callable[[str], Json], path: str, text: Callable[[str], bytes]) -> None:
        self._load = load
        self._path = path
        self._text = text

    def mentions(self, names: Iterable[bytes]) -> bool:
        """Whether its text has any of these names, which costs far less than a look at its values."""
        text = self._text(self._path)
        return any(name in text for name in names)

    def __getitem__(self, key: str) -> Any:
        return self._load(self._path)[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._load(self._path))

    def __len__(self) -> int:
        return len(self._load(self._path))


class Contents:
    """Where the files of a compilation are read: those compiled just now in memory, others in the output.

    Args:
        output: the folder of the output.
        hashes: the hash of each file.
        fresh: the bytes of those that were compiled just now.
    """

    def __init__(self, output: Path, hashes: Mapping[str, str], fresh: Mapping[str, bytes]) -> None:
        self._output = output
        self._hashes = hashes
        self._fresh = fresh
        # Keys are asked for one by one, mostly of the same content in a row.
        self._load = lru_cache(_AT_ONCE)(self._read)

    def of(self, path: str) -> Content:
        """The content of a file."""
        return Content(self._load, path, self._text)

    def _read(self, path: str) -> Json:
        """The file, decoded.

        Raises:
            DashgenError: it is not what was compiled any more.
        """
        data: Json = orjson.loads(self._text(path))
        return data

    def _text(self, path: str) -> bytes:
        """The text of the file.

        Raises:
            DashgenError: it is not what was compiled any more.
        """
        content = self._fresh.get(path)
        if content is None:
            try:
                content = read_regular(self._output / path)
            except OSError as error:
                raise _moved(path) from error
            # Another build may have replaced the file since this one was compared with the specs.
            if sha256(content).hexdigest() != self._hashes[path]:
                raise _moved(path)
        return content


def _moved(path: str) -> DashgenError:
    return DashgenError(f"`{path}` was changed while dashgen ran; run it again")
