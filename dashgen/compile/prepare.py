"""Everything that has to be known before the first dashboard is compiled."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Final

from msgspec import Struct

from dashgen.compile.compile_context import dashboard_context, use_environment_uids
from dashgen.compile.compile_dashboards import Compiler
from dashgen.compile.outputs.kubernetes.manifest import manifest_settings
from dashgen.compile.project_documents import (
    DASHBOARD,
    Documents,
    checked,
    component_documents,
    holds_only_dashboards,
    read_documents,
)
from dashgen.compile.rule_users import RuleUsers, used_names
from dashgen.compile.spec_defaults import applied_defaults
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.files.regular import read_regular
from dashgen.core.json_values import ABSENT, at
from dashgen.model.folder import folder_places
from dashgen.source.load import Loaded, load_file
from dashgen.source.provenance import Resolved
from dashgen.source.resolve import Scope, resolve
from dashgen.workspace.build_records import CompiledFile
from dashgen.workspace.input_files import SpecFile
from dashgen.workspace.workspace import Workspace

_V2_SINCE: Final = 13
"""The Grafana that reads dashboards of schema v2 from files (``dashboard.grafana.app/v2``)."""


class ProjectSpecs(Struct):
    """The documents that dashboards depend on, what compiles dashboards, and the files still to be compiled.

    ``digest`` is the hash of everything that dashboards depend on, ``used`` has the components that each of
    the files uses.
    """

    documents: Documents
    compiler: Compiler
    files: list[SpecFile]
    digest: str
    used: dict[str, tuple[str, ...]]
    diagnostics: list[Diagnostic] = []

    def dashboards(
        self, findings: list[Diagnostic], only: Collection[str] | None = None
    ) -> Iterator[Resolved]:
        """The dashboards, each read when it is its turn.

        Args:
            findings: what is wrong with their files joins it.
            only: the names of the files whose dashboards are wanted, besides those in files that others
                depend on; all when absent.
        """
        yield from self.documents.dashboards
        for file in self.files:
            if only is not None and file.name not in only:
                continue
            loaded = load_file(file.path, file.name)
            findings += loaded.diagnostics
            for document in checked(loaded.documents, findings):
                if document.data["kind"] == DASHBOARD:
                    resolved, problems = resolve(document, self.compiler.scope)
                    findings += problems
                    yield from resolved


def prepare(
    workspace: Workspace, files: list[SpecFile], form: str, cached: Mapping[str, CompiledFile] | None = None
) -> ProjectSpecs:
    """Read what dashboards depend on.

    Args:
        workspace: the project.
        files: its spec files.
        form: the form of dashboard files.
        cached: files of dashboards by name, as an earlier build found them.
    """
    shared, used = _split(files, cached or {})
    digest = _digest(workspace, [file for file in files if file.name in shared])
    dashboards = [file for file in files if file.name not in shared]
    environments = tuple(workspace.project.environments)
    scope = Scope(
        workspace.variables(os.environ), {}, workspace.environment, environments,
        variable_origins=workspace.variable_origins(),
    )  # fmt: skip
    defaults, findings = applied_defaults(workspace, scope)
    documents, scope = read_documents([shared[name] for name in sorted(shared)], scope, defaults)
    use_environment_uids(documents, workspace.overlay.datasources)
    context, problems = dashboard_context(documents, workspace)
    folders, _ = folder_places(documents.of("Folder"), documents.prefix)
    manifests = manifest_settings(workspace, form)
    compiler = Compiler(scope, context, defaults, form, folders, manifests=manifests)
    problems = [*problems, *_format_problems(workspace, form)]
    diagnostics = [*workspace.diagnostics, *findings, *documents.diagnostics, *problems]
    return ProjectSpecs(documents, compiler, dashboards, digest, used, diagnostics)


def _format_problems(workspace: Workspace, form: str) -> Iterator[Diagnostic]:
    """Report schema v2 for a Grafana that does not read it."""
    version = workspace.project.grafana
    if form != "v2" or int(version.partition(".")[0]) >= _V2_SINCE or workspace.document is None:
        return
    is_written = workspace.project.format == form and at(workspace.document.data, ("format",)) is not ABSENT
    location = workspace.document.location(("format",) if is_written else ("grafana",))
    message = f"Grafana {_V2_SINCE} and later read schema v2, and the output is for Grafana {version}"
    hint = f"write `grafana: '{_V2_SINCE}.3'`, if that is what runs"
    yield Diagnostic("project/format", message, location, hint, Severity.WARNING)


def _split(
    files: list[SpecFile], cached: Mapping[str, CompiledFile]
) -> tuple[dict[str, Loaded], dict[str, tuple[str, ...]]]:
    """Read the files that dashboards depend on; of the others, find the components that they use."""
    shared, used = {}, {}
    for file in files:
        before = cached.get(file.name)
        if file.sha256 and before is not None and before.sha256 == file.sha256:
            used[file.name] = before.used
        elif file.sha256 and holds_only_dashboards(raw := _bytes(file.path)):
            used[file.name] = used_names(raw.decode(errors="replace"))
        else:
            shared[file.name] = load_file(file.path, file.name)
    users = RuleUsers(component_documents(shared.values()))
    for file in files:
        # The rules of a component are the project's: the thresholds of alerts stand on panels.
        if file.name in used and users.bring_rules(used[file.name]):
            del used[file.name]
            shared[file.name] = load_file(file.path, file.name)
    return shared, used


def _digest(workspace: Workspace, files: Iterable[SpecFile]) -> str:
    """The hash of everything that dashboards depend on, with the files that they do."""
    digest = sha256(workspace.document.source.text.encode() if workspace.document else b"")
    for name, value in sorted(workspace.variables(os.environ)["env"].items()):
        digest.update(f"{name}={value}\0".encode())
    for file in files:
        digest.update(f"{file.name}\0{file.sha256}\0".encode())
    return digest.hexdigest()


def _bytes(path: str) -> bytes:
    """The content of a file; of one that cannot be read nothing, as reading it as a spec will say why."""
    try:
        return read_regular(path)
    except OSError:
        return b""
