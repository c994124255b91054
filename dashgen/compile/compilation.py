"""A compilation as a value: what compiling takes, and what comes out of it."""

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from msgspec import Struct, field

from dashgen.compile.outputs.artifact import Artifact
from dashgen.compile.project_documents import Documents
from dashgen.compile.spill import Slice, SpillReader
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.errors import DashgenError
from dashgen.model.settled_alerts import SettledGroup
from dashgen.model.settled_scalers import SettledScaler
from dashgen.workspace.build_records import CompiledFile, DashboardSummary, FileRecord, Owned
from dashgen.workspace.lock_file import Lock, Removed


class CompileRequest(Struct, frozen=True):
    """How to compile a project.

    Attributes:
        form: the form of dashboard files.
        present: the hashes of the files that the output has already; their contents need not be kept.
        lock: what dashgen owned before; what of it is not built any more leaves a tombstone.
        processes: how many processes share the work; decided by the amount when absent.
        contents: whether the files are wanted too, not only the findings.
    """

    form: str = "classic"
    present: Mapping[str, str] = {}
    lock: Lock = field(default_factory=Lock)
    processes: int | None = None
    contents: bool = True


class OtherFiles(Struct):
    """The files beside the dashboards, the settled rule groups and scalers, and what was removed for good."""

    artifacts: list[Artifact] = []
    groups: list[SettledGroup] = []
    scalers: list[SettledScaler] = []
    removed: list[Removed] = []
    diagnostics: list[Diagnostic] = []


class Compilation(Struct):
    """Every file of the output, in memory or in a temporary folder that `close` removes, and all findings.

    Attributes:
        folder: the temporary folder.
        records: every file of the output by path.
        contents: the content of each, or where it waits; those that the output has already are missing.
        summaries: what specs may refer to of each dashboard.
        diagnostics: all findings.
        files: what each file of dashboards became, by name.
        shared: the hash of everything that dashboards depend on.
        others: the files beside the dashboards.
        documents: the documents that are not dashboards.
    """

    folder: Path
    present: Mapping[str, str] = {}
    records: dict[str, FileRecord] = {}
    contents: dict[str, bytes | Slice] = {}
    summaries: list[DashboardSummary] = []
    diagnostics: list[Diagnostic] = []
    files: dict[str, CompiledFile] = {}
    shared: str = ""
    others: OtherFiles = field(default_factory=OtherFiles)
    documents: Documents = field(default_factory=Documents)
    reader: SpillReader = field(default_factory=SpillReader)

    def content(self, path: str) -> bytes:
        """The bytes of a file of the output.

        Raises:
            KeyError: the output already has this file, so its content was not kept.
            OSError: the temporary folder is gone.
        """
        content = self.contents[path]
        return content if isinstance(content, bytes) else self.reader.read(content)

    def add_file(self, file: CompiledFile) -> None:
        """Take over what a file of dashboards became."""
        self.diagnostics += file.diagnostics
        self.summaries += file.summaries
        self.records.update((record.path, record) for record in file.records)

    def add_artifacts(self, artifacts: Iterable[Artifact]) -> None:
        """Take over files that are small enough to wait in memory."""
        for artifact in artifacts:
            self.records[artifact.path] = file_record(artifact)
            self.contents[artifact.path] = artifact.content

    def close(self) -> None:
        """Remove the temporary folder."""
        self.reader.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def file_record(artifact: Artifact) -> FileRecord:
    """The record of a file, by which the output, the lock and the cache know it."""
    owned = tuple(Owned(r.kind, r.uid, r.title, r.location.file) for r in artifact.resources)
    return FileRecord(artifact.path, sha256(artifact.content).hexdigest(), owned)


def temporary_folder() -> Path:
    """A new folder for contents that wait to be written.

    Raises:
        DashgenError: there is no room for it.
    """
    try:
        return Path(tempfile.mkdtemp(prefix="dashgen-"))
    except OSError as error:
        raise DashgenError(
            f"cannot make a temporary folder: {(error.strerror or str(error)).lower()}"
        ) from None
