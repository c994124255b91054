"""The links of the chain from a spec to a panel, and the outcomes of examining one."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from dashgen.core.diagnostics import Location
from dashgen.doctor.live.live_finding import LiveFinding


class ChainLink(StrEnum):
    """A link of the chain, in the order in which data and files pass."""

    OUTPUT = "specs"
    STACK = "compose file"
    CONTAINERS = "containers"
    PORTS = "ports"
    APP = "application"
    PROMETHEUS = "Prometheus"
    SCRAPING = "scraping"
    RULES = "rules"
    CLOCKS = "clocks"
    LOKI = "Loki"
    TEMPO = "Tempo"
    GRAFANA = "Grafana"
    # Not a password: the name of the link that looks for one.
    PASSWORD = "default password"  # noqa: S105
    SOURCES = "data sources"
    DASHBOARDS = "dashboards"
    ALERTS = "alert rules"
    CONTACTS = "contact points"
    DISK = "disk"
    COSTS = "costs"
    PANELS = "panels"


SERVERS = (ChainLink.APP, ChainLink.PROMETHEUS, ChainLink.LOKI, ChainLink.TEMPO, ChainLink.GRAFANA)
"""The links that are servers."""


class LinkFault(Struct, frozen=True):
    """A finding, and what follows from it.

    Attributes:
        finding: what, evidence, cause and fix.
        breaks: the links that cannot be judged because of it.
        stops: the servers that are away because of it, if they are.
        away: whether a server does not answer or rejects the credentials.
        location: the line of a spec or file that it is about.
        details: further lines for people.
    """

    finding: LiveFinding
    breaks: tuple[ChainLink, ...] = ()
    stops: tuple[ChainLink, ...] = ()
    away: bool = False
    location: Location | None = None
    details: tuple[str, ...] = ()


class LinkState(StrEnum):
    """The state of a link."""

    WELL = "well"
    BROKEN = "broken"
    NOT_CHECKED = "not checked"


class LinkOutcome(Struct, frozen=True):
    """The outcome of examining a link.

    Attributes:
        summary: what was seen, or why nothing was examined.
        faults: what is wrong.
        checked: whether it was examined.
        follows: whether it was left out because an earlier link is broken.
        data: figures for programs.
    """

    summary: str
    faults: tuple[LinkFault, ...] = ()
    checked: bool = True
    follows: bool = False
    data: Mapping[str, object] = {}

    @property
    def state(self) -> LinkState:
        """The state that follows from the faults; one that is not certain is a note."""
        if any(fault.finding.certain for fault in self.faults):
            return LinkState.BROKEN
        return LinkState.WELL if self.checked else LinkState.NOT_CHECKED


class Diagnosis(Struct, frozen=True):
    """What earlier links found: why links are broken, and why servers may be away."""

    broken: dict[ChainLink, str] = {}
    stopped: dict[ChainLink, str] = {}

    def reason(self, *links: ChainLink) -> str:
        """Why one of these links cannot be relied on; empty when all can."""
        return next((self.broken[link] for link in links if link in self.broken), "")

    def learn(self, link: ChainLink, outcome: LinkOutcome) -> None:
        """Remember what follows from an outcome."""
        # The first reason stays: it is the earliest in the chain, and so the nearest to the cause.
        for fault in outcome.faults:
            if fault.finding.certain:
                for broken in (link, *fault.breaks):
                    self.broken.setdefault(broken, fault.finding.what)
                for stopped in fault.stops:
                    self.stopped.setdefault(stopped, fault.finding.what)
        if outcome.follows:
            self.broken.setdefault(link, outcome.summary)


def skipped(reason: str) -> LinkOutcome:
    """The outcome of a link for which there is nothing to examine."""
    return LinkOutcome(reason, checked=False)


def following(reason: str) -> LinkOutcome:
    """The outcome of a link that is left out, because an earlier one explains whatever would be found."""
    return LinkOutcome(reason, checked=False, follows=True)


def judged(faults: list[LinkFault], summary: str, data: Mapping[str, object] | None = None) -> LinkOutcome:
    """The outcome of a link that was examined.

    Args:
        faults: what is wrong with it.
        summary: the message when nothing is wrong.
        data: figures for programs.
    """
    return LinkOutcome(summary, tuple(faults), data=data or {})
