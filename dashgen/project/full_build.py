"""A build that has work to do."""

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final, get_args

from msgspec import Struct

from dashgen.compile.pipeline import Compilation, CompileRequest
from dashgen.core.diagnostics import Diagnostic, Location, Severity, arrange, has_errors
from dashgen.core.errors import DashgenError
from dashgen.core.files.locking import one_at_a_time
from dashgen.model.project_file import KubernetesLayout
from dashgen.project.build import BuildOptions, BuildReport, cache_key, no_collection
from dashgen.project.build_journal import read_journal, with_journal
from dashgen.project.environments import compile_soundly
from dashgen.project.stray_files import strays
from dashgen.project.write_output import OutputChanges, plan_changes, remove_leftovers, write_changes
from dashgen.workspace.build_cache import Cache, load_cache, save_cache
from dashgen.workspace.build_records import FileRecord, count_resources
from dashgen.workspace.build_stamp import BuildStamp, hash_of_inputs, is_unchanged, observe, read_stamp
from dashgen.workspace.input_files import SpecFile
from dashgen.workspace.lock_file import LOCK_FILE, Lock, dump, lock_bytes, make_lock, read_lock, with_files
from dashgen.workspace.workspace import Workspace, inside_specs, open_workspace, require_inside

_PATIENCE: Final = 120.0


class PendingBuild(Struct):
    """A build that is compiled and not written yet; `close` removes the contents that wait.

    Attributes:
        workspace: the project.
        options: the options of the build.
        output: the folder that it writes.
        files: the spec files.
        lock: what dashgen owned before.
        compilation: what the specs say.
        key: of the stamp and the cache that it leaves.
    """

    workspace: Workspace
    options: BuildOptions
    output: Path
    files: list[SpecFile]
    lock: Lock
    compilation: Compilation
    key: str

    def close(self) -> None:
        """Remove the contents that wait."""
        self.compilation.close()


def build_fully(root: Path, options: BuildOptions) -> BuildReport:
    """Compile a project and write its output, or with `check` only compare.

    Raises:
        DashgenError: files cannot be written.
    """
    with building(root, options), closing(compile_build(root, options)) as pending:
        return finish_build(pending)


@contextmanager
def building(root: Path, options: BuildOptions) -> Iterator[None]:
    """Keep other builds of the project away, and the garbage collector.

    Raises:
        DashgenError: another build does not end.
    """
    with no_collection(), one_at_a_time(root, _PATIENCE, _say_waiting, shared=options.check):
        yield


def _say_waiting() -> None:
    sys.stderr.write("dashgen: waiting for another build of this project\n")


def compile_build(root: Path, options: BuildOptions) -> PendingBuild:
    """Compile a project for being written.

    Raises:
        DashgenError: there is no room for temporary files.
    """
    workspace = open_workspace(root, options.environment)
    if options.layouts:
        chosen = [layout for layout in get_args(KubernetesLayout) if layout in options.layouts]
        workspace.project.kubernetes.layouts = chosen
    files = workspace.spec_files()
    output = _output(workspace, options.output)
    lock, problems = read_lock(output, workspace.show(output / LOCK_FILE))
    journal = read_journal(output)
    lock = with_journal(lock, journal)
    # A check writes nothing, not even to tidy up after a build that was killed.
    if not options.check:
        remove_leftovers(output, journal.hashes)
    workspace.diagnostics += problems
    key = cache_key(root, options)
    cache = load_cache(root, key) if options.use_cache else None
    request = CompileRequest(
        form=options.form or workspace.project.format,
        present=present_outputs(root, output, key) if options.use_cache else {},
        lock=lock,
        processes=options.processes,
    )
    compilation = compile_soundly(workspace, files, request, cache)
    return PendingBuild(workspace, options, output, files, lock, compilation, key)


def _output(workspace: Workspace, chosen: Path | None) -> Path:
    if chosen is None:
        return workspace.output()
    require_inside(chosen)
    if folder := inside_specs(workspace.root, workspace.project.specs, chosen):
        raise DashgenError(f"`{chosen}` is inside the spec folder `{folder}`; choose a folder beside it")
    return chosen.resolve()


