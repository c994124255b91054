"""The links of the chain from a spec to a panel, and what may be said of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dashgen.core.diagnostics import Location
from dashgen.doctor.live.live_finding import Finding


class Link(StrEnum):
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
    PASSWORD = "default password"  # noqa: S105  # the name of a link
    SOURCES = "data sources"
    DASHBOARDS = "dashboards"
    ALERTS = "alert rules"
    CONTACTS = "contact points"
    DISK = "disk"
    COSTS = "costs"
    PANELS = "panels"


SERVERS = (Link.APP, Link.PROMETHEUS, Link.LOKI, Link.TEMPO, Link.GRAFANA)
"""The links that are servers."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding, and what follows from it.

    Attributes:
        finding: what, evidence, cause and fix.
        breaks: the links that cannot be judged because of it.
        stops: the servers that are away because of it, if they are.
        away: whether a server does not answer or does not let us in.
        location: the line of a spec or file that it is about.
        details: further lines for people.
    """

    finding: Finding
    breaks: tuple[Link, ...] = ()
    stops: tuple[Link, ...] = ()
    away: bool = False
    location: Location | None = None
    details: tuple[str, ...] = ()


class State(StrEnum):
    """How a link stands."""

    WELL = "well"
    BROKEN = "broken"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of looking at a link.

    Attributes:
        said: what was seen, or why nothing was looked at.
        faults: what is wrong.
        checked: whether it was looked at.
        follows: whether it was not looked at because an earlier link is broken.
        data: figures for programs.
    """

    said: str
    faults: tuple[Fault, ...] = ()
    checked: bool = True
    follows: bool = False
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """How the link stands."""
        if any(fault.finding.certain for fault in self.faults):
            return State.BROKEN
        return State.WELL if self.checked else State.NOT_CHECKED


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier links brought to light: why links are broken, and why servers may be away."""

    broken: dict[Link, str] = field(default_factory=dict)
    stopped: dict[Link, str] = field(default_factory=dict)

    def reason(self, *links: Link) -> str:
        """Why one of these links cannot be relied on; empty when all can."""
        return next((self.broken[link] for link in links if link in self.broken), "")

    def learn(self, link: Link, outcome: Outcome) -> None:
        """Remember what follows from an outcome."""
        for fault in outcome.faults:
            if fault.finding.certain:
                for broken in (link, *fault.breaks):
                    self.broken.setdefault(broken, fault.finding.what)
                for stopped in fault.stops:
                    self.stopped.setdefault(stopped, fault.finding.what)
        if outcome.follows:
            self.broken.setdefault(link, outcome.said)


def skipped(why: str) -> Outcome:
    """A link that there is nothing to look at for."""
    return Outcome(why, checked=False)


def following(reason: str) -> Outcome:
    """A link that is not looked at, because an earlier one explains whatever would be found."""
    return Outcome(reason, checked=False, follows=True)


def judged(faults: "list[Fault]", well: str, data: Mapping[str, object] | None = None) -> Outcome:
    """A link that was looked at.

    Args:
        faults: what is wrong with it.
        well: what to say when nothing is.
        data: figures for programs.
    """
    return Outcome(well, tuple(faults), data=data or {})
