"""Tempo: whether it answers, and whether traces arrive."""

from typing import Final

from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, judged
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.subject import Subject
from dashgen.doctor.unavailable_server import unavailable
from dashgen.servers.telemetry import ServiceError

_LOOK_BACK: Final = 86_400.0


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether there are traces of the last day."""
    if (outcome := unavailable(subject, diagnosis, ChainLink.TEMPO)) is not None:
        return outcome
    server, now = subject.servers.tempo, subject.now
    if server is None:
        return judged([], "it is ready")
    try:
        traces = server.search("{}", start=now - _LOOK_BACK, end=now, limit=1).rows
    except ServiceError as error:
        finding = LiveFinding("Tempo cannot be searched", error.message, "its query API fails", error.hint)
        return judged([LinkFault(finding, away=error.timed_out)], "")
    # An application that is down sends no traces, and is reported already.
    is_excused = bool(diagnosis.reason(ChainLink.APP))
    faults = [] if traces or is_excused else [judge(subject)]
    return judged(faults, "it is ready, and has traces of the last 24 hours")


def judge(subject: Subject) -> LinkFault:
    """The fault that no trace arrives."""
    fix = subject.fix_of(ChainLink.TEMPO, "logs --tail 50 {service}", "look at its log")
    finding = LiveFinding(
        "Tempo has no traces of the last 24 hours",
        "a search for any trace finds none",
        "the application does not export them, or to another address (`OTEL_EXPORTER_OTLP_ENDPOINT`)",
        f"use the application, then {fix}",
    )
    return LinkFault(finding)
