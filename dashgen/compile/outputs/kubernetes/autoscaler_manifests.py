"""Scalers as plain HorizontalPodAutoscalers, with the rule by which prometheus-adapter serves their load.

Sources: autoscaling/v2 of Kubernetes; docs/externalmetrics.md and docs/config.md of
github.com/kubernetes-sigs/prometheus-adapter.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.compile.outputs.kubernetes.manifest import FOLDER, ManifestSettings, manifest, origins_of
from dashgen.compile.outputs.kubernetes.scaling_behavior import behavior, quantity
from dashgen.core.json_values import Json, apply_patch
from dashgen.model.settled_scalers import SettledScaler
from dashgen.source.source import Path
from dashgen.source.yaml_text import generated_header, yaml_bytes

ADAPTER_FILE: Final = f"{FOLDER}/hpa/prometheus-adapter.yaml"
_ADAPTER: Final = "dashgen-prometheus-adapter"
_PARTS: Final[Mapping[Path, Path]] = {
    ("metadata", "name"): ("name",),
    ("metadata", "labels"): ("labels",),
    ("metadata", "namespace"): ("target",),
    ("spec", "scaleTargetRef"): ("target",),
    ("spec", "minReplicas"): ("replicas", "min"),
    ("spec", "maxReplicas"): ("replicas", "max"),
    ("spec", "metrics"): ("threshold",),
    ("spec", "behavior", "scaleUp"): ("up",),
    ("spec", "behavior", "scaleDown"): ("down",),
}
"""What of the spec the parts of an autoscaler are made from."""


def autoscaler_manifests(scalers: Sequence[SettledScaler], settings: ManifestSettings) -> list[Artifact]:
    """An autoscaler for each scaler, and a configuration of the adapter for all of them."""
    chosen = [one for one in scalers if one.scaler.output != "keda"]
    if not chosen:
        return []
    return [*(_autoscaler(one, settings) for one in chosen), _adapter(chosen, settings)]


def external_metric(name: str) -> str:
    """What the adapter calls the load of a scaler."""
    return f"{name.replace('-', '_').replace('.', '_')}_load"


def _autoscaler(scaler: SettledScaler, settings: ManifestSettings) -> Artifact:
    spec, target, name = scaler.scaler, scaler.workload, scaler.scaler.name
    resolved = scaler.document.resolved
    rules = behavior(spec)
    data: Json = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": settings.metadata(name, spec.labels, scaler.namespace),
        "spec": {
            "scaleTargetRef": {"apiVersion": target.api_version, "kind": target.kind, "name": target.name},
            "minReplicas": spec.replicas.min,
            "maxReplicas": spec.replicas.max,
            "metrics": [
                {
                    "type": "External",
                    "external": {
                        "metric": {"name": external_metric(name)},
                        "target": {"type": "AverageValue", "averageValue": quantity(spec.threshold)},
                    },
                }
            ],
            **({"behavior": rules} if rules else {}),
        },
    }
    if spec.output == "hpa":
        apply_patch(data, spec.raw)
    origins = origins_of(resolved, _PARTS, spec.raw if spec.output == "hpa" else {})
    resource = ArtifactResource("scaler", name, name, resolved.origin(("name",)).location())
    notes = ["The load is served by prometheus-adapter, with the rule in prometheus-adapter.yaml."]
    if spec.output == "both":
        notes.append(f"Apply either this or keda/{name}.yaml: two autoscalers undo each other.")
    return manifest(f"hpa/{name}", data, resource, origins, notes)


def _adapter(scalers: Sequence[SettledScaler], settings: ManifestSettings) -> Artifact:
    rules = [
        {
            "seriesQuery": f'{{__name__="{one.series}"}}',
            # The load is the same for every namespace: its query names no label of the workload.
            "resources": {"namespaced": False},
            # Anchored, so that the whole name is replaced, and once.
            "name": {"matches": "^.*$", "as": external_metric(one.scaler.name)},
            "metricsQuery": one.load,
        }
        for one in scalers
    ]
    config = yaml_bytes({"externalRules": rules}).decode()
    data = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": settings.metadata(_ADAPTER),
        "data": {"config.yaml": config},
    }
    files = [one.document.resolved.origin(("name",)).location().file for one in scalers]
    notes = ["Give it to prometheus-adapter as its configuration, or copy the rules into `rules.external`."]
    resources = [
        ArtifactResource(
            "scaler",
            one.scaler.name,
            one.scaler.name,
            one.document.resolved.origin(("name",)).location(),
        )
        for one in scalers
    ]
    content = yaml_bytes(data, generated_header(files, notes))
    return Artifact(ADAPTER_FILE, content, tuple(resources), (), data)
