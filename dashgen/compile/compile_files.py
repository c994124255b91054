"""Compile many dashboard files: one after the other, or in several processes."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from dashgen.compile.compilation import Compilation, CompileRequest, file_record
from dashgen.compile.compile_dashboards import CompiledDashboard, Compiler
from dashgen.compile.prepare import ProjectSpecs
from dashgen.compile.project_documents import BUDGET, DASHBOARD, too_much_work
from dashgen.compile.spill import Slice, Spill
from dashgen.core.diagnostics import Diagnostic, Location, Severity
from dashgen.core.diagnostics.rule_table import is_structural
from dashgen.core.errors import DashgenError
from dashgen.core.forked_work import forked_results, usable_processors
from dashgen.source.load import load_file
from dashgen.source.work import MAX_BUILD
from dashgen.workspace.build_cache import Cache
from dashgen.workspace.build_records import CompiledFile, DashboardSummary
from dashgen.workspace.input_files import SpecFile

WORTH_A_PROCESS = 60


class CompiledBatch(msgspec.Struct):
    """What a list of files became, as a worker sends it: each file by name, and where the contents wait."""

    files: dict[str, CompiledFile] = {}
    contents: dict[str, Slice] = {}


def processes_for(files: int, chosen: int | None) -> int:
    """How many processes are worth their start: one for `WORTH_A_PROCESS` files, at most one a processor."""
    if chosen is not None:
        return max(1, min(chosen, files or 1))
    return max(1, min(usable_processors(), files // WORTH_A_PROCESS))


def compile_dashboard_files(
    specs: ProjectSpecs, request: CompileRequest, cache: Cache | None, compilation: Compilation
) -> None:
    """Compile all dashboards of a project but those in the cache; files and findings join the compilation.

    Raises:
        DashgenError: the temporary folder is full, or a worker was killed.
    """
    before, work_before = len(compilation.diagnostics), specs.compiler.scope.work.done
    cached = cache.files if cache is not None and cache.shared == specs.digest else {}
    changed = []
    for file in specs.files:
        entry = cached.get(file.name)
        if entry is not None and entry.sha256 == file.sha256 and _is_written(entry, request):
            compilation.files[file.name] = entry
        else:
            changed.append(file)
    processes = processes_for(len(changed), request.processes)
    batch = _compile_batch(changed, specs.compiler, compilation, processes)
    for name, compiled in batch.files.items():
        compiled.used = specs.used[name]
    compilation.files |= batch.files
    compilation.contents |= batch.contents
    for name in sorted(compilation.files):
        compilation.add_file(compilation.files[name])
    compilation.add_file(_compile_mixed(specs, compilation))
    # Work that other processes and earlier builds did counts too, so the verdict is the same however a build
    # is made.
    work = {name: file.work for name, file in compilation.files.items()}
    exceeded = work_before + sum(work.values()) > MAX_BUILD
    if exceeded and all(d.rule != BUDGET for d in compilation.diagnostics):
        compilation.diagnostics.append(too_much_work(Location(max(sorted(work), key=work.__getitem__))))
    errors = [one for one in compilation.diagnostics[before:] if one.severity is Severity.ERROR]
    summarised = {summary.location.file for summary in compilation.summaries}
    files = {one.location.file if one.location else "" for one in errors if is_structural(one.rule)}
    if files - summarised:
        # A dashboard of which not even a summary could be made is not known to the others, nor are its panels
        # to alerts.
        specs.documents.unread.add(DASHBOARD)


def _is_written(file: CompiledFile, request: CompileRequest) -> bool:
    """Whether the output has all files of a cache's entry, so that nobody needs their contents."""
    if not request.contents:
        return True
    return all(request.present.get(record.path) == record.sha256 for record in file.records)


def _compile_mixed(specs: ProjectSpecs, compilation: Compilation) -> CompiledFile:
    """The dashboards that share a file with documents of other kinds, which were read before."""
    problems: list[Diagnostic] = []
    compiled = specs.compiler.all(specs.documents.dashboards, problems)
    spill = Spill(compilation.folder / "shared")
    contents: dict[str, Slice] = {}
    file = _compiled_file(compiled, problems, spill, compilation.present, contents)
    spill.close()
    compilation.contents |= contents
    return file


def _compile_batch(
    files: Sequence[SpecFile], compiler: Compiler, compilation: Compilation, processes: int
) -> CompiledBatch:
    folder, present = compilation.folder, compilation.present
    if processes <= 1:
        return _compile(files, compiler, Spill(folder / "0"), present)
    return _in_processes(files, compiler, folder, present, processes)


def _compile(
    files: Sequence[SpecFile], compiler: Compiler, spill: Spill, present: Mapping[str, str]
) -> CompiledBatch:
    batch = CompiledBatch()
    try:
        work = compiler.scope.work
        for file in files:
            if work.done > MAX_BUILD:
                finding = too_much_work(Location(file.name))
                batch.files[file.name] = CompiledFile(file.sha256, diagnostics=[finding])
                break
            before = work.done
            dashboards, problems = compiler.file(load_file(file.path, file.name))
            compiled = _compiled_file(dashboards, problems, spill, present, batch.contents)
            compiled.sha256, compiled.work = file.sha256, work.done - before
            batch.files[file.name] = compiled
        spill.close()
    except OSError as error:
        raise DashgenError(
            f"cannot write to the temporary folder: {(error.strerror or str(error)).lower()}"
        ) from None
    return batch


def _compiled_file(
    dashboards: Sequence[CompiledDashboard | DashboardSummary],
    problems: list[Diagnostic],
    spill: Spill,
    present: Mapping[str, str],
    contents: dict[str, Slice],
) -> CompiledFile:
    """What the dashboards of a file became; contents that the output lacks go to the spill file."""
    records, summaries = [], []
    for dashboard in dashboards:
        if isinstance(dashboard, DashboardSummary):
            summaries.append(dashboard)
            continue
        summaries.append(dashboard.summary)
        for artifact in (dashboard.artifact, *dashboard.manifests):
            record = file_record(artifact)
            records.append(record)
            if present.get(record.path) != record.sha256:
                contents[record.path] = spill.add(artifact.content)
    return CompiledFile(records=records, summaries=summaries, diagnostics=problems)


def _in_processes(
    files: Sequence[SpecFile], compiler: Compiler, folder: Path, present: Mapping[str, str], processes: int
) -> CompiledBatch:
    shares = [(start, files[start::processes]) for start in range(processes)]

    def compiled(share: tuple[int, Sequence[SpecFile]]) -> list[bytes]:
        number, own = share
        return [msgspec.msgpack.encode(_compile(own, compiler, Spill(folder / str(number)), present))]

    sent = dict(forked_results(shares, compiled))
    batch = CompiledBatch()
    # In the order of the shares, whichever was done first.
    for number in sorted(sent):
        part = msgspec.msgpack.decode(sent[number], type=CompiledBatch)
        batch.files |= part.files
        batch.contents |= part.contents
    return batch
