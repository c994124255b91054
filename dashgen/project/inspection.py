"""A project read and settled but not written, for commands that only print."""

from collections.abc import Collection
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from dashgen.compile.compile_dashboards import Compiler, summarise
from dashgen.compile.compile_others import alert_context, report_context
from dashgen.compile.outputs.dashboard_forms import EXTENDED
from dashgen.compile.prepare import prepare
from dashgen.compile.project_documents import Documents
from dashgen.compile.settle.settle_alerts import settle_alerts
from dashgen.compile.settle.settle_reports import settle_reports
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.json_values import Json
from dashgen.model.folder import folder_places
from dashgen.model.settled_alerts import SettledGroup
from dashgen.model.settled_dashboard import SettledDashboard
from dashgen.model.settled_report import SettledReport
from dashgen.project.build import no_collection
from dashgen.project.environments import findings_of
from dashgen.source.provenance import Resolved
from dashgen.workspace.build_records import DashboardSummary
from dashgen.workspace.input_files import SpecFile
from dashgen.workspace.workspace import Workspace, open_workspace


class InspectedDashboard(Struct, frozen=True):
    """A dashboard before lowering, and the resolved document that it was made from."""

    settled: SettledDashboard
    resolved: Resolved


class Inspection(Struct, dict=True):
    """The settled specs of a project, without those that have errors.

    ``findings`` are those of reading and settling; a build has more, about what servers would refuse.
    """

    workspace: Workspace
    documents: Documents
    compiler: Compiler
    dashboards: list[InspectedDashboard] = []
    findings: list[Diagnostic] = []

    @cached_property
    def diagnostics(self) -> list[Diagnostic]:
        """What a build finds in the specs, in the chosen environment or in all of them.

        Raises:
            DashgenError: there is no room for temporary files.
        """
        return findings_of(self.workspace, self.workspace.project.format)

    @cached_property
    def groups(self) -> list[SettledGroup]:
        """The settled rule groups, without the rules that have errors."""
        places, _ = folder_places(self.documents.of("Folder"), self.documents.prefix)
        sources = self.compiler.context.sources
        context = alert_context(self.documents, self.workspace, self._summaries(), sources, places)
        return settle_alerts(self.documents.of("AlertRules"), context)[0]

    @cached_property
    def reports(self) -> list[SettledReport]:
        """The settled reports, without the parts that have errors."""
        sources = self.compiler.context.sources
        context = report_context(self.documents, self.workspace, self._summaries(), sources)
        return settle_reports(self.documents.of("Report"), context)[0]

    def _summaries(self) -> list[DashboardSummary]:
        return [
            summarise(one.settled, one.resolved, self.compiler.folder(one.settled)) for one in self.dashboards
        ]

    def json_of(self, dashboard: InspectedDashboard) -> Json | None:
        """The dashboard's JSON; nothing when it does not compile."""
        compiled = self.compiler.one(dashboard.resolved, [])
        return compiled.data if compiled else None


def inspect_project(start: Path, environment: str | None = None) -> Inspection:
    """Read every spec of the project that ``start`` is in, for one environment."""
    workspace = open_workspace(start, environment)
    return inspect_specs(workspace, workspace.spec_files())


@no_collection()
def inspect_specs(
    workspace: Workspace, files: list[SpecFile], only: Collection[str] | None = None
) -> Inspection:
    """Read the specs of a project that is open.

    Args:
        workspace: the project.
        files: its spec files.
        only: the names of the files whose dashboards are wanted, besides those in files that others depend
            on; all when absent.
    """
    prepared = prepare(workspace, files, EXTENDED)
    findings = list(prepared.diagnostics)
    dashboards = []
    for one in prepared.dashboards(findings, only):
        settled, problems = prepared.compiler.settled(one)
        findings += problems
        if settled is not None:
            dashboards.append(InspectedDashboard(settled, one))
    dashboards.sort(key=lambda dashboard: (dashboard.resolved.file, dashboard.settled.uid))
    return Inspection(workspace, prepared.documents, prepared.compiler, dashboards, findings)
