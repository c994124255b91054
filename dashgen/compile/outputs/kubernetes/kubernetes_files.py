"""All files for Kubernetes that a project chooses: those of each dashboard, and those of everything else."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from dashgen.compile.outputs.artifact import Artifact
from dashgen.compile.outputs.dashboard_forms import classic_fallback, written_dashboard
from dashgen.compile.outputs.kubernetes.autoscaler_manifests import autoscaler_manifests
from dashgen.compile.outputs.kubernetes.folder_tree import folder_nodes, same_uids
from dashgen.compile.outputs.kubernetes.git_sync_files import (
    GIT_SYNC,
    not_synced,
    synced_dashboard,
    synced_folders,
    too_many,
)
from dashgen.compile.outputs.kubernetes.keda_manifests import keda_manifests
from dashgen.compile.outputs.kubernetes.manifest import ManifestSettings
from dashgen.compile.outputs.kubernetes.operator_manifests import operator_dashboard, operator_manifests
from dashgen.compile.outputs.kubernetes.prometheus_manifests import prometheus_manifests
from dashgen.compile.outputs.kubernetes.sidecar_manifests import (
    dashboard_config_map,
    provisioning_config_maps,
)
from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.json_values import Json
from dashgen.model.folder import FolderPlaces
from dashgen.model.settled_alerts import SettledGroup
from dashgen.model.settled_scalers import SettledScaler


def dashboard_manifests(
    dashboard: Artifact, data: Json, folder: str | None, settings: ManifestSettings, places: FolderPlaces
) -> tuple[list[Artifact], list[Diagnostic]]:
    """The files of one dashboard for Kubernetes, and what is wrong with them.

    Args:
        dashboard: its ordinary file.
        data: its JSON, with what only schema v2 can say.
        folder: the path of titles of its folder.
        settings: what is built, and what every resource gets.
        places: the folders of specs.
    """
    artifacts: list[Artifact] = []
    problems: list[Diagnostic] = []
    if settings.has("sidecar"):
        # The sidecar writes the files that Grafana's provisioning reads.
        form = "v2" if settings.dashboard_api == "v2" else "classic"
        written = written_dashboard(data, form)
        artifacts, problems = dashboard_config_map(dashboard, written, folder, settings)
    if settings.has("operator"):
        # A `GrafanaDashboard` of the operator 5.24 holds the classic form.
        classic = classic_fallback(data)
        artifacts.append(operator_dashboard(dashboard, classic, folder, settings, places))
    if settings.has("git-sync"):
        artifacts.append(synced_dashboard(dashboard, data, folder, settings, places))
    return artifacts, problems


class KubernetesInputs(Struct, frozen=True):
    """What the files beside those of dashboards are made from.

    Attributes:
        scalers: the scalers.
        groups: the rule groups.
        files: the files of Grafana's provisioning, and rule files.
        folders: the path of titles of each folder of a dashboard, and where the dashboard is.
        places: the folders of specs.
        dashboards: where each dashboard is.
    """

    scalers: Sequence[SettledScaler]
    groups: Sequence[SettledGroup]
    files: Sequence[Artifact]
    folders: Sequence[tuple[str, Location]]
    places: FolderPlaces
    dashboards: Sequence[Location] = ()


def kubernetes_files(
    inputs: KubernetesInputs, settings: ManifestSettings
) -> tuple[list[Artifact], list[Diagnostic]]:
    """The files for Kubernetes beside those of dashboards, and what is wrong with them."""
    artifacts = [
        one
        for scaler in inputs.scalers
        if scaler.scaler.output != "hpa"
        for one in keda_manifests(scaler, settings)
    ]
    artifacts += autoscaler_manifests(inputs.scalers, settings)
    problems: list[Diagnostic] = []
    if settings.has("prometheus-rules"):
        artifacts += prometheus_manifests(inputs.files, settings)
    if settings.has("sidecar"):
        manifests, problems = provisioning_config_maps(inputs.files, settings)
        artifacts += manifests
    if settings.has("operator"):
        nodes = folder_nodes([*inputs.folders, *_folders_of_groups(inputs.groups)], inputs.places)
        problems += same_uids(nodes)
        manifests, findings = operator_manifests(inputs.groups, inputs.files, nodes, settings)
        artifacts += manifests
        problems += findings
    if settings.has("git-sync"):
        nodes = folder_nodes(inputs.folders, inputs.places)
        manifests, findings = synced_folders(nodes, inputs.places, settings)
        artifacts += manifests
        problems += [*findings, *too_many(inputs.dashboards, len(nodes))]
        if settings.kubernetes.layouts == [GIT_SYNC]:
            problems += not_synced(inputs.files)
        if not settings.has("operator"):
            problems += same_uids(nodes)
    return artifacts, problems


def _folders_of_groups(groups: Iterable[SettledGroup]) -> list[tuple[str, Location]]:
    return [
        (group.folder, group.document.resolved.origin(("group",)).location())
        for group in groups
        if group.folder and any("grafana" in rule.outputs for rule in group.rules)
    ]
