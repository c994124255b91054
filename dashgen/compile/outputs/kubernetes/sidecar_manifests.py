"""ConfigMaps that the sidecar of Grafana's chart writes to files of Grafana's provisioning.

Sources: README of github.com/kiwigrid/k8s-sidecar; `sidecar.dashboards`, `sidecar.datasources` and
`sidecar.alerts` of the Grafana chart. A ConfigMap has at most 1 MiB of data (`MaxSecretSize` in
pkg/apis/core/validation of Kubernetes).
"""

from collections.abc import Iterable
from typing import Final

import orjson

from dashgen.compile.outputs.artifact import Artifact
from dashgen.compile.outputs.kubernetes.manifest import ManifestSettings, resource_name, text_manifest
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.json_values import Json

MAX_BYTES: Final = 1024 * 1024
_COMPACT: Final = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
_PROVISIONING: Final = {"provisioning/datasources/": "datasources", "provisioning/alerting/": "alerting"}
_FILE_HINT: Final = "build it for the Grafana operator, or mount the file itself"
_SIZE_HINT: Final = "split the dashboard, or build it for the Grafana operator or Git Sync"


def dashboard_config_map(
    dashboard: Artifact, data: Json, folder: str | None, settings: ManifestSettings
) -> tuple[list[Artifact], list[Diagnostic]]:
    """The ConfigMap with a dashboard, and what is wrong with its size.

    Args:
        dashboard: its file.
        data: its JSON.
        folder: the path of titles of its folder.
        settings: what every resource gets.
    """
    labels, resource = settings.kubernetes.sidecar, dashboard.resources[0]
    content = orjson.dumps(data, option=_COMPACT | orjson.OPT_INDENT_2)
    if len(content) > MAX_BYTES:
        content = orjson.dumps(data, option=_COMPACT)
    if len(content) > MAX_BYTES:
        message = f"`{resource.title}` has {len(content) / MAX_BYTES:.1f} MiB, and a ConfigMap holds 1 MiB"
        return [], [Diagnostic("kubernetes/size", message, resource.location, _SIZE_HINT)]
    name = resource_name(resource.uid, "dashboard")
    metadata = settings.metadata(name, {labels.dashboards: labels.value})
    if folder:
        metadata["annotations"] = {labels.folder: folder}
    head = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}
    opening = f"data:\n  {resource.uid}.json:"
    return [text_manifest(f"sidecar/dashboards/{name}", head, opening, content.decode(), (resource,))], []


def provisioning_config_maps(
    files: Iterable[Artifact], settings: ManifestSettings
) -> tuple[list[Artifact], list[Diagnostic]]:
    """ConfigMaps with the files of data sources and alerting, and those that are too large.

    Secrets in these files are references already, which Grafana replaces when it reads them.
    """
    labels = settings.kubernetes.sidecar
    artifacts: list[Artifact] = []
    problems: list[Diagnostic] = []
    for file in files:
        kind = next((kind for start, kind in _PROVISIONING.items() if file.path.startswith(start)), None)
        if kind is None or not file.resources:
            # A file that only deletes has nobody to tell it to: a sidecar's Grafana starts without the rest.
            continue
        short = file.path.rpartition("/")[2].removesuffix(".yaml")
        name = f"{kind}-{short}" if kind == "alerting" else kind
        if len(file.content) > MAX_BYTES:
            size = len(file.content) / MAX_BYTES
            message = f"`{file.path}` has {size:.1f} MiB, and a ConfigMap holds 1 MiB"
            location = file.resources[0].location
            problems.append(Diagnostic("kubernetes/size", message, location, _FILE_HINT))
            continue
        label = labels.alerting if kind == "alerting" else labels.datasources
        metadata = settings.metadata(name, {label: labels.value})
        head = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}
        # Files of two kinds land in one folder of a sidecar that looks for both.
        opening = f"data:\n  dashgen-{name}.yaml:"
        artifacts.append(
            text_manifest(f"sidecar/{name}", head, opening, file.content.decode(), file.resources)
        )
    return artifacts, problems
