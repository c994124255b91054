"""Rule files of Prometheus as `PrometheusRule`s of the Prometheus operator (monitoring.coreos.com/v1)."""

from collections.abc import Iterable

from dashgen.compile.outputs.artifact import Artifact
from dashgen.compile.outputs.kubernetes.manifest import ManifestSettings, below, manifest, resource_name

_RULES = "rules/prometheus/"


def prometheus_manifests(rule_files: Iterable[Artifact], settings: ManifestSettings) -> list[Artifact]:
    """A resource for each rule file of Prometheus.

    Args:
        rule_files: the rule files.
        settings: what every resource gets.
    """
    artifacts = []
    for file in rule_files:
        if not file.path.startswith(_RULES) or not file.resources:
            continue
        name = resource_name(file.path.removeprefix(_RULES).removesuffix(".yaml"))
        data = {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "PrometheusRule",
            "metadata": settings.metadata(name, settings.kubernetes.rule_labels),
            "spec": {"groups": file.data["groups"]},
        }
        path = f"prometheus-rules/{name}"
        artifacts.append(manifest(path, data, file.resources[0], below(("spec",), file.origins)))
    return artifacts
