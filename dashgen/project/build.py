"""A whole build: compile, compare with the output, write or only say what differs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, has_errors
from dashgen.project.last_build import current_stamp, stamp_key
from dashgen.workspace.input_files import find_project, project_bytes

if TYPE_CHECKING:
    from dashgen.project.output_differences import OutputDifferences
    from dashgen.workspace.build_records import FileRecord


class BuildOptions(Struct, frozen=True):
    """The options of a build.

    Attributes:
        start: the folder it is started in; the project is the nearest one upwards.
        output: the folder to write, instead of the project's.
        environment: the environment to build for.
        form: the form of dashboard files, instead of the project's.
        check: write nothing, only compare.
        only: build only the dashboards with these uids.
        processes: how many processes share the work; decided by the amount when absent.
        use_cache: whether the memory of earlier builds counts.
        layouts: the files for Kubernetes, instead of the project's.
    """

    start: Path
    output: Path | None = None
    environment: str | None = None
    form: str | None = None
    check: bool = False
    only: frozenset[str] = frozenset()
    processes: int | None = None
    use_cache: bool = True
    layouts: tuple[str, ...] = ()


class BuildReport(Struct):
    """What a build did or, with `check`, would do. Paths are below ``output``.

    Attributes:
        root: the project's folder.
        output: the folder that is written.
        records: every built file.
        created: files that were not there.
        changed: files that were there with another content.
        deleted: files that no spec makes any more.
        edited: files that no spec makes any more, but that somebody edited.
        differences: what `check` found, as text.
        output_differences: the same as values.
        diagnostics: all findings.
    """

    root: Path
    output: Path
    records: "list[FileRecord]" = []
    created: list[str] = []
    changed: list[str] = []
    deleted: list[str] = []
    edited: list[str] = []
    strays: list[str] = []
    differences: list[str] = []
    output_differences: "OutputDifferences | None" = None
    diagnostics: list[Diagnostic] = []

    @property
    def differs(self) -> bool:
        """Whether the output does not match the specs."""
        return bool(self.created or self.changed or self.deleted or self.edited or self.strays)

    @property
    def failed(self) -> bool:
        """Whether something is wrong, so that nothing was written."""
        return has_errors(self.diagnostics)


@contextmanager
def no_collection() -> Iterator[None]:
    """Turn cyclic garbage collection off: compiling makes no cycles, and the search takes a tenth of it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def find_root(start: Path) -> Path:
    """The project's folder: the nearest one from ``start`` upwards with a project file, else ``start``."""
    return find_project(start) or start.resolve()


def build(options: BuildOptions) -> BuildReport:
    """Build a project, for one environment or without one.

    Raises:
        DashgenError: files cannot be written, or the project has an output for each environment and none is
            chosen.
    """
    root = find_root(options.start)
    if (report := unchanged_build(root, options)) is not None:
        return report
    with no_collection():
        # Everything heavy is imported only when there is something to do.
        from dashgen.project.full_build import build_fully

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
    from dashgen.project.every_environment import build_environments  # see above

    return build_environments(root, options)


def cache_key(root: Path, options: BuildOptions) -> str:
    """The key of the stamp and of the cache of such a build."""
    output = str(options.output.resolve()) if options.output else ""
    form = " ".join((options.form or "", *options.layouts)) if options.layouts else options.form
    return stamp_key(str(root), options.environment, output, form)


def unchanged_build(root: Path, options: BuildOptions) -> BuildReport | None:
    """The report of the last build, if neither a spec nor a written file has changed since."""
    if options.only or not options.use_cache:
        return None
    stamp = current_stamp(str(root), cache_key(root, options))
    if stamp is None or not stamp.output:
        return None
    from dashgen.workspace.build_cache import load_cache  # msgspec
    from dashgen.workspace.lock_file import file_records, read_lock

    output = Path(stamp.output)
    records = file_records(read_lock(output, "")[0])
    if not stamp.has_findings:
        return BuildReport(root, output, records)
    cache = load_cache(root, stamp.key)
    return None if cache is None else BuildReport(root, output, records, diagnostics=cache.diagnostics)
