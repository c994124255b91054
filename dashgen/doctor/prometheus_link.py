"""Prometheus itself: whether it answers, and whether it loaded its configuration."""

from collections.abc import Mapping
from typing import Final

from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, judged
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.subject import Subject
from dashgen.doctor.unavailable_server import unavailable
from dashgen.servers.telemetry import Exposition, Prometheus, ServiceError, parse_exposition

_RELOADED: Final = "prometheus_config_last_reload_successful"


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether it answers and runs on its present configuration."""
    if (outcome := unavailable(subject, diagnosis, ChainLink.PROMETHEUS)) is not None:
        return outcome
    server = subject.servers.prometheus
    if server is None:
        return judged([], "it is ready")
    own = own_metrics(server)
    faults = []
    if value_of(own, _RELOADED) == 0:
        faults.append(_not_reloaded(subject))
    version = _version(server)
    return judged(faults, f"{version} is ready, with its present configuration".strip())


def _not_reloaded(subject: Subject) -> LinkFault:
    fix = subject.fix_of(
        ChainLink.PROMETHEUS,
        "exec {service} promtool check config /etc/prometheus/prometheus.yml",
        "`promtool check config` on its configuration file",
    )
    finding = LiveFinding(
        "Prometheus runs on an old configuration",
        f"`{_RELOADED}` is 0",
        "the last reload failed: its configuration or one of its rule files is broken",
        f"{fix} shows where; `dashgen validate` reads rule files too",
    )
    return LinkFault(finding, breaks=(ChainLink.RULES,))


def unlisted(what: str, error: ServiceError) -> LinkOutcome:
    """The outcome when Prometheus answers, but does not list something."""
    finding = LiveFinding(
        f"Prometheus does not list its {what}",
        error.message,
        "it is overloaded, or broken",
        error.hint or "look at its log",
    )
    return judged([LinkFault(finding, breaks=(ChainLink.PROMETHEUS,), away=error.timed_out)], "")


def own_metrics(server: Prometheus) -> Exposition:
    """The metrics of a Prometheus about itself; empty when it exposes none."""
    try:
        return parse_exposition(server.text("/metrics", "its own metrics").body.decode(errors="replace"))
    except ServiceError:
        return Exposition()


def value_of(own: Exposition, name: str, labels: Mapping[str, str] | None = None) -> float | None:
    """The value of a metric without labels, or with these; nothing when it is not there."""
    family = own.families.get(name)
    for sample in family.samples if family else ():
        if dict(sample.labels) == dict(labels or {}):
            return sample.value
    return None


def _version(server: Prometheus) -> str:
    try:
        return server.version()
    except ServiceError:
        return ""
