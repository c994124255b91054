"""Compile everything but dashboards: alert rules, notifications, data sources, the provider, rule files."""

from collections.abc import Sequence

from dashgen.check.inventory import Elsewhere
from dashgen.compile.artifact_checks import check_files
from dashgen.compile.compilation import OtherFiles
from dashgen.compile.compile_context import described_series, metric_facts, recorded_queries
from dashgen.compile.follow_ups import without_consequences
from dashgen.compile.outputs.artifact import Artifact
from dashgen.compile.outputs.dashboard_providers import ProviderOptions, dashboard_provider, nested_folders
from dashgen.compile.outputs.data_source_files import data_sources
from dashgen.compile.outputs.grafana_rules import grafana_rules
from dashgen.compile.outputs.kubernetes.manifest import manifest_settings
from dashgen.compile.outputs.notification_files import notifications
from dashgen.compile.outputs.provisioning_file import Tombstone
from dashgen.compile.outputs.rule_files import rule_files
from dashgen.compile.outputs.rule_tests import rule_tests
from dashgen.compile.project_documents import Documents
from dashgen.compile.settle.settle_alerts import settle_alerts
from dashgen.compile.settle.settle_data_sources import Sources
from dashgen.compile.settle.settle_reports import ReportReferences, settle_reports
from dashgen.compile.settle.settle_scalers import settle_scalers
from dashgen.compile.unmatched_inhibitions import (
    undelivered_inhibitions,
    unmatched_inhibitions,
    unsupported_inhibitions,
)
from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.model.data_source_spec import placed_data_sources
from dashgen.model.document import SpecDocument
from dashgen.model.folder import FolderPlaces, folder_places
from dashgen.model.notification_spec import (
    Notifications,
    contact_emails,
    contact_point_names,
    external,
    mute_timing_names,
)
from dashgen.model.settled_alerts import AlertContext, SettledRecord
from dashgen.model.settled_scalers import ScalerContext
from dashgen.source.provenance import Resolved, SpecPart
from dashgen.workspace.build_records import DashboardSummary
from dashgen.workspace.input_files import PROJECT_FILE
from dashgen.workspace.lock_file import Lock, known_before
from dashgen.workspace.workspace import Workspace

TOMBSTONE_KINDS = frozenset(
    ("alert-rule", "recording-rule", "contact-point", "policies", "mute-timing", "template", "datasource")
)


def compile_others(
    documents: Documents,
    workspace: Workspace,
    summaries: Sequence[DashboardSummary],
    sources: Sources,
    lock: Lock,
) -> OtherFiles:
    """Compile the documents that are no dashboards.

    Args:
        documents: the documents.
        workspace: the project.
        summaries: the dashboards, whose panels alerts refer to.
        sources: every data source by alias.
        lock: what was owned before; what of it is not built any more leaves a tombstone.
    """
    before = known_before(lock)
    tombstones = [
        Tombstone(earlier.kind, earlier.uid, earlier.title)
        for earlier in before
        if earlier.kind in TOMBSTONE_KINDS
    ]
    places, problems = folder_places(documents.of("Folder"), documents.prefix)
    others = OtherFiles(diagnostics=problems)
    context = alert_context(documents, workspace, summaries, sources, places)
    others.groups, problems = settle_alerts(documents.of("AlertRules"), context)
    others.diagnostics += problems
    others.artifacts += grafana_rules(others.groups, tombstones, external(documents.of("Notifications")))
    others.artifacts += rule_files(others.groups, workspace.project.grafana_url)
    others.artifacts += rule_tests(others.groups)
    for artifacts, problems in (
        notifications(documents.of("Notifications"), tombstones),
        data_sources(documents.of("DataSources"), sources.by_name, tombstones),
    ):
        others.artifacts += artifacts
        others.diagnostics += problems
    notices = documents.of("Notifications")
    others.diagnostics += unmatched_inhibitions(notices, others.groups)
    _add_alertmanager(others, notices, workspace)
    # Reports are no files of Grafana's: `dashgen report` evaluates them.
    _, problems = settle_reports(
        documents.of("Report"), report_context(documents, workspace, summaries, sources)
    )
    others.diagnostics += problems
    others.artifacts += _provider(workspace, summaries)
    _add_kubernetes(others, documents, workspace, summaries, context)
    others.diagnostics += nested_folders((s.folder, s.location) for s in summaries if s.folder is not None)
    alive = {
        (resource.kind, resource.uid) for artifact in others.artifacts for resource in artifact.resources
    }
    others.removed = [
        earlier
        for earlier in before
        if earlier.kind in TOMBSTONE_KINDS and (earlier.kind, earlier.uid) not in alive
    ]
    # Rules are typed one by one, after their documents.
    broken = [origin for document in documents.of("AlertRules") for origin in document.resolved.broken]
    broken += [origin for document in documents.broken for origin in document.broken]
    others.diagnostics = without_consequences(others.diagnostics, broken)
    return others


def _add_alertmanager(
    others: OtherFiles, notices: list[SpecDocument[Notifications]], workspace: Workspace
) -> None:
    """Add Alertmanager's files, where the project file has its settings."""
    settings = workspace.project.alertmanager
    if settings is None:
        project = workspace.project
        # One finding: a Grafana that has none gets none from a push either.
        others.diagnostics += unsupported_inhibitions(notices, project.grafana) or undelivered_inhibitions(
            notices, project.kubernetes.layouts
        )
        return
    # A few modules, for projects that have an Alertmanager.
    from dashgen.compile.outputs.alertmanager_files import alertmanager_files

    document = workspace.document
    location = document.location(("alertmanager",)) if document else Location(PROJECT_FILE)
    artifacts, problems = alertmanager_files(notices, settings, location)
    others.artifacts += artifacts
    others.diagnostics += problems


