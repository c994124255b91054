"""Going through the chain: each link is looked at, unless an earlier one explains whatever would be found."""

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
from dashgen.doctor.chain import Known, Link, Outcome, skipped
from dashgen.doctor.subject import Subject
from dashgen.servers.http.plain import PlainHttpError

CHECKS: Final[Mapping[Link, Callable[[Subject, Known], Outcome]]] = {
    Link.OUTPUT: output_link.check,
    Link.STACK: compose_file.check,
    Link.CONTAINERS: containers_link.check,
    Link.PORTS: ports_link.check,
    Link.APP: application_link.check,
    Link.PROMETHEUS: prometheus_link.check,
    Link.SCRAPING: scraping_link.check,
    Link.RULES: rules_link.check,
    Link.CLOCKS: clocks_link.check,
    Link.LOKI: loki_link.check,
    Link.TEMPO: tempo_link.check,
    Link.GRAFANA: grafana_link.check,
    Link.PASSWORD: password_link.check,
    Link.SOURCES: data_sources_link.check,
    Link.DASHBOARDS: dashboards_link.check,
    Link.ALERTS: alert_link.check,
    Link.CONTACTS: contacts_link.check,
    Link.DISK: disk_link.check,
    Link.COSTS: cost_report.check,
    Link.PANELS: panels_link.check,
}
"""What looks at each link, in the order of the chain."""


def examine(subject: Subject) -> Iterator[tuple[Link, Outcome]]:
    """Look at every link in order."""
    known = Known()
    for link, check in CHECKS.items():
        try:
            outcome = check(subject, known)
        except PlainHttpError:
            raise
        except DashgenError as error:
            outcome = skipped(subject.redact(str(error)))
        known.learn(link, outcome)
        yield link, outcome
