"""Compile dashboards: resolved documents to files in memory."""

from collections.abc import Iterator

import msgspec.structs
from msgspec import Struct, field

from dashgen.check.sound_panels import SoundPanels
from dashgen.compile.artifact_checks import check_dashboard, check_v2_dashboard
from dashgen.compile.classic_losses import classic_losses
from dashgen.compile.follow_ups import without_consequences
from dashgen.compile.lower.panel_checks import check_panel
from dashgen.compile.lower.panels import panel_types
from dashgen.compile.lower.panels.plugin import PluginPanel
from dashgen.compile.outputs.artifact import Artifact
from dashgen.compile.outputs.dashboard_files import dashboard_artifact, dashboard_path, folder_problem
from dashgen.compile.outputs.dashboard_forms import (
    EXTENDED,
    classic_fallback,
    keeps_dynamic,
    written_dashboard,
)
from dashgen.compile.outputs.kubernetes.manifest import ManifestSettings
from dashgen.compile.project_documents import DASHBOARD, checked
from dashgen.compile.settle.draw_scalers import add_replica_panels
from dashgen.compile.settle.settle_dashboard import Context, settle
from dashgen.compile.settle.threshold_variables import fill_threshold_variables
from dashgen.compile.settled_json import dashboard_json
from dashgen.compile.spec_defaults import AppliedDefaults
from dashgen.compile.spec_parts import DashboardParts
from dashgen.core.diagnostics import Diagnostic, Location, Severity
from dashgen.core.diagnostics.rule_table import is_structural
from dashgen.core.json_values import Json
from dashgen.model.folder import FolderPlaces
from dashgen.model.panel_spec import Panel
from dashgen.model.parse import ParsedDashboard, parse_dashboard
from dashgen.model.project_file import KubernetesSettings
from dashgen.model.settled_dashboard import SettledDashboard
from dashgen.source.load import Loaded
from dashgen.source.provenance import Reporter, Resolved, SpecPart
from dashgen.source.resolve import Scope, resolve
from dashgen.source.source import Path
from dashgen.workspace.build_records import DashboardSummary


class Compiler(Struct, frozen=True):
    """Everything that compiling a dashboard needs besides the dashboard itself."""

    scope: Scope
    context: Context
    defaults: AppliedDefaults
    form: str
    folders: FolderPlaces = field(default_factory=FolderPlaces)
    sound: SoundPanels = field(default_factory=SoundPanels)
    manifests: ManifestSettings = field(default_factory=lambda: ManifestSettings(KubernetesSettings()))

    def file(self, loaded: Loaded) -> tuple[list["CompiledDashboard | DashboardSummary"], list[Diagnostic]]:
        """The dashboards of a file that has nothing else."""
        problems = list(loaded.diagnostics)
        compiled: list[CompiledDashboard | DashboardSummary] = []
        for document in checked(loaded.documents, problems):
            if document.data["kind"] != DASHBOARD:
                message = "dashboards and other kinds are mixed in a way that could not be told apart"
                problems.append(
                    Diagnostic(
                        "spec/kind", message, document.location(), "put `kind:` at the start of a line"
                    )
                )
                continue
            resolved, findings = resolve(document, self.scope)
            problems += findings
            problems += [hidden for one in resolved for hidden in _hidden_groups(one)]
            compiled += self.all(resolved, problems)
        return compiled, problems

    def all(
        self, resolved: list[Resolved], problems: list[Diagnostic]
    ) -> list["CompiledDashboard | DashboardSummary"]:
        """The dashboards that compile, the summaries of the others; what is wrong joins ``problems``."""
        return [one for document in resolved if (one := self._compile(document, problems)) is not None]

    def one(self, resolved: Resolved, problems: list[Diagnostic]) -> "CompiledDashboard | None":
        """One dashboard, unless something is wrong with it."""
        compiled = self._compile(resolved, problems)
        return compiled if isinstance(compiled, CompiledDashboard) else None

    def _compile(
        self, resolved: Resolved, problems: list[Diagnostic]
    ) -> "CompiledDashboard | DashboardSummary | None":
        """A dashboard, or the summary of one that has errors, so that links to it are checked anyway."""
        settled, findings = self.settled(resolved)
        problems += findings
        if settled is None:
            return None
        folder = self.folder(settled)
        if not settled.uid or folder_problem(folder or "x"):
            return None
        dashboard = dashboard_json(settled, self.context.sources.by_name)
        refused = [one for one, _ in self.refused(settled, resolved, dashboard, findings)]
        if self.form != EXTENDED and (not keeps_dynamic(self.form) or self.manifests.has("operator")):
            refused += classic_losses(settled, resolved)
        problems += without_consequences(refused, resolved.broken)
        wrong = any(one.severity is Severity.ERROR and is_structural(one.rule) for one in findings)
        summary = summarise(settled, resolved, folder)
        if resolved.broken or wrong:
            return msgspec.structs.replace(summary, partial=True)
        artifact = dashboard_artifact(dashboard, folder, self.form, resolved.origin().location())
        if not self.manifests.kubernetes.layouts:
            return CompiledDashboard(artifact, summary, dashboard)
        # A dozen modules, for projects that choose a layout.
        from dashgen.compile.outputs.kubernetes.kubernetes_files import dashboard_manifests

        manifests, findings = dashboard_manifests(artifact, dashboard, folder, self.manifests, self.folders)
        problems += findings
        return CompiledDashboard(artifact, summary, dashboard, tuple(manifests))

    def refused(
        self,
        settled: SettledDashboard,
        resolved: Resolved,
        dashboard: Json,
        spec_findings: list[Diagnostic],
    ) -> list[tuple[Diagnostic, SpecPart | None]]:
        """What a server would refuse of a dashboard's JSON, each with the part of the spec behind it."""
        path = dashboard_path(settled.uid, self.folder(settled))
        types = {**_foreign_sources(settled), **self.context.sources.types}
        # What panels, queries and variables say is the same in every form, and is looked at in the classic
        # one.
        classic = classic_fallback(dashboard)
        parts = DashboardParts(settled, resolved, classic)
        refused = check_dashboard(path, classic, parts, types, spec_findings, self.sound)
        if self.form != "v2":
            return refused
        from dashgen.compile.v2_parts import V2Parts  # for projects in this form

        envelope = written_dashboard(dashboard, self.form)
        v2_parts = V2Parts(settled, resolved, envelope)
        earlier = [*spec_findings, *(finding for finding, _ in refused)]
        return [*refused, *check_v2_dashboard(path, envelope, v2_parts, earlier)]

    def folder(self, settled: SettledDashboard) -> str | None:
        """The path of titles of a dashboard's folder, which its spec may name by title, path or uid."""
        return self.folders.path(settled.dashboard.folder)

    def settled(self, resolved: Resolved) -> tuple[SettledDashboard | None, list[Diagnostic]]:
        """The dashboard before lowering, and what is wrong with it."""
        report = Reporter(resolved)
        problems = report.diagnostics
        # A prefix or a panel that came twice would make another dashboard of it.
        if not resolved.is_completed:
            self.defaults.apply_to_dashboard(resolved)
            add_replica_panels(resolved, self.context.scalers)
            resolved.is_completed = True
        parsed = parse_dashboard(report, panel_types(), PluginPanel)
        if parsed is None:
            return None, without_consequences(problems, resolved.broken)
        fill_threshold_variables(parsed, report)
        check_panels(parsed, problems)
        settled, findings = settle(parsed, self.context)
        problems += findings
        if (folder := self.folder(settled)) and (wrong := folder_problem(folder)):
            problems.append(resolved.diagnostic("folder/title", wrong, ("folder",), "rename the folder"))
        if len(settled.uid) == 0:
            problems.append(
                resolved.diagnostic(
                    "dashboard/uid", "no uid can be derived from the title", ("title",), "add `uid:`"
                )
            )
        return settled, without_consequences(problems, resolved.broken)


