"""What comes out of compiling: files, what they own, and what other specs may refer to."""

from collections.abc import Iterable

import msgspec

from dashgen.core.diagnostics import Diagnostic, Location


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


def count_resources(records: Iterable[FileRecord]) -> dict[str, int]:
    """How many resources of each kind there are, as people count them.

    An alert rule is in several files and is one rule; a contact point has a uid for each of its
    receivers, and is counted by its name.
    """
    resources = {
        (owned.kind, owned.title if owned.kind == "contact-point" else owned.uid)
        for record in records
        for owned in record.owned
    }
    counts: dict[str, int] = {}
    for kind, _ in sorted(resources):
        counts[kind] = counts.get(kind, 0) + 1
    return counts


class DashboardSummary(msgspec.Struct, frozen=True):
    """What other specs may refer to: a dashboard's uid, title, folder, and the ids of its panels by key.

    ``location`` is that of the title; the uid and the folder have their own where the spec, or a default,
    gives them. A ``partial`` one has an error: it has no file, and perhaps more panels.
    """

    uid: str
    title: str
    folder: str | None
    location: Location
    panels: dict[str, int]
    dashboards: tuple[tuple[str, Location], ...] = ()
    uid_location: Location | None = None
    folder_location: Location | None = None
    partial: bool = False


class CompiledFile(msgspec.Struct):
    """What the dashboards of one spec file became; a build remembers it until the file changes.

    Attributes:
        sha256: the hash of the spec file's text; empty when it will not be looked up.
        records: the files of the output that its dashboards became.
        summaries: what other specs may refer to of these dashboards.
        diagnostics: what is wrong with the spec file.
        work: how much its expressions did, in the weights of `dashgen.source.work`.
        used: the components that it uses, as far as its text tells (`dashgen.compile.rule_users`).
    """

    sha256: str = ""
    records: list[FileRecord] = []
    summaries: list[DashboardSummary] = []
    diagnostics: list[Diagnostic] = []
    work: int = 0
    used: tuple[str, ...] = ()
