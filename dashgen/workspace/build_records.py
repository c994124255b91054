"""What comes out of compiling: files, what they own, and what other specs may refer to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from dashgen.core.diagnostics import Diagnostic, Location

JOURNAL_FILE: Final = ".dashgen.journal.json"


class Owned(msgspec.Struct, frozen=True):
    """A resource in a file: what the lock file remembers of it."""

    kind: str
    uid: str
    title: str
    spec: str


class FileRecord(msgspec.Struct, frozen=True):
    """A file of the output: its path below the output folder, its content's hash, and what it holds."""

    path: str
    sha256: str
    owned: tuple[Owned, ...]


class DashboardSummary(msgspec.Struct, frozen=True):
    """What other specs may refer to: a dashboard's uid, title, folder, and the ids of its panels by key.

    ``location`` is that of the title; the uid and the folder have their own where the spec, or a default, gives them.
    """

    uid: str
    title: str
    folder: str | None
    location: Location
    panels: dict[str, int]
    dashboards: tuple[tuple[str, Location], ...] = ()
    uid_location: Location | None = None
    folder_location: Location | None = None


class FileOutcome(msgspec.Struct):
    """What one spec file's dashboards became, and how much its expressions did."""

    records: list[FileRecord] = []
    summaries: list[DashboardSummary] = []
    diagnostics: list[Diagnostic] = []
    work: int = 0


@dataclass(slots=True)
class Outcome:
    """A finished compilation: every file of the output by path, and all findings."""

    records: dict[str, FileRecord] = field(default_factory=dict)
    contents: Mapping[str, bytes] = field(default_factory=dict)
    summaries: list[DashboardSummary] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
