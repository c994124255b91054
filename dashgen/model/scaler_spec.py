"""Scalers, as they are written in a spec: how many replicas a load means.

Source: apis/keda/v1alpha1/scaledobject_types.go and pkg/scalers/prometheus_scaler.go of KEDA (commit
8b4f083c, on the way to 2.21), and the OpenAPI of autoscaling/v2 of Kubernetes.
"""

from typing import Annotated, Literal, TypeAlias

import msgspec

from dashgen.core.json_values import Json
from dashgen.model.alert_rules import MetricName, PanelPath
from dashgen.model.base import Count, Duration, ResourceLabels, ResourceName, Spec, doc, form
from dashgen.model.document import SpecDocument

ScalerName: TypeAlias = Annotated[
    str,
    msgspec.Meta(
        title="a name of Kubernetes (lower-case letters, digits and `-`, at most 54)",
        pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
        min_length=1,
        # KEDA calls its own autoscaler `keda-hpa-NAME`, and writes the name into a label of 63 characters.
        max_length=54,
        examples=["shop"],
    ),
]
TargetPath: TypeAlias = Annotated[
    str,
    form(
        "a workload (`kind/name`)",
        r"^(?:[Dd]eployment|[Ss]tateful[Ss]et|[Rr]eplica[Ss]et)/[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "deployment/shop",
    ),
]
ScalerOutput: TypeAlias = Literal["keda", "hpa", "both"]
FallbackBehavior: TypeAlias = Literal[
    "static", "current_replicas", "current_replicas_if_higher", "current_replicas_if_lower"
]
AuthMode: TypeAlias = Literal["bearer", "basic", "tls", "custom"]
AUTH_PARAMETERS: dict[AuthMode, tuple[str, ...]] = {
    "bearer": ("bearerToken",),
    "basic": ("username", "password"),
    "tls": ("ca", "cert", "key"),
    "custom": ("customAuthHeader", "customAuthValue"),
}
"""What KEDA reads of a Secret, by the way to authenticate (pkg/scalers/authentication)."""
WORKLOADS = {"deployment": "Deployment", "statefulset": "StatefulSet", "replicaset": "ReplicaSet"}
"""Kinds of workloads by their lower-case names."""


class ScaleTarget(Spec, kw_only=True):
    """The workload that is scaled."""

    name: Annotated[ResourceName, doc("Its name.", "shop")]
    kind: Annotated[str, doc("Its kind.", "Deployment", "StatefulSet", "Rollout")] = "Deployment"
    api_version: Annotated[str, doc("The version of its API.", "apps/v1", "argoproj.io/v1alpha1")] = "apps/v1"
    namespace: Annotated[
        ResourceName | None,
        doc("Its namespace, which the scaler is in too; that of `kubernetes:` when absent.", "shop"),
    ] = None
    container: Annotated[
        str | None, doc("KEDA: the container whose environment it reads; the first when absent.", "app")
    ] = None


class Replicas(Spec, kw_only=True):
    """How many replicas there may be."""

    min: Annotated[int, doc("At least so many; 0 lets KEDA stop the workload.", 1, ge=0)] = 1
    max: Annotated[Count, doc("At most so many.", 10)]


class ScalingPolicy(Spec, kw_only=True):
    """How fast the number of replicas may change: so many, or such a share, in a time."""

    pods: Annotated[Count | None, doc("So many replicas.", 4)] = None
    percent: Annotated[Count | None, doc("Such a share of the replicas, in percent.", 100)] = None
    every: Annotated[Duration, doc("In this time, up to 30m.", "1m")]


class ScalingRules(Spec, kw_only=True):
    """How the number of replicas changes in one direction."""

    stabilization: Annotated[
        Duration | None,
        doc("The safest recommendation of this time counts, up to 1h. 0s up and 5m down when absent.", "5m"),
    ] = None
    policies: Annotated[
        list[ScalingPolicy],
        doc("Limits of the speed; Kubernetes' own when absent.", [{"percent": 50, "every": "1m"}]),
    ] = []
    choose: Annotated[
        Literal["max", "min", "disabled"] | None,
        doc("Which policy counts: the one of most change, of least, or none may change anything."),
    ] = None


class Fallback(Spec, kw_only=True):
    """KEDA: what holds while the load cannot be read, instead of the replicas that there are."""

    replicas: Annotated[int, doc("So many replicas.", 3, ge=0)]
    failures: Annotated[Count, doc("After so many failures, one every `polling`.", 3)] = 3
    behavior: Annotated[
        FallbackBehavior,
        doc("Always `replicas`, or the current number, or the current number where it is higher or lower."),
    ] = "static"


class SecretKeys(Spec, kw_only=True):
    """Keys of a Secret of Kubernetes, which are references and never secrets themselves."""

    name: Annotated[ResourceName, doc("The Secret's name.", "prometheus-login")]
    keys: Annotated[
        dict[str, str],
        doc("What KEDA reads, and under which key it is.", {"bearerToken": "token"}, {"username": "user"}),
    ]


