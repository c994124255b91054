"""A project read and settled but not written: what commands look at that only tell."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashgen.build.dashboards import Compiler
from dashgen.build.documents import DASHBOARD, Documents, checked
from dashgen.build.prepare import prepare
from dashgen.build.workspace import Workspace, open_workspace
from dashgen.diagnostics import Diagnostic, arrange
from dashgen.model.settled import SettledDashboard
from dashgen.spec.load import load_file
from dashgen.spec.provenance import Resolved
from dashgen.spec.resolve import resolve


@dataclass(frozen=True, slots=True)
class InspectedDashboard:
    """A dashboard before lowering, and the resolved document that it was made from."""

    settled: SettledDashboard
    resolved: Resolved


@dataclass(slots=True)
class Inspection:
    """What the specs of a project say; what is wrong with some of them leaves out only those."""

    workspace: Workspace
    documents: Documents
    compiler: Compiler
    dashboards: list[InspectedDashboard] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def json_of(self, dashboard: InspectedDashboard) -> dict[str, Any] | None:
        """The dashboard's JSON; nothing when it does not compile."""
        compiled = self.compiler.one(dashboard.resolved, [])
        return compiled.data if compiled else None


def inspect_project(start: Path, environment: str | None = None) -> Inspection:
    """Read every spec of the project that ``start`` is in, for one environment."""
    workspace = open_workspace(start, environment)
    prepared = prepare(workspace, workspace.spec_files(), "classic")
    documents, compiler = prepared.documents, prepared.compiler
    found = Inspection(workspace, documents, compiler, diagnostics=prepared.diagnostics)
    resolved = list(documents.dashboards)
    for file in prepared.files:
        loaded = load_file(Path(file.path), file.name)
        found.diagnostics += loaded.diagnostics
        for document in checked(loaded.documents, found.diagnostics):
            if document.data["kind"] == DASHBOARD:
                several, problems = resolve(document, compiler.scope)
                found.diagnostics += problems
                resolved += several
    _settle(found, resolved)
    found.diagnostics = arrange(found.diagnostics)
    return found


def _settle(found: Inspection, resolved: Sequence[Resolved]) -> None:
    for document in resolved:
        settled, problems = found.compiler.settled(document)
        found.diagnostics += problems
        if settled is not None:
            found.dashboards.append(InspectedDashboard(settled, document))
    found.dashboards.sort(key=lambda dashboard: (dashboard.resolved.file, dashboard.settled.uid))