def _add_kubernetes(
    others: OtherFiles,
    documents: Documents,
    workspace: Workspace,
    summaries: Sequence[DashboardSummary],
    context: AlertContext,
) -> None:
    """Settle the scalers, and add the files for Kubernetes."""
    settings = manifest_settings(workspace)
    if not settings.kubernetes.layouts and not documents.of("Scaler"):
        return
    # A dozen modules, for projects that have something for Kubernetes.
    from dashgen.compile.outputs.kubernetes.kubernetes_files import KubernetesInputs, kubernetes_files

    scaler_context = ScalerContext(
        alerts=context,
        sources={one.uid: one for one in placed_data_sources(documents.of("DataSources"))},
        recorded=recorded_queries(documents),
        groups=others.groups,
        namespace=settings.namespace,
    )
    others.scalers, problems = settle_scalers(documents.of("Scaler"), scaler_context)
    others.diagnostics += problems
    inputs = KubernetesInputs(
        scalers=others.scalers,
        groups=others.groups,
        files=tuple(others.artifacts),
        folders=[(one.folder, one.location) for one in summaries if one.folder is not None],
        places=context.folders,
        dashboards=[one.location for one in summaries],
    )
    artifacts, problems = kubernetes_files(inputs, settings)
    others.artifacts += artifacts
    others.diagnostics += problems


def check_others(
    others: OtherFiles,
    documents: Documents,
    summaries: Sequence[DashboardSummary],
    sources: Sources,
    spec_findings: Sequence[Diagnostic],
) -> list[Diagnostic]:
    """What Grafana, Prometheus or Loki would refuse of these files, said of the specs.

    Args:
        others: the files.
        documents: the documents that they were made from.
        summaries: the dashboards, whose panels alerts name.
        sources: every data source by alias.
        spec_findings: what is known to be wrong with the specs.
    """
    notices = documents.of("Notifications")
    # A rule may name a data source by type and uid that no spec describes.
    named = (query.datasource for group in others.groups for alert in group.alerts for query in alert.queries)
    recorded = (
        rule.datasource for group in others.groups for rule in group.rules if isinstance(rule, SettledRecord)
    )
    foreign = {ref.uid: ref.type for ref in (*named, *recorded) if ref is not None}
    elsewhere = Elsewhere(
        data_sources={**foreign, **sources.types},
        contact_points=external(notices).contact_points,
        mute_times=external(notices).mute_timings,
        panels={summary.uid: summary.panels.values() for summary in summaries},
    )
    return check_files(others.artifacts, elsewhere, spec_findings)


def folder_paths(documents: Documents) -> set[str]:
    """Every word that means a folder of a `Folder` spec; none when there is no such spec."""
    places, _ = folder_places(documents.of("Folder"), documents.prefix)
    return set(places)


def alert_context(
    documents: Documents,
    workspace: Workspace,
    summaries: Sequence[DashboardSummary] | None,
    sources: Sources,
    places: FolderPlaces,
) -> AlertContext:
    """What alert rules may refer to.

    Args:
        documents: the documents.
        workspace: the project.
        summaries: the dashboards, whose panels alerts refer to; None where they are not known.
        sources: every data source by alias.
        places: the folders by the words that mean them.
    """
    notices = documents.of("Notifications")
    return AlertContext(
        datasources=sources.by_name,
        panel_ids=None if summaries is None else _panel_ids(summaries),
        contact_points=contact_point_names(notices),
        mute_timings=mute_timing_names(notices),
        folders=places,
        grafana_url=workspace.project.grafana_url,
        docs_url=workspace.project.docs_url,
        contract=described_series(documents),
        targets=workspace.project.versions.targets(),
    )


def report_context(
    documents: Documents,
    workspace: Workspace,
    summaries: Sequence[DashboardSummary] | None,
    sources: Sources,
) -> ReportReferences:
    """What reports may refer to; ``summaries`` is None where dashboards are not known."""
    return ReportReferences(
        sources=sources,
        panel_ids=None if summaries is None else _panel_ids(summaries),
        emails=contact_emails(documents.of("Notifications")),
        facts=metric_facts(documents.of("Metrics")),
        contract=described_series(documents),
        targets=workspace.project.versions.targets(),
    )


def _panel_ids(summaries: Sequence[DashboardSummary]) -> dict[str, dict[str, int]]:
    """The ids of panels by the uid of their dashboard and by their keys."""
    panel_ids: dict[str, dict[str, int]] = {}
    for summary in summaries:
        # Two dashboards with one uid are an error, which is told elsewhere.
        above = panel_ids.get(summary.uid)
        panel_ids[summary.uid] = summary.panels if above is None else {**above, **summary.panels}
    return panel_ids


def _provider(workspace: Workspace, summaries: Sequence[DashboardSummary]) -> list[Artifact]:
    if not summaries:
        return []
    settings = workspace.project.provisioning
    options = ProviderOptions(settings.name, settings.path, settings.seconds, settings.edits, settings.keep)
    document = workspace.document
    location = document.location(("provisioning",)) if document else Location(PROJECT_FILE)
    part = SpecPart(Resolved(document, document.data), ("provisioning",)) if document else None
    return dashboard_provider(options, location, part)
