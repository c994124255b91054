"""From spec files to the files of the output, in memory: everything but writing them."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from dashgen.compile.compile_files import compile_files, keep, processes_for
from dashgen.compile.compile_others import Others, check_others, compile_others, folder_paths
from dashgen.compile.crosschecks import check_dashboards
from dashgen.compile.follow_ups import without_consequences, without_follow_ups
from dashgen.compile.prepare import Prepared, prepare
from dashgen.compile.project_documents import BUDGET, DASHBOARD, Documents, too_much_work
from dashgen.compile.spill import Reader, Slice, Spill
from dashgen.compile.suppressions import weighed
from dashgen.compile.unused_components import unused_faults
from dashgen.core.diagnostics import Diagnostic, Location, Severity, arrange
from dashgen.core.diagnostics.rule_table import is_structural
from dashgen.core.errors import DashgenError
from dashgen.source.work import MAX_BUILD
from dashgen.workspace.build_cache import Cache, CachedFile
from dashgen.workspace.build_records import DashboardSummary, FileOutcome, FileRecord, Owned
from dashgen.workspace.input_files import SpecFile
from dashgen.workspace.lock_file import Lock
from dashgen.workspace.workspace import Workspace


@dataclass(slots=True)
class Compilation:
    """Every file of the output, in memory or in a temporary folder that `close` removes, and all findings."""

    folder: Path
    present: Mapping[str, str] = field(default_factory=dict)
    records: dict[str, FileRecord] = field(default_factory=dict)
    contents: dict[str, bytes | Slice] = field(default_factory=dict)
    summaries: list[DashboardSummary] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    files: dict[str, CachedFile] = field(default_factory=dict)
    shared: str = ""
    others: Others = field(default_factory=Others)
    documents: Documents = field(default_factory=Documents)
    reader: Reader = field(default_factory=Reader)

    def content(self, path: str) -> bytes:
        """The bytes of a file of the output.

        Raises:
            KeyError: the output already has this file, so its content was not kept.
            OSError: the temporary folder is gone.
        """
        kept = self.contents[path]
        return kept if isinstance(kept, bytes) else self.reader.read(kept)

    def close(self) -> None:
        """Remove the temporary folder."""
        self.reader.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Request:
    """How to compile: the form of dashboards, what the output has already, what dashgen owned, and processes.

    Without ``contents`` only the findings are wanted.
    """

    form: str = "classic"
    present: Mapping[str, str] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    processes: int | None = None
    contents: bool = True


def compile_project(
    workspace: Workspace, files: list[SpecFile], request: Request, cache: Cache | None = None
) -> Compilation:
    """Compile a project.

    Args:
        workspace: the project.
        files: its spec files.
        request: how.
        cache: the memory of an earlier build with the same key.

    Raises:
        DashgenError: there is no room for temporary files.
    """
    result = Compilation(_temporary_folder(), request.present)
    try:
        _compile(workspace, files, request, cache, result)
    except BaseException:
        result.close()
        raise
    result.diagnostics = arrange(result.diagnostics)
    return result


def _temporary_folder() -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix="dashgen-"))
    except OSError as error:
        raise DashgenError(
            f"cannot make a temporary folder: {(error.strerror or str(error)).lower()}"
        ) from None


def _compile(
    workspace: Workspace, files: list[SpecFile], request: Request, cache: Cache | None, result: Compilation
) -> None:
    prepared = prepare(workspace, files, request.form, cache.files if cache is not None else {})
    documents, sources = prepared.documents, prepared.compiler.context.sources
    result.diagnostics += prepared.diagnostics
    result.shared = prepared.digest
    result.documents = documents
    before = len(result.diagnostics)
    _dashboards(prepared, request, cache, result)
    found = result.diagnostics[before:]
    if any(one.severity is Severity.ERROR and is_structural(one.rule) for one in found):
        # A dashboard that is wrong is not known to the others, nor are its panels to alerts.
        documents.unread.add(DASHBOARD)
    result.diagnostics += check_dashboards(result.summaries, folder_paths(documents))
    result.others = compile_others(documents, workspace, result.summaries, sources, request.lock)
    # Rules are typed one by one, after their documents.
    broken = [origin for document in documents.of("AlertRules") for origin in document.resolved.broken]
    broken += [origin for one in documents.broken for origin in one.broken]
    found = without_consequences(result.others.diagnostics, broken)
    result.diagnostics = without_follow_ups([*result.diagnostics, *found], documents.unread)
    result.diagnostics += check_others(
        result.others, documents, result.summaries, sources, result.diagnostics
    )
    result.diagnostics += unused_faults(documents.components, files)
    result.diagnostics = weighed(result.diagnostics, workspace, files)
    for artifact in result.others.artifacts:
        owned = tuple(Owned(r.kind, r.uid, r.title, r.location.file) for r in artifact.resources)
        result.records[artifact.path] = FileRecord(artifact.path, sha256(artifact.content).hexdigest(), owned)
        result.contents[artifact.path] = artifact.content


def _dashboards(prepared: Prepared, request: Request, cache: Cache | None, result: Compilation) -> None:
    known = cache.files if cache is not None and cache.shared == prepared.digest else {}
    todo = []
    for file in prepared.files:
        entry = known.get(file.name)
        if entry is not None and entry.sha256 == file.sha256 and _still_there(entry.outcome, request):
            result.files[file.name] = entry
        else:
            todo.append(file)
    processes = processes_for(len(todo), request.processes)
    before = prepared.compiler.scope.work.done
    batch = compile_files(todo, prepared.compiler, result.folder, request.present, processes)
    hashes = {file.name: file.sha256 for file in todo}
    for name, outcome in batch.outcomes.items():
        result.files[name] = CachedFile(hashes[name], outcome)
    result.contents |= batch.contents
    spill = Spill(result.folder / "shared")
    problems: list[Diagnostic] = []
    compiled = prepared.compiler.all(prepared.documents.dashboards, problems)
    outcomes = [result.files[name].outcome for name in sorted(result.files)]
    kept: dict[str, Slice] = {}
    outcomes.append(keep(compiled, problems, spill, request.present, kept))
    spill.close()
    result.contents |= kept
    for outcome in outcomes:
        _add(outcome, result)
    # Work that other processes and earlier builds did counts too, so the verdict is the same however a build is made.
    work = {name: file.outcome.work for name, file in result.files.items()}
    if before + sum(work.values()) > MAX_BUILD and all(d.rule != BUDGET for d in result.diagnostics):
        result.diagnostics.append(too_much_work(Location(max(sorted(work), key=work.__getitem__))))


def _still_there(outcome: FileOutcome, request: Request) -> bool:
    if not request.contents:
        return True
    return all(request.present.get(record.path) == record.sha256 for record in outcome.records)


def _add(outcome: FileOutcome, result: Compilation) -> None:
    result.diagnostics += outcome.diagnostics
    result.summaries += outcome.summaries
    for record in outcome.records:
        result.records[record.path] = record
