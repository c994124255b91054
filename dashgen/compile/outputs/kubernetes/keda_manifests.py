"""Scalers as `ScaledObject`s of KEDA (keda.sh/v1alpha1), with the `TriggerAuthentication` that they need."""

from typing import Final

from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.compile.outputs.kubernetes.manifest import (
    ManifestSettings,
    manifest,
    origins_of,
    without_empty,
)
from dashgen.compile.outputs.kubernetes.scaling_behavior import behavior
from dashgen.core.json_values import Json, apply_patch
from dashgen.model.condition import format_number
from dashgen.model.duration import whole_seconds
from dashgen.model.scaler_spec import FallbackBehavior, ScalerAuth
from dashgen.model.settled_scalers import SettledScaler
from dashgen.source.provenance import SpecPart
from dashgen.source.source import Path

_API: Final = "keda.sh/v1alpha1"
_FALLBACK: Final[dict[FallbackBehavior, str]] = {
    "static": "static",
    "current_replicas": "currentReplicas",
    "current_replicas_if_higher": "currentReplicasIfHigher",
    "current_replicas_if_lower": "currentReplicasIfLower",
}
_COOLDOWN: Final = 300


def keda_manifests(scaler: SettledScaler, settings: ManifestSettings) -> list[Artifact]:
    """The files for KEDA."""
    spec, name = scaler.scaler, scaler.scaler.name
    resolved = scaler.document.resolved
    resource = ArtifactResource("scaler", name, name, resolved.origin(("name",)).location())
    data: Json = {
        "apiVersion": _API,
        "kind": "ScaledObject",
        "metadata": settings.metadata(name, spec.labels, scaler.namespace),
        "spec": _spec(scaler),
    }
    apply_patch(data, spec.raw)
    artifacts = [manifest(f"keda/{name}", data, resource, _origins(scaler), _notes(scaler))]
    if spec.auth is not None and spec.auth.secret is not None:
        artifacts.append(_authentication(scaler, spec.auth, settings))
    return artifacts


def _spec(scaler: SettledScaler) -> Json:
    spec, target = scaler.scaler, scaler.workload
    rules = behavior(spec)
    fallback: Json = {}
    if spec.fallback is not None:
        fallback = {
            "failureThreshold": spec.fallback.failures,
            "replicas": spec.fallback.replicas,
            "behavior": _FALLBACK[spec.fallback.behavior],
        }
    stops = spec.replicas.min == 0
    reference = {
        "apiVersion": target.api_version,
        "kind": target.kind,
        "name": target.name,
        "envSourceContainerName": target.container,
    }
    return {
        "scaleTargetRef": without_empty(reference),
        "pollingInterval": whole_seconds(spec.polling),
        **({"cooldownPeriod": whole_seconds(spec.cooldown or "", _COOLDOWN)} if stops else {}),
        "minReplicaCount": spec.replicas.min,
        "maxReplicaCount": spec.replicas.max,
        **({"fallback": fallback} if fallback else {}),
        **({"advanced": {"horizontalPodAutoscalerConfig": {"behavior": rules}}} if rules else {}),
        "triggers": [_trigger(scaler)],
    }


def _trigger(scaler: SettledScaler) -> Json:
    spec = scaler.scaler
    # KEDA reads texts only. Without `ignoreNullValues: "false"` a Prometheus that lost the series is no load,
    # and the workload is scaled down just when nobody knows how much there is.
    texts = {
        "serverAddress": scaler.server,
        "query": scaler.load,
        "threshold": format_number(spec.threshold),
        "activationThreshold": None if spec.activation is None else format_number(spec.activation),
        "ignoreNullValues": "false",
        "customHeaders": ",".join(f"{name}={value}" for name, value in sorted(spec.headers.items())),
        "authModes": spec.auth.mode if spec.auth is not None else None,
    }
    trigger: Json = {
        "type": "prometheus",
        "name": "load",
        "metricType": "AverageValue",
        "metadata": without_empty(texts),
    }
    if spec.auth is not None:
        kind = "ClusterTriggerAuthentication" if spec.auth.cluster else "TriggerAuthentication"
        trigger["authenticationRef"] = {"kind": kind, "name": spec.auth.reference or spec.name}
    return trigger


def _authentication(scaler: SettledScaler, auth: ScalerAuth, settings: ManifestSettings) -> Artifact:
    name, resolved = scaler.scaler.name, scaler.document.resolved
    part = SpecPart(resolved, ("auth", "secret"))
    secret = auth.secret
    keys = sorted(secret.keys.items()) if secret is not None else ()
    data = {
        "apiVersion": _API,
        "kind": "TriggerAuthentication",
        "metadata": settings.metadata(name, scaler.scaler.labels, scaler.namespace),
        "spec": {
            "secretTargetRef": [
                {"parameter": parameter, "name": secret.name if secret else "", "key": key}
                for parameter, key in keys
            ]
        },
    }
    resource = ArtifactResource("scaler", name, name, part.location())
    return manifest(f"keda/{name}-auth", data, resource, [((), SpecPart(resolved)), (("spec",), part)])


def _origins(scaler: SettledScaler) -> list[tuple[Path, SpecPart]]:
    resolved = scaler.document.resolved
    keys: dict[Path, Path] = {
        ("metadata", "name"): ("name",),
        ("metadata", "labels"): ("labels",),
        ("metadata", "namespace"): ("target",),
        ("spec", "scaleTargetRef"): ("target",),
        ("spec", "pollingInterval"): ("polling",),
        ("spec", "cooldownPeriod"): ("cooldown",),
        ("spec", "minReplicaCount"): ("replicas", "min"),
        ("spec", "maxReplicaCount"): ("replicas", "max"),
        ("spec", "fallback"): ("fallback",),
        ("spec", "triggers", 0, "metadata", "query"): ("query",) if scaler.scaler.query else ("record",),
        ("spec", "triggers", 0, "metadata", "threshold"): ("threshold",),
        ("spec", "triggers", 0, "authenticationRef"): ("auth",),
    }
    return origins_of(resolved, keys, scaler.scaler.raw)


def _notes(scaler: SettledScaler) -> list[str]:
    fallback = scaler.scaler.fallback
    replicas = "there are as many replicas as before"
    if fallback is not None:
        behavior_name = _FALLBACK[fallback.behavior]
        replicas = (
            f"there are {fallback.replicas} replicas ({behavior_name}) after {fallback.failures} failures"
        )
    notes = [f"While the load cannot be read, {replicas}."]
    if scaler.scaler.output == "both":
        notes.append(f"Apply either this or hpa/{scaler.scaler.name}.yaml: two autoscalers undo each other.")
    return notes