def _hidden_groups(resolved: Resolved) -> Iterator[Diagnostic]:
    """Report rules that a use brings of which the file's text does not tell: they were not read before."""
    for group in resolved.rule_groups[:1]:
        message = "this use brings rules, and its component's name cannot be told from the file"
        yield group.diagnostic("component/hidden-name", message, (), "write the name after `use:`")


def _foreign_sources(settled: SettledDashboard) -> dict[str, str]:
    """The types of the data sources that are named by type and uid, which need no description, by uid."""
    panels = [panel for row in settled.rows for panel in row.panels]
    refs = [
        *(panel.datasource for panel in panels),
        *(query.datasource for panel in panels for query in panel.queries),
        *(variable.datasource for variable in settled.all_variables()),
        *(annotation.datasource for annotation in settled.annotations),
    ]
    return {ref.uid: ref.type for ref in refs if ref is not None}


class CompiledDashboard(Struct, frozen=True):
    """A dashboard: its file, its summary, its JSON as data, and its files for Kubernetes."""

    artifact: Artifact
    summary: DashboardSummary
    data: Json
    manifests: tuple[Artifact, ...] = ()


def check_panels(parsed: ParsedDashboard, problems: list[Diagnostic]) -> None:
    """What is wrong with the panels' own options."""
    report = parsed.resolved.diagnostic
    for path, panel in parsed.panels.items():
        problems += [
            report(p.rule, p.message, (*path, *p.path), p.hint, key=p.on_key, severity=p.severity)
            for p in check_panel(panel)
        ]


def summarise(settled: SettledDashboard, resolved: Resolved, folder: str | None) -> DashboardSummary:
    """What other specs may refer to, of a dashboard in the folder with a path of titles."""
    spec = settled.dashboard
    return DashboardSummary(
        uid=settled.uid,
        title=spec.title,
        folder=folder,
        location=_place(resolved, "title"),
        panels={panel.key: panel.id for row in settled.rows for panel in row.panels},
        dashboards=tuple(_references(settled, resolved)),
        uid_location=_place(resolved, "uid") if spec.uid is not None else None,
        folder_location=_place(resolved, "folder") if spec.folder is not None else None,
    )


def _place(resolved: Resolved, *path: str | int) -> Location:
    return resolved.origin(path).location()


def _references(settled: SettledDashboard, resolved: Resolved) -> list[tuple[str, Location]]:
    """The dashboards that this one links to, with the place of the first link to each."""
    references: dict[str, Location] = {}
    for number, link in enumerate(settled.dashboard.links):
        if link.dashboard is not None:
            references.setdefault(link.dashboard, _place(resolved, "links", number, "dashboard"))
    for row in settled.rows:
        for panel in row.panels:
            for uid, path in _aims(panel.panel):
                if "$" not in uid and uid not in references:
                    references[uid] = _place(resolved, *panel.path, *path)
    return list(references.items())


def _aims(panel: Panel) -> Iterator[tuple[str, Path]]:
    """The dashboards that a panel links to, with the path of each link below the panel."""
    if isinstance(panel.drill_down, str):
        yield panel.drill_down, ("drill_down",)
    elif panel.drill_down is not None and panel.drill_down.dashboard is not None:
        yield panel.drill_down.dashboard, ("drill_down", "dashboard")
    for key, links in (("links", panel.links), ("panel_links", panel.panel_links)):
        for number, link in enumerate(links):
            if link.dashboard is not None:
                yield link.dashboard, (key, number, "dashboard")
