"""A build that has work to do."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dashgen.compile.pipeline import Compilation, CompileRequest
from dashgen.core.diagnostics import Diagnostic, Location, Severity, arrange, has_errors
from dashgen.core.errors import DashgenError
from dashgen.core.files.locking import one_at_a_time
from dashgen.project.build import BuildOptions, BuildReport, cache_key, project_bytes
from dashgen.project.build_journal import read_journal, with_journal
from dashgen.project.environments import compile_soundly, no_collection
from dashgen.project.stray_files import strays
from dashgen.project.write_output import OutputChanges, plan_changes, remove_leftovers, write_changes
from dashgen.workspace.build_cache import Cache, load_cache, observe, outputs_stand, save_cache
from dashgen.workspace.build_records import FileRecord
from dashgen.workspace.input_files import SpecFile, require_inside
from dashgen.workspace.lock_file import LOCK_FILE, Lock, dump, lock_bytes, make_lock, read_lock, with_files
from dashgen.workspace.workspace import Workspace, inside_specs, open_workspace

_PATIENCE: Final = 120.0


@no_collection()
def build_fully(root: Path, options: BuildOptions) -> BuildReport:
    """Compile a project and write its output, or with `check` only compare.

    Raises:
        DashgenError: files cannot be written.
    """
    with one_at_a_time(root, _PATIENCE, _say_waiting, shared=options.check):
        return _build(root, options)


def _say_waiting() -> None:
    sys.stderr.write("dashgen: waiting for another build of this project\n")


def _build(root: Path, options: BuildOptions) -> BuildReport:
    workspace = open_workspace(root, options.environment)
    files = workspace.spec_files()
    output = _output(workspace, options.output)
    lock, problems = read_lock(output, workspace.show(output / LOCK_FILE))
    journal = read_journal(output)
    lock = with_journal(lock, journal)
    if not options.check:
        remove_leftovers(output, journal.hashes)
    workspace.diagnostics += problems
    key = cache_key(root, options, project_bytes(root))
    cache = load_cache(root, key) if options.use_cache else None
    request = CompileRequest(
        form=options.form or workspace.project.format,
        present=present_outputs(output, cache),
        lock=lock,
        processes=options.processes,
    )
    compilation = compile_soundly(workspace, files, request, cache)
    try:
        return _finish(workspace, output, files, options, compilation, lock, key)
    finally:
        compilation.close()


def _output(workspace: Workspace, chosen: Path | None) -> Path:
    if chosen is None:
        return workspace.output()
    require_inside(chosen)
    if folder := inside_specs(workspace.root, workspace.project.specs, chosen):
        raise DashgenError(f"`{chosen}` is inside the spec folder `{folder}`; choose a folder beside it")
    return chosen.resolve()


def present_outputs(output: Path, cache: Cache | None) -> Mapping[str, str]:
    """The hashes of the files that are in the output and as they were written."""
    if cache is None:
        return {}
    return {path: file.sha256 for path, file in cache.outputs.items() if outputs_stand(output, {path: file})}


def _finish(
    workspace: Workspace,
    output: Path,
    files: list[SpecFile],
    options: BuildOptions,
    compilation: Compilation,
    lock: Lock,
    key: str,
) -> BuildReport:
    report = BuildReport(
        workspace.root, output, sorted(compilation.records.values(), key=lambda record: record.path)
    )
    records = {path: record for path, record in compilation.records.items() if _chosen(record, options)}
    owned = lock if not options.only else Lock()
    changes, problems = plan_changes(output, records, owned, workspace.show, compilation.present)
    report.diagnostics = arrange([*compilation.diagnostics, *problems])
    if report.failed:
        return report
    report.created, report.changed, report.deleted = changes.created, changes.changed, changes.deleted
    report.kept = sorted(changes.edited)
    if not options.only:
        report.strays = list(strays(output, {*compilation.records, *lock.files}))
    if options.only:
        after = with_files(lock, [records[path] for path in (*changes.created, *changes.changed)])
    else:
        after = make_lock(compilation.records.values(), compilation.others.removed, changes.edited)
    if report.strays and not options.check:
        report.diagnostics = arrange([*report.diagnostics, *_stray_files(workspace, report)])
    if options.check:
        _describe(output, changes, compilation, after, report)
        return report
    if not options.only or changes:
        write_changes(output, changes, compilation.content, after)
    if not options.only and not changes.edited:
        _remember(workspace, output, files, compilation, report, key)
    return report


def _stray_files(workspace: Workspace, report: BuildReport) -> list[Diagnostic]:
    message = "no spec makes this file, and servers read it all the same"
    hint = "delete it, or make a spec of it with `dashgen import`"
    return [
        Diagnostic(
            "output/stray", message, Location(workspace.show(report.output / path)), hint, Severity.WARNING
        )
        for path in report.strays
    ]


def _chosen(record: FileRecord, options: BuildOptions) -> bool:
    return not options.only or any(
        owned.kind == "dashboard" and owned.uid in options.only for owned in record.owned
    )


def _describe(
    output: Path, changes: OutputChanges, compilation: Compilation, after: Lock, report: BuildReport
) -> None:
    """Say in words what a build would change, and what it would leave though no spec makes it."""
    report.differences += [
        f"{path}: no spec makes this file, and it was edited by hand" for path in report.kept
    ]
    report.differences += [
        f"{path}: no spec makes this file, and servers would read it" for path in report.strays
    ]
    if changes:
        from dashgen.project.output_differences import output_differences  # noqa: PLC0415  # only when something differs

        report.found = output_differences(output, changes, compilation)
        report.differences += report.found.lines
    if not changes and lock_bytes(output) != dump(after):
        report.changed.append(LOCK_FILE)
        report.differences.append(f"{LOCK_FILE}: does not list what the specs say")


def _remember(
    workspace: Workspace,
    output: Path,
    files: list[SpecFile],
    compilation: Compilation,
    report: BuildReport,
    key: str,
) -> None:
    if has_errors(compilation.diagnostics):
        return
    lock = FileRecord(LOCK_FILE, "", ())
    env = {name: os.environ.get(name) for name in workspace.project.env}
    cache = Cache(
        key=key,
        output=str(output),
        specs=workspace.project.specs,
        env=env,
        shared=compilation.shared,
        inputs={file.name: file.sha256 for file in files},
        files=compilation.files,
        outputs=observe(output, [*report.records, lock]),
        records=report.records,
        diagnostics=report.diagnostics,
    )
    save_cache(workspace.root, cache)
