"""What is wrong with the numbers, times and logins of a scaler.

Sources: the validation of autoscaling/v2 (pkg/apis/autoscaling/validation of Kubernetes: windows of at
most an hour, periods of at most 30 minutes, at least one replica), and KEDA's scaledobject_types.go.
"""

from typing import Final

from dashgen.core.diagnostics import nearest
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.condition import Kind, format_number
from dashgen.model.duration import DURATION_HINT, duration_problem, milliseconds
from dashgen.model.scaler_spec import (
    AUTH_PARAMETERS,
    AuthMode,
    Fallback,
    Scaler,
    ScalerAuth,
    ScalingPolicy,
    ScalingRules,
    SecretKeys,
)
from dashgen.model.settled_alerts import SettledAlert
from dashgen.model.settled_scalers import ScalerContext, SettledScaler
from dashgen.query.promql.recorded_series import times, with_recorded
from dashgen.source.provenance import Reporter

_LONGEST_WINDOW: Final = 3_600_000
_LONGEST_PERIOD: Final = 1_800_000
_SECRET_HEADER: Final = lazy_pattern(r"(?i)authorization|cookie|token|key|secret|password")
_ABOVE: Final = frozenset({Kind.ABOVE, Kind.AT_LEAST})


def check_scaler(scaler: SettledScaler, context: ScalerContext, report: Reporter) -> None:
    """Report everything that can be wrong with a scaler beside its query, address and panel."""
    spec = scaler.scaler
    _check_numbers(spec, report)
    _check_of_keda(spec, report)
    for key, rules in (("up", spec.up), ("down", spec.down)):
        _check_rules(rules, report.at((key,)))
    window = spec.down.stabilization
    if window is not None and milliseconds(window) == 0 and not spec.down.policies:
        message = "replicas are taken away at once: they come and go with each wave of the load"
        report.warn("scaler/flapping", message, ("down", "stabilization"), "write `5m`, or add `policies:`")
    _check_headers(spec, report)
    if spec.auth is not None:
        _check_auth(spec.auth, report.at(("auth",)))
    for group in context.groups:
        for alert in group.alerts:
            _check_alert(scaler, alert, context, report)


def _check_numbers(spec: Scaler, report: Reporter) -> None:
    replicas = spec.replicas
    if not 0 < spec.threshold < float("inf"):
        message = f"one replica cannot take {spec.threshold:g} of the load"
        report.error("scaler/threshold", message, ("threshold",), "write a number above 0")
    if replicas.min > replicas.max:
        message = f"at least {replicas.min} and at most {replicas.max} replicas contradict each other"
        report.error("scaler/replicas", message, ("replicas", "min"), f"write at most {replicas.max}")
    elif replicas.min == replicas.max:
        message = f"there are always {replicas.max} replicas: nothing is scaled"
        report.warn("scaler/replicas", message, ("replicas", "max"), "make `max` larger")
    if spec.output != "keda" and replicas.min == 0:
        message = "a HorizontalPodAutoscaler cannot stop a workload"
        report.error("scaler/replicas", message, ("replicas", "min"), "write 1, or `output: keda`")


def _check_of_keda(spec: Scaler, report: Reporter) -> None:
    _check_duration(spec.polling, 1000, None, report.at(("polling",)))
    if spec.cooldown is not None:
        _check_duration(spec.cooldown, 0, None, report.at(("cooldown",)))
    _check_effect(spec, report)
    if spec.activation is not None and not 0 <= spec.activation < spec.threshold:
        message = f"a load of {spec.activation:g} stops the workload, though one replica does not take it"
        hint = f"write less than the threshold, {spec.threshold:g}"
        report.error("scaler/activation", message, ("activation",), hint)
    if spec.fallback is not None:
        _check_fallback(spec, spec.fallback, report)


def _check_effect(spec: Scaler, report: Reporter) -> None:
    """Warn about what is only about stopping a workload, which never happens."""
    for key, value in (("activation", spec.activation), ("cooldown", spec.cooldown)):
        if value is not None and (spec.output == "hpa" or spec.replicas.min > 0):
            why = "a HorizontalPodAutoscaler has none" if spec.output == "hpa" else "nothing is ever stopped"
            hint = "remove it" if spec.output == "hpa" else "remove it, or write `min: 0`"
            report.warn("scaler/ineffective", f"`{key}` has no effect: {why}", (key,), hint, key=True)


def _check_fallback(spec: Scaler, fallback: Fallback, report: Reporter) -> None:
    if fallback.replicas > spec.replicas.max:
        message = f"{fallback.replicas} replicas while the load is unknown are more than `max`"
        hint = f"write at most {spec.replicas.max}"
        report.error("scaler/replicas", message, ("fallback", "replicas"), hint)
    if spec.output == "hpa":
        message = "`fallback` has no effect: a HorizontalPodAutoscaler keeps the replicas that there are"
        report.warn("scaler/ineffective", message, ("fallback",), "remove it", key=True)


