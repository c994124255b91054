"""Grafana's contact points: whether the last notification of each arrived."""

from collections.abc import Iterable, Iterator
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, following, judged
from dashgen.doctor.grafana_link import opened, unread
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.subject import Subject
from dashgen.servers.grafana import GrafanaError
from dashgen.servers.grafana.evaluation import Delivery

# The path of a webhook is its secret.
_ADDRESS: Final = lazy_pattern(r"(\b[a-z]+://[^/\s\"']+)/[^\s\"']*")


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether notifications arrive."""
    if reason := diagnosis.reason(ChainLink.CONTACTS, ChainLink.GRAFANA):
        return following(reason)
    grafana = opened(subject)
    if isinstance(grafana, LinkOutcome):
        return grafana
    try:
        deliveries = grafana.evaluation.deliveries()
    except GrafanaError as error:
        return unread(error, "the contact points")
    used = sum(bool(delivery.tried) for delivery in deliveries)
    summary = f"{len(deliveries)} integrations, {used} of them used, none failed last time"
    return judged(list(judge(deliveries)), summary)


def judge(deliveries: Iterable[Delivery]) -> Iterator[LinkFault]:
    """The contact points whose last notification failed."""
    for delivery in deliveries:
        if delivery.error:
            finding = LiveFinding(
                f"the contact point `{delivery.contact_point}` cannot deliver by {delivery.integration}",
                _ADDRESS.sub(r"\1/***", delivery.error),
                "its address or credentials are wrong, or the receiver is away",
                "correct its settings (for the stack: in `.env`), then press Test on it in Grafana",
            )
            yield LinkFault(finding)
