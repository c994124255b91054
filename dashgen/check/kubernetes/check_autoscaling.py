"""What KEDA and Kubernetes refuse of autoscalers beyond their schemas.

Sources: `TypedConfig` of prometheusMetadata in pkg/scalers/prometheus_scaler.go and scaledobject_types.go of
KEDA; pkg/apis/autoscaling/validation of Kubernetes.
"""

from typing import Final

from dashgen.check.check_queries import check_syntax
from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json, is_numeric, mapping

_PROMETHEUS: Final = (
    "serverAddress", "query", "queryParameters", "threshold", "activationThreshold", "namespace",
    "customHeaders", "ignoreNullValues", "unsafeSsl", "awsRegion", "timeout", "identityOwner", "authModes",
)  # fmt: skip
_NEEDED: Final = ("serverAddress", "query", "threshold")
_NUMBERS: Final = ("threshold", "activationThreshold")
_SWITCHES: Final = frozenset(
    ("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False")
)
_OFF: Final = frozenset(("0", "f", "F", "FALSE", "false", "False"))
_LONGEST_WINDOW: Final = 3600
_LONGEST_PERIOD: Final = 1800
_POLICIES: Final = ("Pods", "Percent")
_SELECTIONS: Final = ("Max", "Min", "Disabled")


def check_scaled_object(report: Report, spec: Json) -> None:
    """Report bounds that contradict each other, and triggers of Prometheus that KEDA refuses.

    Args:
        report: the resource.
        spec: its `spec`, which may have any form.
    """
    _check_bounds(report, spec, "minReplicaCount", "maxReplicaCount")
    idle, least = spec.get("idleReplicaCount"), spec.get("minReplicaCount", 0)
    if isinstance(idle, int) and isinstance(least, int) and idle >= least:
        message = "`idleReplicaCount` has to be below `minReplicaCount`"
        report.error("kubernetes/replicas", ("spec", "idleReplicaCount"), message, "write 0")
    behavior = mapping(
        mapping(mapping(spec.get("advanced")).get("horizontalPodAutoscalerConfig")).get("behavior")
    )
    path = ("spec", "advanced", "horizontalPodAutoscalerConfig", "behavior")
    _check_behavior(report, behavior, path)
    for index, trigger in entries(spec.get("triggers")):
        if trigger.get("type") == "prometheus":
            _check_trigger(report, mapping(trigger.get("metadata")), ("spec", "triggers", index, "metadata"))


def check_autoscaler(report: Report, spec: Json) -> None:
    """Report what Kubernetes refuses of the `spec` of a HorizontalPodAutoscaler."""
    _check_bounds(report, spec, "minReplicas", "maxReplicas")
    least = spec.get("minReplicas")
    if isinstance(least, int) and least < 1:
        message = "`minReplicas` of 0 needs the feature gate HPAScaleToZero, which is off"
        report.error("kubernetes/replicas", ("spec", "minReplicas"), message, "write 1")
    _check_behavior(report, mapping(spec.get("behavior")), ("spec", "behavior"))


def _check_bounds(report: Report, spec: Json, least_key: str, most_key: str) -> None:
    least, most = spec.get(least_key), spec.get(most_key)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        message = f"`{least_key}` is {least} and `{most_key}` {most}"
        report.error("kubernetes/replicas", ("spec", least_key), message, f"write at most {most}")


def _check_trigger(report: Report, metadata: Json, path: Path) -> None:
    for key in metadata:
        if key not in _PROMETHEUS:
            message = f"KEDA's trigger of Prometheus has no `{key}`"
            hint = nearest(key, _PROMETHEUS)
            report.warning("kubernetes/unknown-key", (*path, key), message, hint, key=True)
    for key in _NEEDED:
        if not text_of(metadata.get(key)).strip():
            message = f"`{key}` is missing in a trigger of Prometheus"
            report.error("kubernetes/missing-key", path, message, f"add `{key}`")
    _check_values(report, metadata, path)
    query = metadata.get("query")
    if isinstance(query, str) and query.strip():
        check_syntax(report, (*path, "query"), query, "prometheus")


def _check_values(report: Report, metadata: Json, path: Path) -> None:
    for key in _NUMBERS:
        text = text_of(metadata.get(key))
        if text and not is_numeric(text):
            report.error("kubernetes/wrong-type", (*path, key), f"`{text}` is not a number", "write a number")
    ignored = text_of(metadata.get("ignoreNullValues"))
    if ignored and ignored not in _SWITCHES:
        message = f"`{ignored}` is neither true nor false"
        report.error("kubernetes/wrong-type", (*path, "ignoreNullValues"), message, "write `'false'`")
    elif ignored not in _OFF:
        message = "a Prometheus that lost the series counts as no load, and replicas are taken away"
        report.info("kubernetes/no-value", path, message, "write `ignoreNullValues: 'false'`")


def _check_behavior(report: Report, behavior: Json, path: Path) -> None:
    for direction in ("scaleUp", "scaleDown"):
        rules, where = mapping(behavior.get(direction)), (*path, direction)
        _check_time(report, rules, (*where, "stabilizationWindowSeconds"), 0, _LONGEST_WINDOW)
        _check_word(report, rules, (*where, "selectPolicy"), _SELECTIONS)
        for index, policy in entries(rules.get("policies")):
            below = (*where, "policies", index)
            _check_time(report, policy, (*below, "periodSeconds"), 1, _LONGEST_PERIOD)
            _check_time(report, policy, (*below, "value"), 1, None)
            _check_word(report, policy, (*below, "type"), _POLICIES)


def _check_time(report: Report, values: Json, path: Path, least: int, most: int | None) -> None:
    value = values.get(str(path[-1]))
    if not isinstance(value, int) or isinstance(value, bool):
        return
    if value < least or (most is not None and value > most):
        bound = f"from {least} to {most}" if most is not None else f"at least {least}"
        message = f"`{path[-1]}` is {value}, and has to be {bound}"
        report.error("kubernetes/out-of-range", path, message, f"write {least if value < least else most}")


def _check_word(report: Report, values: Json, path: Path, choices: tuple[str, ...]) -> None:
    value = values.get(str(path[-1]))
    if isinstance(value, str) and value not in choices:
        message = f"`{value}` is no `{path[-1]}`"
        report.error("kubernetes/unknown-value", path, message, nearest(value, choices))
