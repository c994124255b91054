"""Where subjects of lint rules are written: in a spec, or in a file that somebody else made."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from msgspec import Struct

from dashgen.check.check_queries import character_location
from dashgen.check.check_report import Report
from dashgen.check.lint.lint_finding import FileEdit
from dashgen.core.diagnostics import Location, Related
from dashgen.core.json_values import ABSENT, at
from dashgen.source.edit import Edit, Remove, SetValue
from dashgen.source.provenance import FaultLocation, Origin, Resolved
from dashgen.source.source import Path


class Place(Protocol):
    """Where a subject is written; keys are those of specs, below the subject."""

    @property
    def file(self) -> str:
        """The file, as it is shown to the user."""

    @property
    def value(self) -> Any:
        """The plain data of the subject, as it is written; `ABSENT` if it is not."""

    def below(self, *keys: str | int) -> "Place":
        """The place of a part of the subject."""

    def location(self, keys: Path = (), *, is_key: bool = False) -> Location:
        """The location of a value, or with ``is_key`` of its key; of what is around it if there is none."""

    def character(self, keys: Path, offset: int, text: str) -> Location:
        """The location of a character of the text that stands at ``keys``."""

    def fault(self, keys: Path, offset: int, text: str) -> FaultLocation:
        """Where a finding about a character points, or about the value as a whole when the offset is -1."""

    def related(self, keys: Path = ()) -> tuple[Related, ...]:
        """The lines that used the components that a value comes through."""

    def set(self, keys: Path, value: object) -> tuple[FileEdit, ...]:
        """The edit that writes a value; none where nothing can be edited."""

    def remove(self, keys: Path) -> tuple[FileEdit, ...]:
        """The edit that removes a value; none where nothing can be edited."""


class SpecPlace(Struct, frozen=True):
    """A part of a resolved spec."""

    resolved: Resolved
    path: Path = ()

    @property
    def file(self) -> str:
        """The file, as it is shown to the user."""
        return self.resolved.file

    def below(self, *keys: str | int) -> "SpecPlace":
        """The place of a part of the subject."""
        return SpecPlace(self.resolved, (*self.path, *keys))

    @property
    def value(self) -> Any:
        """The plain data of the part; `ABSENT` if it is not written."""
        return at(self.resolved.data, self.path)

    def location(self, keys: Path = (), *, is_key: bool = False) -> Location:
        """The location of a value, or with ``is_key`` of its key; of what is around it if there is none."""
        return self.origin(keys).location(key=is_key)

    def character(self, keys: Path, offset: int, text: str) -> Location:
        """The location of a character of the text that stands at ``keys``."""
        return self.origin(keys).character(offset, text)

    def fault(self, keys: Path, offset: int, text: str) -> FaultLocation:
        """Where a finding about a character points, or about the value as a whole when the offset is -1."""
        return self.origin(keys).fault(offset, text)

    def related(self, keys: Path = ()) -> tuple[Related, ...]:
        """The lines that used the components that a value comes through."""
        return self.origin(keys).related()

    def set(self, keys: Path, value: object) -> tuple[FileEdit, ...]:
        """The edit that writes a value; none over an expression.

        A value that is written stands where its origin is, perhaps in a component; a new key goes to the
        subject itself.
        """
        path = (*self.path, *keys)
        origin = self.resolved.origin(path)
        current = at(self.resolved.data, path)
        # What an expression made is not written back over it.
        if current is not ABSENT and at(origin.document.data, origin.path) != current:
            return ()
        return self._edits(origin, SetValue(origin.path, value))

    def remove(self, keys: Path) -> tuple[FileEdit, ...]:
        """The edit that removes a value where it is written."""
        origin = self.resolved.origin((*self.path, *keys))
        is_written = at(origin.document.data, origin.path) is not ABSENT
        return self._edits(origin, Remove(origin.path)) if is_written else ()

    def origin(self, keys: Path = ()) -> Origin:
        """Where a value was written; where what is around it was, if there is none."""
        steps = (*self.path, *keys)
        for length in range(len(steps), len(self.path), -1):
            if _is_at(self.resolved.data, steps[:length]):
                return self.resolved.origin(steps[:length])
        return self.resolved.origin(self.path)

    @staticmethod
    def _edits(origin: Origin, edit: Edit) -> tuple[FileEdit, ...]:
        if origin.document.shipped:
            return ()
        return (FileEdit(origin.document.file, origin.document.index, edit),)


def _is_at(data: object, path: Path) -> bool:
    return at(data, path) is not ABSENT


_JSON_KEYS: Final[Mapping[str, Path]] = {
    "alert": ("alert",),
    "decimals": ("fieldConfig", "defaults", "decimals"),
    "legend": ("legendFormat",),
    "max": ("fieldConfig", "defaults", "max"),
    "min": ("fieldConfig", "defaults", "min"),
    "query": ("expr",),
    "thresholds": ("fieldConfig", "defaults", "thresholds"),
    "unit": ("fieldConfig", "defaults", "unit"),
    "color": ("fieldConfig", "defaults", "color"),
    "include_all": ("includeAll",),
    "all_value": ("allValue",),
}
"""Where Grafana's JSON has what specs have under other keys."""


class FilePlace(Struct, frozen=True):
    """A part of a file of Grafana, Prometheus or Loki, which is not edited."""

    report: Report
    path: Path = ()

    @property
    def file(self) -> str:
        """The file, as it is shown to the user."""
        return self.report.place(()).file

    @property
    def value(self) -> Any:
        """The plain data of the part."""
        return at(self.report.data, self.path)

    def below(self, *keys: str | int) -> "FilePlace":
        """The place of a part of the subject."""
        return FilePlace(self.report, (*self.path, *keys))

    def location(self, keys: Path = (), *, is_key: bool = False) -> Location:
        """The location of a value, or with ``is_key`` of its key; of what is around it if there is none."""
        return self.report.place(self._path(keys), key=is_key)

    def character(self, keys: Path, offset: int, text: str) -> Location:
        """The location of a character of the text that stands at ``keys``."""
        return character_location(self.report, self._path(keys), text, offset)

    def fault(self, keys: Path, offset: int, text: str) -> FaultLocation:
        """Where a finding about a character points, or about the value as a whole when the offset is -1."""
        return FaultLocation(self.character(keys, offset, text) if offset >= 0 else self.location(keys))

    def related(self, _keys: Path = ()) -> tuple[Related, ...]:
        """Nothing: files have no components."""
        return ()

    def set(self, _keys: Path, _value: object) -> tuple[FileEdit, ...]:
        """Nothing: the file belongs to somebody else."""
        return ()

    def remove(self, _keys: Path) -> tuple[FileEdit, ...]:
        """Nothing: the file belongs to somebody else."""
        return ()

    def _path(self, keys: Path) -> Path:
        for spelling in (keys, _json_path(keys)):
            if _is_at(self.report.data, (*self.path, *spelling)):
                return (*self.path, *spelling)
        return self.path


def _json_path(keys: Path) -> Path:
    return tuple(step for key in keys for step in _JSON_KEYS.get(str(key), (key,)))
