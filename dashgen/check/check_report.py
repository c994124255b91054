"""The findings about one file, by path into its data."""

from collections.abc import Iterable
from pathlib import Path as FilePath
from typing import Any

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Location, Related, Severity
from dashgen.core.json_values import Json, mapping
from dashgen.query.required_versions import TargetServers
from dashgen.source.located import Located, Path

__all__ = ["Located", "Path", "Report", "entries", "text_of"]


class Report(Struct):
    """The findings of one file; checks add to it and never raise.

    ``targets`` are the servers that its queries are for; None when they are not known, or the queries were
    checked before.
    """

    document: Located
    path: FilePath = FilePath()
    problems: list[Diagnostic] = []
    targets: TargetServers | None = None

    @property
    def data(self) -> Any:
        """The file's data."""
        return self.document.data

    def value(self, path: Path) -> Any:
        """The value at a path; None when there is none."""
        data = self.data
        for step in path:
            if isinstance(data, list) and isinstance(step, int):
                data = data[step] if step < len(data) else None
            else:
                data = mapping(data).get(str(step))
        return data

    def place(self, path: Path, *, key: bool = False) -> Location:
        """The location of the value at ``path``, or with ``key`` that of its key."""
        return self.document.location(path, key=key)

    def error(self, rule: str, path: Path, message: str, hint: str = "", *, key: bool = False) -> None:
        """Report what stops Grafana, locks a provider, breaks a panel or is dropped silently."""
        self.problems.append(Diagnostic(rule, message, self.place(path, key=key), hint))

    def warning(self, rule: str, path: Path, message: str, hint: str = "", *, key: bool = False) -> None:
        """Report what works, but is likely to surprise."""
        location = self.place(path, key=key)
        self.problems.append(Diagnostic(rule, message, location, hint, Severity.WARNING))

    def info(self, rule: str, path: Path, message: str, hint: str = "") -> None:
        """Report what a reader may want to know."""
        self.problems.append(Diagnostic(rule, message, self.place(path), hint, Severity.INFO))

    def duplicate(self, rule: str, path: Path, message: str, first: Location, hint: str = "") -> None:
        """Report a second definition, with the location of the first one."""
        related = (Related("the first one is here", first),)
        self.problems.append(Diagnostic(rule, message, self.place(path), hint, related=related))


def entries(value: object) -> Iterable[tuple[int, Json]]:
    """The mappings of a list with their indices; nothing if it is not a list."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield index, item


def text_of(value: object) -> str:
    """A scalar as Grafana reads it into a text field; empty for null, lists and mappings."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (str, int, float)) else ""
