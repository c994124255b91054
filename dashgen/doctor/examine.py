"""Going through the chain: each link is looked at, unless an earlier one explains whatever would be found."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from dashgen.doctor import (
    alerts,
    application,
    clocks,
    compose_file,
    contacts,
    containers,
    costs,
    dashboards,
    data_sources,
    disk,
    grafana,
    loki,
    output,
    panels,
    password,
    ports,
    prometheus,
    rules,
    scraping,
    tempo,
)
from dashgen.doctor.chain import Known, Link, Outcome, skipped
from dashgen.doctor.subject import Subject
from dashgen.errors import DashgenError
from dashgen.http.plain import PlainHttpError

CHECKS: Final[Mapping[Link, Callable[[Subject, Known], Outcome]]] = {
    Link.OUTPUT: output.check,
    Link.STACK: compose_file.check,
    Link.CONTAINERS: containers.check,
    Link.PORTS: ports.check,
    Link.APP: application.check,
    Link.PROMETHEUS: prometheus.check,
    Link.SCRAPING: scraping.check,
    Link.RULES: rules.check,
    Link.CLOCKS: clocks.check,
    Link.LOKI: loki.check,
    Link.TEMPO: tempo.check,
    Link.GRAFANA: grafana.check,
    Link.PASSWORD: password.check,
    Link.SOURCES: data_sources.check,
    Link.DASHBOARDS: dashboards.check,
    Link.ALERTS: alerts.check,
    Link.CONTACTS: contacts.check,
    Link.DISK: disk.check,
    Link.COSTS: costs.check,
    Link.PANELS: panels.check,
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
