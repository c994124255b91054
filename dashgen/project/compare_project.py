"""Compare projects and artifacts: specs with the output, with a git ref, or files with files."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct
from msgspec.structs import replace

from dashgen.compare import Resources, compare, read_both, read_tree
from dashgen.compare.file_tree import SUFFIXES, Reading
from dashgen.compare.render.render_summary import ReportedComparison, warnings_of
from dashgen.compile.pipeline import Compilation, CompileRequest, compile_project
from dashgen.core.diagnostics import Diagnostic, Severity, has_errors
from dashgen.core.errors import DashgenError
from dashgen.core.files.regular import read_regular
from dashgen.project.build import BuildOptions, build, find_root
from dashgen.project.environments import compile_soundly
from dashgen.project.git_revision import open_repository
from dashgen.project.output_differences import specs_of
from dashgen.workspace.workspace import open_workspace

MAX_BYTES = 16 * 1024 * 1024


class ProjectComparison(Struct):
    """A comparison, or what kept it from being made; ``root`` is the folder that diagnostics are about."""

    comparison: ReportedComparison
    root: Path
    diagnostics: list[Diagnostic] = []

    @property
    def failed(self) -> bool:
        """Whether something could not be read or compiled."""
        return has_errors(self.diagnostics)


def compare_output(start: Path, environment: str | None, output: Path | None = None) -> ProjectComparison:
    """What a build would change.

    Raises:
        DashgenError: something cannot be read at all.
    """
    report = build(BuildOptions(start, output, environment, check=True))
    shown = _shown(report.output, report.root)
    result = ReportedComparison(shown, "specs", [], root=shown)
    if report.output_differences is not None:
        result.changes, result.warnings = (
            report.output_differences.changes,
            report.output_differences.warnings,
        )
        result.notes = [f"{shown}/{path} {how}" for path, how in report.output_differences.alike.items()]
    elif report.differences:
        result.notes = [f"{shown}/{line}" for line in report.differences]
    return ProjectComparison(result, report.root, report.diagnostics)


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def compare_revision(start: Path, ref: str, environment: str | None) -> ProjectComparison:
    """Compare the specs with those of a git ref; both are compiled by this dashgen.

    Raises:
        DashgenError: there is no git, no such ref, or its specs do not compile.
    """
    root = find_root(start)
    repository = open_repository(root)
    commit = repository.commit(ref)
    result = ProjectComparison(ReportedComparison(ref, "specs", []), root)
    with TemporaryDirectory(prefix="dashgen-") as folder, _compiled(root, environment) as now:
        result.diagnostics = now.diagnostics
        if result.failed:
            return result
        if not repository.has_project(commit):
            result.comparison.notes.append(f"the project did not exist at `{ref}`: everything is new")
            _fill(result.comparison, None, now)
            return result
        with _compiled(repository.check_out(commit, Path(folder)), environment, old=True) as then:
            _require_sound(then.diagnostics, ref)
            _fill(result.comparison, then, now)
    return result


@contextmanager
def _compiled(root: Path, environment: str | None, *, old: bool = False) -> Iterator[Compilation]:
    workspace = open_workspace(root, environment)
    compiled = compile_project if old else compile_soundly
    compilation = compiled(workspace, workspace.spec_files(), CompileRequest(workspace.project.format))
    try:
        yield compilation
    finally:
        compilation.close()


def _require_sound(diagnostics: list[Diagnostic], ref: str) -> None:
    wrong = [diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR]
    if wrong:
        first = f"{wrong[0].location}: {wrong[0].message}" if wrong[0].location else wrong[0].message
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise DashgenError(f"the specs at `{ref}` do not compile: {first}{more}; choose another ref")


def _fill(comparison: ReportedComparison, then: Compilation | None, now: Compilation) -> None:
    """Compare two compilations; contents are read only where their hashes differ."""
    old = {path: record.sha256 for path, record in then.records.items()} if then else {}
    new = {path: record.sha256 for path, record in now.records.items()}
    before = {path: then.content(path) for path in old if old[path] != new.get(path)} if then else {}
    after = {path: now.content(path) for path in new if new[path] != old.get(path)}
    specs = specs_of([*(then.records.values() if then else ()), *now.records.values()])
    left, right = read_both(before, after, specs)
    comparison.changes = compare(left.resources, right.resources)
    comparison.warnings = warnings_of(left.resources, right.resources)


def compare_paths(before: Path, after: Path) -> ProjectComparison:
    """What differs between two folders of artifacts, or two files.

    Raises:
        DashgenError: a path is not there, cannot be read, or is a folder where the other is a file.
    """
    for path in (before, after):
        if not path.exists():
            raise DashgenError(f"there is no file or folder `{path}`")
    if before.is_dir() != after.is_dir():
        raise DashgenError("one is a folder and the other a file; name two folders or two files")
    left, right = _files(before), _files(after)
    result = ProjectComparison(ReportedComparison(before.as_posix(), after.as_posix(), []), Path.cwd())
    if left == right:
        return result
    is_tree = before.is_dir()
    old, new = read_both(left, right) if is_tree else (_read_one(left, before), _read_one(right, after))
    result.diagnostics = [*_placed(old, before), *_placed(new, after)]
    result.comparison.changes = compare(old.resources, new.resources)
    result.comparison.warnings = warnings_of(old.resources, new.resources)
    result.comparison.root = after.as_posix() if is_tree else ""
    return result


def _read_one(files: dict[str, bytes], path: Path) -> Reading:
    """One file; its path is not that of the folder in Grafana."""
    reading = read_tree(files)
    if not len(reading.resources) and not reading.problems:
        raise DashgenError(f"`{path}` is not a dashboard, a provisioning file or a rule file")
    reading.resources = Resources(replace(one, folder="") for one in reading.resources)
    return reading


def _placed(reading: Reading, base: Path) -> Iterator[Diagnostic]:
    for problem in reading.problems:
        where = problem.location
        shown = (base / where.file if base.is_dir() else base).as_posix() if where else ""
        yield replace(problem, location=replace(where, file=shown)) if where else problem


def _files(path: Path) -> dict[str, bytes]:
    if path.is_file():
        # The whole path tells rules of Loki from those of Prometheus; a suffix of its own is no matter.
        name = path.name if path.suffix.lower() in SUFFIXES else f"{path.name}.json"
        return {name: _content(path)}
    contents = {}
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            file = Path(folder) / name
            if not name.startswith(".") and file.suffix in SUFFIXES and file.is_file():
                contents[file.relative_to(path).as_posix()] = _content(file)
    return contents


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DashgenError(f"`{path}` is larger than 16 MB, Grafana's limit")
        return read_regular(path)
    except OSError as error:
        raise DashgenError(f"cannot read `{path}`: {(error.strerror or str(error)).lower()}") from None
