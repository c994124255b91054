"""A project whose spec files are texts in memory, built again after every change of one of them.

What a pull costs is the number of these builds, so each stage keeps what the last text of a file came to.
Files with anything but dashboards (components, data sources, folders) are shared: a change of one builds
every dashboard again.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import orjson
from msgspec import Struct

from dashgen.compile.compile_context import dashboard_context
from dashgen.compile.compile_dashboards import Compiler, summarise
from dashgen.compile.compile_others import compile_others, folder_paths
from dashgen.compile.crosschecks import check_dashboards
from dashgen.compile.outputs.dashboard_files import dashboard_artifact
from dashgen.compile.outputs.dashboard_forms import EXTENDED
from dashgen.compile.project_documents import (
    DASHBOARD,
    Documents,
    checked,
    component_documents,
    holds_only_dashboards,
    read_documents,
)
from dashgen.compile.rule_users import RuleUsers, used_names
from dashgen.compile.settled_json import dashboard_json
from dashgen.compile.spec_defaults import applied_defaults
from dashgen.core.diagnostics import Diagnostic, has_errors
from dashgen.core.files.regular import read_regular
from dashgen.core.json_values import Json
from dashgen.model.folder import folder_places, split_path
from dashgen.model.settled_dashboard import SettledDashboard
from dashgen.source.load import Loaded, decode, load_text
from dashgen.source.provenance import Resolved
from dashgen.source.resolve import Scope, resolve
from dashgen.sync.pull.document_edits import Texts
from dashgen.workspace.build_records import DashboardSummary
from dashgen.workspace.lock_file import Lock
from dashgen.workspace.workspace import Workspace


class BuiltDashboard(Struct):
    """A dashboard of the project with every stage that pull looks at; ``titles`` are those of its folder."""

    resolved: Resolved
    settled: SettledDashboard
    data: Json
    summary: DashboardSummary
    titles: str = ""

    @property
    def uid(self) -> str:
        """Its uid."""
        return self.settled.uid

    @property
    def folder(self) -> str | None:
        """The folder that the spec gives."""
        return self.settled.dashboard.folder


class Building(Struct):
    """What texts build to; ``problems`` has the errors only."""

    compiler: Compiler
    documents: Documents
    dashboards: dict[str, BuiltDashboard] = {}
    problems: list[Diagnostic] = []


class _FileBuild(Struct):
    dashboards: list[BuiltDashboard]
    problems: list[Diagnostic]


class _Shared(Struct):
    """What the shared files come to, and each file of dashboards that was built with it, with its text."""

    compiler: Compiler
    documents: Documents
    problems: list[Diagnostic]
    files: dict[str, tuple[str, _FileBuild]] = {}


class PulledProject:
    """Builds the texts of one project for one environment; only what a change touches is built again."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.paths = {file.name: Path(file.path) for file in workspace.spec_files()}
        self.bytes = {name: read_regular(path) for name, path in self.paths.items()}
        self.texts: Texts = {name: raw.decode("utf-8") for name, raw in self.bytes.items()}
        self._loaded: dict[str, tuple[str, Loaded]] = {}
        self._shared: tuple[dict[str, str], _Shared] | None = None

    def built(self, texts: Texts) -> Building:
        """What the texts build to."""
        # A file that holds only dashboards is built alone: nothing else depends on it.
        own = {name: text for name, text in texts.items() if holds_only_dashboards(text.encode())}
        rest = (self._load(name, text) for name, text in texts.items() if name not in own)
        users = RuleUsers(component_documents(rest))
        own = {name: text for name, text in own.items() if not users.bring_rules(used_names(text))}
        shared = self._prepared({name: text for name, text in texts.items() if name not in own})
        building = Building(shared.compiler, shared.documents, problems=list(shared.problems))
        files = [self._file(shared, name, text) for name, text in own.items()]
        files.append(self._dashboards(shared, shared.documents.dashboards))
        for file in files:
            building.problems += file.problems
            building.dashboards.update({one.uid: one for one in file.dashboards})
        dashboards = [one for file in files for one in file.dashboards]
        # Two dashboards with one uid: whichever counts, the other would be compared with its goal.
        if len(dashboards) > len(building.dashboards):
            building.problems += self._checks(building, dashboards)
        return building

    def new_problems(self, before: Texts, after: Texts) -> list[Diagnostic]:
        """The errors that texts have and others have not, also of what names dashboards, such as rules."""
        if before == after:
            return []
        known_problems = {(one.rule, one.message) for one in self._problems(before)}
        return [one for one in self._problems(after) if (one.rule, one.message) not in known_problems]

    def _problems(self, texts: Texts) -> list[Diagnostic]:
        building = self.built(texts)
        dashboards = list(building.dashboards.values())
        summaries = [one.summary for one in dashboards]
        sources = building.compiler.context.sources
        others = compile_others(building.documents, self.workspace, summaries, sources, Lock())
        return [*building.problems, *self._checks(building, dashboards), *_errors(others.diagnostics)]

    def _checks(self, building: Building, dashboards: list[BuiltDashboard]) -> list[Diagnostic]:
        return _errors(
            check_dashboards([one.summary for one in dashboards], folder_paths(building.documents))
        )

    def _prepared(self, texts: dict[str, str]) -> _Shared:
        if self._shared is not None and self._shared[0] == texts:
            return self._shared[1]
        workspace = self.workspace
        environments = tuple(workspace.project.environments)
        scope = Scope(
            workspace.variables(os.environ), {}, workspace.environment, environments,
            variable_origins=workspace.variable_origins(),
        )  # fmt: skip
        defaults, problems = applied_defaults(workspace, scope)
        loaded = [self._load(name, text) for name, text in sorted(texts.items())]
        documents, scope = read_documents(loaded, scope, defaults)
        context, context_problems = dashboard_context(documents, workspace)
        folders, _ = folder_places(documents.of("Folder"), documents.prefix)
        compiler = Compiler(scope, context, defaults, EXTENDED, folders)
        # A new compiler forgets what was built with the old one, as any dashboard may use what changed.
        shared = _Shared(compiler, documents, _errors([*problems, *documents.diagnostics, *context_problems]))
        self._shared = (texts, shared)
        return shared

    def _load(self, name: str, text: str) -> Loaded:
        entry = self._loaded.get(name)
        if entry is None or entry[0] != text:
            entry = self._loaded[name] = (text, load_text(name, decode(text.encode(), name)))
        return entry[1]

    def _file(self, shared: _Shared, name: str, text: str) -> _FileBuild:
        entry = shared.files.get(name)
        if entry is None or entry[0] != text:
            entry = shared.files[name] = (text, self._compiled(shared, self._load(name, text)))
        return entry[1]

    def _compiled(self, shared: _Shared, loaded: Loaded) -> _FileBuild:
        problems = list(loaded.diagnostics)
        resolved = []
        for document in checked(loaded.documents, problems):
            if document.data["kind"] == DASHBOARD:
                some, new_problems = resolve(document, shared.compiler.scope)
                problems += new_problems
                resolved += some
        file = self._dashboards(shared, resolved)
        return _FileBuild(file.dashboards, [*_errors(problems), *file.problems])

    def _dashboards(self, shared: _Shared, documents: list[Resolved]) -> _FileBuild:
        file = _FileBuild([], [])
        for resolved in documents:
            # Defaults are merged into it, and it may be built again.
            fresh = Resolved(resolved.document, resolved.data, dict(resolved.origins))
            settled, problems = shared.compiler.settled(fresh)
            file.problems += _errors(problems)
            if settled is not None and not has_errors(problems):
                data = dashboard_json(settled, shared.compiler.context.sources.by_name)
                # Through the file that a push would read, as numbers and keys are written there.
                content = dashboard_artifact(data, None, EXTENDED, fresh.origin().location()).content
                built = orjson.loads(content)
                folder = shared.compiler.folder(settled)
                titles = "/".join(split_path(folder or ""))
                file.dashboards.append(
                    BuiltDashboard(fresh, settled, built, summarise(settled, fresh, folder), titles)
                )
        return file


def _errors(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [one for one in diagnostics if has_errors([one])]
