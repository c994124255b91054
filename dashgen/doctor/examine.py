"""Examining the chain: each link in order, unless an earlier one explains whatever would be found."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from dashgen.core.errors import DashgenError
from dashgen.doctor import (
    alert_link,
    application_link,
    clocks_link,
    compose_file,
    contacts_link,
    containers_link,
    cost_report,
    dashboards_link,
    data_sources_link,
    disk_link,
    grafana_link,
    loki_link,
    output_link,
    panels_link,
    password_link,
    ports_link,
    prometheus_link,
    rules_link,
    scraping_link,
    tempo_link,
)
from dashgen.doctor.chain import ChainLink, Diagnosis, LinkOutcome, skipped
from dashgen.doctor.subject import Subject
from dashgen.servers.http.plain import PlainHttpError

CHECKS: Final[Mapping[ChainLink, Callable[[Subject, Diagnosis], LinkOutcome]]] = {
    ChainLink.OUTPUT: output_link.check,
    ChainLink.STACK: compose_file.check,
    ChainLink.CONTAINERS: containers_link.check,
    ChainLink.PORTS: ports_link.check,
    ChainLink.APP: application_link.check,
    ChainLink.PROMETHEUS: prometheus_link.check,
    ChainLink.SCRAPING: scraping_link.check,
    ChainLink.RULES: rules_link.check,
    ChainLink.CLOCKS: clocks_link.check,
    ChainLink.LOKI: loki_link.check,
    ChainLink.TEMPO: tempo_link.check,
    ChainLink.GRAFANA: grafana_link.check,
    ChainLink.PASSWORD: password_link.check,
    ChainLink.SOURCES: data_sources_link.check,
    ChainLink.DASHBOARDS: dashboards_link.check,
    ChainLink.ALERTS: alert_link.check,
    ChainLink.CONTACTS: contacts_link.check,
    ChainLink.DISK: disk_link.check,
    ChainLink.COSTS: cost_report.check,
    ChainLink.PANELS: panels_link.check,
}
"""The check of each link, in the order of the chain."""


def examine(subject: Subject) -> Iterator[tuple[ChainLink, LinkOutcome]]:
    """The outcome of every link, in order.

    Raises:
        PlainHttpError: the project forbids unencrypted credentials, and a server has an address of http://.
    """
    diagnosis = Diagnosis()
    for link, check in CHECKS.items():
        try:
            outcome = check(subject, diagnosis)
        except PlainHttpError:
            # The project file forbids what was about to be sent: the command ends, and does not go on without
            # it.
            raise
        except DashgenError as error:
            outcome = skipped(subject.redact(str(error)))
        diagnosis.learn(link, outcome)
        yield link, outcome