class ScalerAuth(Spec, kw_only=True):
    """KEDA: how Prometheus is authenticated to. Either `reference` or `secret`."""

    mode: Annotated[AuthMode, doc("The way.")]
    reference: Annotated[
        ResourceName | None, doc("A TriggerAuthentication that there is already.", "prometheus")
    ] = None
    cluster: Annotated[bool, doc("`reference` is a ClusterTriggerAuthentication.")] = False
    secret: Annotated[
        SecretKeys | None,
        doc(
            "A TriggerAuthentication is made that reads these keys.",
            {"name": "prometheus-login", "keys": {"bearerToken": "token"}},
        ),
    ] = None


class Scaler(Spec, kw_only=True):
    """When a workload of Kubernetes gets more replicas: a load, and how much of it one replica takes."""

    name: Annotated[ScalerName, doc("Its name, unique in the project.", "shop")]
    target: Annotated[TargetPath | ScaleTarget, doc("The workload that is scaled.", "deployment/shop")]
    query: Annotated[
        str | None,
        doc("The load, in PromQL: exactly one series.", "shop:requests:rate5m * 60"),
    ] = None
    record: Annotated[
        MetricName | None,
        doc("The load, by the name of a recording rule of the project.", "shop:requests:rate5m"),
    ] = None
    threshold: Annotated[float, doc("How much of the load one replica takes; above it there are more.", 60)]
    activation: Annotated[
        float | None,
        doc("KEDA, with `min: 0`: the workload starts when the load is above this. 0 when absent.", 5),
    ] = None
    replicas: Annotated[Replicas, doc("How many there may be.", {"min": 1, "max": 10})]
    polling: Annotated[Duration, doc("KEDA: how often it asks; whole seconds.", "30s")] = "30s"
    cooldown: Annotated[
        Duration | None,
        doc(
            "KEDA, with `min: 0`: how long there is no load before it stops the workload; 5m when absent.",
            "5m",
        ),
    ] = None
    up: Annotated[ScalingRules, doc("How replicas are added.")] = msgspec.field(default_factory=ScalingRules)
    down: Annotated[ScalingRules, doc("How replicas are taken away.")] = msgspec.field(
        default_factory=ScalingRules
    )
    fallback: Annotated[
        Fallback | None,
        doc("KEDA: how many replicas while the load cannot be read; as many as there are when absent."),
    ] = None
    datasource: Annotated[
        str, doc("The Prometheus, by its alias; its `url` is where KEDA asks.", "prometheus")
    ] = "prometheus"
    server: Annotated[
        str | None,
        doc(
            "KEDA: where Prometheus is inside the cluster, instead of the data source's `url`.",
            "http://prometheus.monitoring:9090",
        ),
    ] = None
    headers: Annotated[
        dict[str, str], doc("KEDA: headers of its requests; no secrets.", {"X-Scope-OrgID": "shop"})
    ] = {}
    auth: Annotated[ScalerAuth | None, doc("KEDA: how Prometheus is authenticated to.")] = None
    panel: Annotated[
        PanelPath | None,
        doc("The panel that shows the load: the scaler's lines, and its query, are drawn on it."),
    ] = None
    replicas_panel: Annotated[
        bool | str,
        doc("A panel in the row of `panel` with the replicas that the load means; text is its title."),
    ] = False
    output: Annotated[
        ScalerOutput,
        doc("A `ScaledObject` of KEDA, a plain HorizontalPodAutoscaler, or both, of which one is applied."),
    ] = "keda"
    labels: Annotated[ResourceLabels, doc("Labels of the resource.", {"team": "shop"})] = {}
    raw: Annotated[
        Json,
        doc(
            "Merged last, as it is, into the `ScaledObject`, or with `output: hpa` into the autoscaler.",
            {"spec": {"advanced": {"restoreToOriginalReplicaCount": True}}},
        ),
    ] = {}

    @property
    def workload(self) -> ScaleTarget:
        """The workload in its long form."""
        if isinstance(self.target, ScaleTarget):
            return self.target
        kind, _, name = self.target.partition("/")
        return ScaleTarget(name=name, kind=WORKLOADS.get(kind.lower(), kind))

    @property
    def load(self) -> str:
        """The query whose one value is the load; empty when none is written."""
        return (self.query if self.query is not None else self.record or "").strip()


class ScalerTrigger(msgspec.Struct, frozen=True):
    """What a scaler draws on its panel.

    Attributes:
        document: the scaler and where it is written.
        load: its query.
        expanded: the same with the queries of recording rules in the place of their names.
    """

    document: SpecDocument[Scaler]
    load: str
    expanded: str

    @property
    def scaler(self) -> Scaler:
        """The scaler."""
        return self.document.model

    @property
    def first(self) -> float:
        """The load above which there are more than the fewest replicas."""
        return self.scaler.threshold * max(self.scaler.replicas.min, 1)

    @property
    def full(self) -> float:
        """The load above which nothing more is added."""
        return self.scaler.threshold * self.scaler.replicas.max
