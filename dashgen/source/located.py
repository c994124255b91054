"""Plain data of a file together with the places of its values, whatever the file is written in."""

from typing import Any, Protocol, TypeAlias

from dashgen.core.diagnostics import Location

Path: TypeAlias = tuple[str | int, ...]


class Located(Protocol):
    """Data of a file together with the places of its values."""

    @property
    def file(self) -> str:
        """The file's name as it is shown to the user."""

    @property
    def data(self) -> Any:
        """The plain data."""

    def location(self, path: Path = (), *, key: bool = False) -> Location:
        """Where the value at ``path``, or with ``key`` its key, stands."""
