"""The specs of a project at a revision and as they are now, both compiled; what is alike is compiled once."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from msgspec import Struct

from dashgen.compile.pipeline import Compilation, CompileRequest, compile_project
from dashgen.compile.project_documents import holds_only_dashboards
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.files.regular import read_regular
from dashgen.core.json_values import Json
from dashgen.model.settled_alerts import SettledGroup
from dashgen.preview.views.readable_dashboard import readable_dashboard
from dashgen.project.build import BuildOptions, cache_key, find_root, no_collection
from dashgen.project.environments import compile_soundly
from dashgen.project.git_revision import Repository, open_repository
from dashgen.project.inspection import Inspection, inspect_specs
from dashgen.source.source_limits import MARK
from dashgen.workspace.build_cache import Cache, load_cache
from dashgen.workspace.input_files import PROJECT_FILE, SpecFile
from dashgen.workspace.workspace import Workspace, open_workspace

_NOTHING: Final = frozenset[str]()


class SpecRevision(Struct, dict=True):
    """The specs of one moment.

    Attributes:
        workspace: the project; its folder may be the present one even for specs of the past.
        files: its spec files.
        compilation: what they say.
    """

    workspace: Workspace
    files: list[SpecFile]
    compilation: Compilation

    @property
    def groups(self) -> Sequence[SettledGroup]:
        """The settled rule groups."""
        return self.compilation.others.groups

    @property
    def errors(self) -> list[Diagnostic]:
        """What keeps the specs from being built."""
        return [one for one in self.compilation.diagnostics if one.severity is Severity.ERROR]

    @cached_property
    def inspection(self) -> Inspection:
        """The settled specs with every dashboard."""
        return inspect_specs(self.workspace, self.files)

    @cached_property
    def contract(self) -> Inspection:
        """The settled specs without the dashboards that have files of their own, which takes no time."""
        return inspect_specs(self.workspace, self.files, only=_NOTHING)

    def dashboard(self, path: str) -> Json:
        """The dashboard in a file of the output, in the form that is drawn.

        Raises:
            KeyError: the output has no such file.
        """
        import orjson  # only where something is drawn

        return readable_dashboard(orjson.loads(self.compilation.content(path)))


class SpecRevisions(Struct):
    """The two sides of a review.

    Attributes:
        root: the project's folder, in which files of findings are.
        repository: the repository that it is in.
        ref: the revision as the user names it.
        commit: the commit that is compared: where the present branch left the revision.
        changed: by path below the project's folder, the files that differ; whether the commit has them.
        after: the specs as they are.
        before: the specs of the commit; None when the project was not there.
    """

    root: Path
    repository: Repository
    ref: str
    commit: str
    changed: Mapping[str, bool]
    after: SpecRevision
    before: SpecRevision | None

    @property
    def changed_specs(self) -> frozenset[str]:
        """The names of the spec files that differ, those that are gone too."""
        before = {file.name: file.sha256 for file in self.before.files} if self.before else {}
        after = {file.name: file.sha256 for file in self.after.files}
        return frozenset(
            name for name in {*before, *after} if before.get(name) != after.get(name) or name in self.changed
        )

    @property
    def are_alike(self) -> bool:
        """Whether what dashboards depend on is the same on both sides."""
        return self.before is not None and self.before.compilation.shared == self.after.compilation.shared


@contextmanager
def spec_revisions(start: Path, ref: str, environment: str | None) -> Iterator[SpecRevisions]:
    """Compile the specs of a project as they are, and as they were where the branch left a revision.

    Files of dashboards that are the same on both sides are compiled at most once, and not at all when the
    last build remembers them.

    Args:
        start: the project's folder, or one inside it.
        ref: the revision.
        environment: the environment of the project file; None for the project without one.

    Raises:
        DashgenError: there is no git, no such revision, or no room for temporary files.
    """
    root = find_root(start)
    repository = open_repository(root)
    commit = repository.fork_point(repository.commit(ref))
    changed = repository.changed_files(commit)
    with TemporaryDirectory(prefix="dashgen-") as folder, no_collection():
        sides = _Sides(root, repository, commit, changed, environment)
        now = sides.now()
        try:
            before = sides.before(now, Path(folder))
            if sides.is_incomplete(before, now):
                now.compilation.close()
                now = sides.now(in_full=True)
            try:
                yield SpecRevisions(root, repository, ref, commit, changed, now, before)
            finally:
                if before is not None:
                    before.compilation.close()
        finally:
            now.compilation.close()


class _Sides:
    """What both sides are compiled with."""

    def __init__(
        self,
        root: Path,
        repository: Repository,
        commit: str,
        changed: Mapping[str, bool],
        environment: str | None,
    ) -> None:
        self._root = root
        self._repository = repository
        self._commit = commit
        self._changed = changed
        self._environment = environment
        self._key = cache_key(root, BuildOptions(root, environment=environment))
        self._cache = load_cache(root, self._key)

    def now(self, *, in_full: bool = False) -> SpecRevision:
        """The specs as they are; with `in_full` every content is kept."""
        workspace = open_workspace(self._root, self._environment)
        files = workspace.spec_files()
        present: dict[str, str] = {}
        if self._cache is not None and not in_full and self._only_dashboards_differ(workspace):
            # What is the same on both sides is never compared, so its content is not needed.
            alike = [file for name, file in self._cache.files.items() if name not in self._changed]
            present = {record.path: record.sha256 for file in alike for record in file.records}
        request = CompileRequest(workspace.project.format, present)
        return SpecRevision(workspace, files, compile_soundly(workspace, files, request, self._cache))

    def _only_dashboards_differ(self, workspace: Workspace) -> bool:
        """Whether the spec files that differ hold dashboards alone, as far as their texts tell."""
        if PROJECT_FILE in self._changed:
            return False
        files = [self._root / name for name in self._changed if _is_spec(name, workspace)]
        return all(holds_only_dashboards(_bytes(path)) for path in files if path.is_file())

    def before(self, now: SpecRevision, folder: Path) -> SpecRevision | None:
        """The specs of the commit, whose files are written to a folder; None when there was no project."""
        if not self._repository.has_project(self._commit):
            return None
        # Git knows a linked file by another name than the specs do.
        if PROJECT_FILE in self._changed or _has_links(now.files, self._root):
            root = self._repository.check_out(self._commit, folder)
            workspace = open_workspace(root, self._environment_name(root))
            return self._compiled_before(now, workspace, workspace.spec_files())
        workspace = open_workspace(self._root, self._environment)
        return self._compiled_before(now, workspace, self._files_before(workspace, folder))

    def _environment_name(self, root: Path) -> str | None:
        """The environment, where the project file of the commit has it."""
        names = open_workspace(root).project.environments
        return self._environment if self._environment in names else None

    def _files_before(self, workspace: Workspace, folder: Path) -> list[SpecFile]:
        """The spec files of the commit: those of now, with what differs written to a folder."""
        old = [name for name, existed in self._changed.items() if existed]
        tree = self._repository.check_out(self._commit, folder, old)
        files = {file.name: file for file in workspace.spec_files() if file.name not in self._changed}
        files |= {name: _spec_file(tree / name, name) for name in old if _is_spec(name, workspace)}
        return [files[name] for name in sorted(files)]

    def _compiled_before(
        self, now: SpecRevision, workspace: Workspace, files: list[SpecFile]
    ) -> SpecRevision:
        done = now.compilation
        cache = Cache(self._key, done.shared, done.files, [])
        present = {path: record.sha256 for path, record in done.records.items()}
        request = CompileRequest(workspace.project.format, present)
        return SpecRevision(workspace, files, compile_project(workspace, files, request, cache))

    @staticmethod
    def is_incomplete(before: SpecRevision | None, now: SpecRevision) -> bool:
        """Whether something differs whose content the present side did not keep, as it was to be the same."""
        old = before.compilation.records if before is not None else {}
        contents, new = now.compilation.contents, now.compilation.records
        return any(
            path not in contents
            for path, record in new.items()
            if path not in old or old[path].sha256 != record.sha256
        )


def _is_spec(name: str, workspace: Workspace) -> bool:
    """Whether a file of the project is a spec by its name."""
    path = Path(name)
    folders = (Path(os.path.normpath(folder)) for folder in workspace.project.specs)
    return path.suffix in (".yaml", ".yml") and any(path.is_relative_to(folder) for folder in folders)


def _has_links(files: Iterable[SpecFile], root: Path) -> bool:
    """Whether some specs are links, or in folders that are."""
    base = root.resolve()
    paths = [(Path(file.path), Path(file.name)) for file in files]
    folders = {path.parent: base / name.parent for path, name in paths}
    return any(path.is_symlink() for path, _ in paths) or any(
        folder.resolve() != expected for folder, expected in folders.items()
    )


def _spec_file(path: Path, name: str) -> SpecFile:
    content = _bytes(path)
    return SpecFile(str(path), name, sha256(content).hexdigest(), marked=MARK in content)


def _bytes(path: Path) -> bytes:
    try:
        return read_regular(path)
    except OSError:
        return b""