def present_outputs(root: Path, output: Path, key: str) -> dict[str, str]:
    """The hashes of the files that are in the output and as the build with this key wrote them."""
    stamp = read_stamp(str(root), key)
    written = stamp.outputs if stamp is not None else {}
    return {path: file.sha256 for path, file in written.items() if is_unchanged(str(output), path, file)}


def finish_build(build: PendingBuild) -> BuildReport:
    """Write what was compiled, or with `check` only compare.

    Raises:
        DashgenError: files cannot be written.
    """
    workspace, output, options, compilation = build.workspace, build.output, build.options, build.compilation
    report = BuildReport(
        workspace.root, output, sorted(compilation.records.values(), key=lambda record: record.path)
    )
    records = {path: record for path, record in compilation.records.items() if _is_chosen(record, options)}
    # With `--only` nothing counts as owned, so that nothing of the others is deleted.
    owned = build.lock if not options.only else Lock()
    changes, problems = plan_changes(output, records, owned, workspace.show, compilation.present)
    report.diagnostics = arrange([*compilation.diagnostics, *problems])
    if report.failed:
        return report
    report.created, report.changed, report.deleted = changes.created, changes.changed, changes.deleted
    report.edited = sorted(changes.edited)
    if options.only:
        after = with_files(build.lock, [records[path] for path in (*changes.created, *changes.changed)])
    else:
        report.strays = list(strays(output, {*compilation.records, *build.lock.files}))
        after = make_lock(compilation.records.values(), compilation.others.removed, changes.edited)
    if options.check:
        _describe(changes, compilation, after, report)
        return report
    findings = report.diagnostics
    report.diagnostics = arrange([*findings, *_stray_files(workspace, report)])
    if not options.only or changes:
        write_changes(output, changes, compilation.content, after)
    # A stamp vouches for the whole output, which it cannot when a part was built, or somebody edited a file.
    if not options.only and not changes.edited:
        _remember(build, report, after, findings)
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


def _is_chosen(record: FileRecord, options: BuildOptions) -> bool:
    return not options.only or any(
        owned.kind == "dashboard" and owned.uid in options.only for owned in record.owned
    )


def _describe(changes: OutputChanges, compilation: Compilation, after: Lock, report: BuildReport) -> None:
    """Describe what a build would change, and what it would leave though no spec makes it."""
    report.differences += [
        f"{path}: no spec makes this file, and it was edited by hand" for path in report.edited
    ]
    report.differences += [
        f"{path}: no spec makes this file, and servers would read it" for path in report.strays
    ]
    if changes:
        from dashgen.project.output_differences import output_differences  # only when something differs

        report.output_differences = output_differences(report.output, changes, compilation)
        report.differences += report.output_differences.lines
    if not changes and lock_bytes(report.output) != dump(after):
        report.changed.append(LOCK_FILE)
        report.differences.append(f"{LOCK_FILE}: does not list what the specs say")


def _remember(build: PendingBuild, report: BuildReport, lock: Lock, findings: list[Diagnostic]) -> None:
    """Leave a stamp and a cache for the next build; it looks for stray files itself."""
    compilation, project = build.compilation, build.workspace.project
    # Without a hash some file could not be read, and the next build has to report it again.
    inputs = hash_of_inputs(build.files)
    if not inputs or has_errors(compilation.diagnostics):
        return
    stamp = BuildStamp(build.key, project.specs, inputs)
    stamp.output = str(build.output)
    stamp.has_findings = bool(findings)
    stamp.env = {name: os.environ.get(name) for name in project.env}
    hashes = [(record.path, record.sha256) for record in report.records]
    stamp.outputs = observe(stamp.output, [*hashes, (LOCK_FILE, sha256(dump(lock)).hexdigest())])
    stamp.counts = count_resources(report.records)
    cache = Cache(build.key, compilation.shared, compilation.files, findings)
    save_cache(build.workspace.root, cache, stamp)