def _check_duration(text: str, least: int, most: int | None, report: Reporter) -> None:
    """Report a time that is none, has parts of a second, or is out of bounds (in milliseconds)."""
    length = milliseconds(text)
    if length is None:
        message = f"`{text}` is not a duration: {duration_problem(text)}"
        report.error("scaler/duration", message, (), DURATION_HINT)
    elif length % 1000 or length < least:
        message = f"`{text}` is not a number of whole seconds" if length % 1000 else f"`{text}` is too short"
        report.error("scaler/duration", message, (), "write for example `30s`")
    elif most is not None and length > most:
        hint = f"write at most `{most // 60_000}m`"
        report.error("scaler/duration", f"`{text}` is longer than Kubernetes takes", (), hint)


def _check_rules(rules: ScalingRules, report: Reporter) -> None:
    if rules.stabilization is not None:
        _check_duration(rules.stabilization, 0, _LONGEST_WINDOW, report.at((*report.path, "stabilization")))
    for number, policy in enumerate(rules.policies):
        _check_policy(policy, report.at((*report.path, "policies", number)))


def _check_policy(policy: ScalingPolicy, report: Reporter) -> None:
    if (policy.pods is None) == (policy.percent is None):
        message = "a policy needs either `pods` or `percent`"
        report.error("scaler/policy", message, (), "add one of them, or make two policies")
    _check_duration(policy.every, 1000, _LONGEST_PERIOD, report.at((*report.path, "every")))


def _check_headers(spec: Scaler, report: Reporter) -> None:
    for name, value in spec.headers.items():
        if _SECRET_HEADER.search(name):
            message = f"the header `{name}` would be in plain text in the cluster"
            report.error("secret/plain-text", message, ("headers", name), "use `auth:` with a Secret")
        elif "," in value or "=" in name or "," in name:
            message = f"KEDA separates headers by commas: `{name}` cannot have one"
            report.error("scaler/header", message, ("headers", name), "remove the comma")


def _check_auth(auth: ScalerAuth, report: Reporter) -> None:
    if (auth.reference is None) == (auth.secret is None):
        message = "`auth` needs either `reference` or `secret`"
        report.error("scaler/auth", message, (), "name a TriggerAuthentication, or the keys of a Secret")
        return
    if auth.secret is None:
        return
    if auth.cluster:
        message = "`cluster` is about `reference`, and there is none"
        report.error("scaler/auth", message, ("cluster",), "remove it", key=True)
    _check_keys(auth.mode, auth.secret, report.at((*report.path, "secret", "keys")))


def _check_keys(mode: AuthMode, secret: SecretKeys, report: Reporter) -> None:
    parameters = AUTH_PARAMETERS[mode]
    unknown = [name for name in secret.keys if name not in parameters]
    for name in unknown:
        message = f"KEDA reads no `{name}` for `{mode}`"
        hint = nearest(name, parameters) or f"write {', '.join(parameters)}"
        report.error("scaler/auth", message, (name,), hint, key=True)
    if not unknown:
        _check_missing(mode, secret, report)


def _check_missing(mode: AuthMode, secret: SecretKeys, report: Reporter) -> None:
    parameters = AUTH_PARAMETERS[mode]
    # A client certificate is optional where the server's authority is given.
    missing = [name for name in (parameters[:1] if mode == "tls" else parameters) if name not in secret.keys]
    if missing:
        message = f"`{mode}` needs {', '.join(f'`{name}`' for name in missing)} of the Secret"
        report.error("scaler/auth", message, (), f"add `{missing[0]}: …`, a key of the Secret")


def _check_alert(
    scaler: SettledScaler, alert: SettledAlert, context: ScalerContext, report: Reporter
) -> None:
    """Warn about an alert on the same load that fires before there is one more replica."""
    if alert.condition.kind not in _ABOVE or not scaler.load or alert.rule.reduce is not None:
        return
    load, factor = times(with_recorded(scaler.load, context.recorded))
    watched, alert_factor = times(with_recorded(alert.expression, context.recorded))
    if load != watched or scaler.scaler.threshold <= 0:
        return
    # Both in the unit of the scaler: the alert may look at queries a second, the scaler at those a minute.
    limit = alert.condition.values[0] / alert_factor * factor
    first = scaler.scaler.threshold * max(scaler.scaler.replicas.min, 1)
    if limit <= first:
        message = (
            f"the alert `{alert.rule.alert}` fires above {format_number(round(limit, 9))} already, "
            f"and replicas are added above {format_number(first)}"
        )
        hint = "let the alert fire above what all replicas take, or lower the threshold"
        report.warn("scaler/alert", message, ("threshold",), hint)
