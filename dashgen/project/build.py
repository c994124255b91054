"""A whole build: compile, compare with the output, write or only say what differs."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dashgen.core.diagnostics import Diagnostic, has_errors
from dashgen.core.files.regular import read_regular
from dashgen.project.stray_files import strays
from dashgen.workspace.build_cache import Cache, build_key, load_cache, outputs_stand
from dashgen.workspace.build_records import JOURNAL_FILE, FileRecord
from dashgen.workspace.input_files import PROJECT_FILE, SpecFile, find_project, list_specs

if TYPE_CHECKING:
    from dashgen.project.output_differences import OutputDifferences


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What a build is asked to do.

    Attributes:
        start: the folder it is started in; the project is the nearest one upwards.
        output: the folder to write, instead of the project's.
        environment: the environment to build for.
        form: the form of dashboard files, instead of the project's.
        check: write nothing, only compare.
        only: build only the dashboards with these uids.
        processes: how many processes share the work; decided by the amount when absent.
        use_cache: whether the memory of earlier builds counts.
    """

    start: Path
    output: Path | None = None
    environment: str | None = None
    form: str | None = None
    check: bool = False
    only: frozenset[str] = frozenset()
    processes: int | None = None
    use_cache: bool = True


@dataclass(slots=True)
class BuildReport:
    """What a build did or, with `check`, would do. Paths are below ``output``.

    Attributes:
        root: the project's folder.
        output: the folder that is written.
        records: every built file.
        created: files that were not there.
        changed: files that were there with another content.
        deleted: files that no spec makes any more.
        kept: files that no spec makes any more, but that somebody edited.
        differences: what `check` found, in words.
        found: the same as values.
        diagnostics: all findings.
    """

    root: Path
    output: Path
    records: list[FileRecord] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    found: "OutputDifferences | None" = None
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """Whether the output is not what the specs say."""
        return bool(self.created or self.changed or self.deleted or self.kept or self.strays)

    @property
    def failed(self) -> bool:
        """Whether something is wrong, so that nothing was written."""
        return has_errors(self.diagnostics)


def find_root(start: Path) -> Path:
    """The folder of the project that ``start`` is in: the nearest upwards with a project file, else ``start``."""
    return find_project(start) or start.resolve()


def build(options: BuildOptions) -> BuildReport:
    """Build a project, for one environment or without one.

    Raises:
        DashgenError: files cannot be written, or the project has an output for each environment and none is chosen.
    """
    root = find_root(options.start)
    if not options.only and options.use_cache and (report := _unchanged(root, options)) is not None:
        return report
    # Everything heavy is imported only when there is something to do.
    from dashgen.project.full_build import build_fully  # noqa: PLC0415

    return build_fully(root, options)


def build_each(options: BuildOptions) -> list[BuildReport]:
    """Build a project: all of its environments when it has an output for each and none is chosen.

    Raises:
        DashgenError: files cannot be written.
    """
    root = find_root(options.start)
    # Reading the project file takes longer than finding out that nothing changed.
    if options.environment is not None or b"outputs" not in project_bytes(root):
        return [build(options)]
    from dashgen.project.every_environment import build_environments  # noqa: PLC0415  # see above

    return build_environments(root, options)


def cache_key(root: Path, options: BuildOptions, project: bytes) -> str:
    """The key of the cache of such a build."""
    output = str(options.output.resolve()) if options.output else ""
    return build_key(f"{output}\0{options.environment}\0{options.form}\0{root}", project)


def project_bytes(root: Path) -> bytes:
    """The project file's content; empty when there is none."""
    try:
        return read_regular(root / PROJECT_FILE)
    except OSError:
        return b""


def _unchanged(root: Path, options: BuildOptions) -> BuildReport | None:
    """The report of the last build, if neither a spec nor a written file has changed since."""
    cache = load_cache(root, cache_key(root, options, project_bytes(root)))
    if cache is None or any(os.environ.get(name) != value for name, value in cache.env.items()):
        return None
    if os.path.lexists(f"{cache.output}{os.sep}{JOURNAL_FILE}"):
        # A build that wrote something else was killed.
        return None
    files, problems = list_specs(root, cache.specs)
    output = Path(cache.output)
    if (
        any(not one.ignored for one in problems)
        or not same_inputs(files, cache)
        or not outputs_stand(output, cache.outputs)
    ):
        return None
    if next(strays(output, cache.outputs), None) is not None:
        return None
    return BuildReport(root, Path(cache.output), cache.records, diagnostics=cache.diagnostics)


def same_inputs(files: list[SpecFile], cache: Cache) -> bool:
    """Whether the spec files are those of the build that a cache remembers."""
    return len(files) == len(cache.inputs) and all(
        cache.inputs.get(file.name) == file.sha256 for file in files
    )
