"""The targets of Prometheus: whether the application is among them, and whether each answers."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from dashgen.doctor.chain import (
    SERVERS,
    ChainLink,
    Diagnosis,
    LinkFault,
    LinkOutcome,
    following,
    judged,
    skipped,
)
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.prometheus_link import unlisted
from dashgen.doctor.reach import ReachState
from dashgen.doctor.subject import Subject
from dashgen.doctor.unavailable_server import NAMES
from dashgen.servers.http.endpoint import is_loopback
from dashgen.servers.telemetry import Prometheus, ServiceError
from dashgen.servers.telemetry.prometheus_client import ScrapedTarget

_WRONG_PATH: Final = ("status 404", "unsupported Content-Type", "blank Content-Type")
_RELOAD: Final = "correct it in the scrape configuration, then `curl -X POST {url}/-/reload`"


class ScrapeAddresses(Struct, frozen=True):
    """The addresses of a server of the chain as others see it: pairs of a host and a port."""

    link: ChainLink
    addresses: frozenset[tuple[str, int]]

    def has(self, url: str) -> bool:
        """Whether an address is one of this server's."""
        return any(address in self.addresses for address in _host_and_port(url))


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether the application is scraped, and every target answers."""
    server = subject.servers.prometheus
    if reason := diagnosis.reason(ChainLink.PROMETHEUS, ChainLink.SCRAPING):
        return following(reason)
    if server is None:
        return skipped("no address of Prometheus is known; `--prometheus URL` names it")
    try:
        targets = server.targets()
    except ServiceError as error:
        return unlisted("targets", error)
    servers = [addresses_of(subject, link) for link in SERVERS]
    reload = _RELOAD.format(url=server.endpoint.url)
    broken = {link for link, reach in subject.reaches.items() if reach.state is not ReachState.WELL}
    faults = list(judge(targets, servers, broken | diagnosis.broken.keys(), reload))
    app = next(addresses for addresses in servers if addresses.link is ChainLink.APP)
    is_scraped = any(app.has(target.url) for target in targets)
    if not faults and not is_scraped and not diagnosis.reason(ChainLink.APP, ChainLink.OUTPUT):
        faults = list(_unscraped(subject, server, targets))
    faults += _silent_jobs(subject, server, targets)
    up = sum(target.health == "up" for target in targets)
    excused = " (a server that is away explains the others)" if up < len(targets) and not faults else ""
    return judged(faults, f"{up} of {len(targets)} targets are up{excused}")


def addresses_of(subject: Subject, link: ChainLink) -> ScrapeAddresses:
    """The addresses of a server: the one on this machine, and the one in the network of the containers."""
    addresses: set[tuple[str, int]] = set()
    if endpoint := subject.endpoints.get(link):
        addresses.update(_host_and_port(endpoint.url))
    if subject.stack and (service := subject.stack.service(link)) and (port := subject.stack.inside(link)):
        addresses.add((service.name, port))
    return ScrapeAddresses(link, frozenset(addresses))


def judge(
    targets: Iterable[ScrapedTarget],
    servers: Sequence[ScrapeAddresses],
    broken: Collection[ChainLink],
    reload: str,
) -> Iterator[LinkFault]:
    """What is wrong with targets, but for those of servers that are reported already.

    Args:
        targets: what is scraped.
        servers: the addresses of the servers of the chain.
        broken: the servers that are broken themselves.
        reload: how a correction takes effect.
    """
    for target in targets:
        if target.health != "down":
            continue
        link = next((addresses.link for addresses in servers if addresses.has(target.url)), None)
        if link is not None and link in broken:
            continue
        if any(text in target.error for text in _WRONG_PATH):
            what = f"Prometheus scrapes `{target.job}` at the wrong path"
            cause = f"there are no metrics at `{urlsplit(target.url).path}`"
            fix = f"`metrics_path`: {reload}"
        else:
            what = f"Prometheus cannot scrape `{target.job}`"
            cause = "the target does not run, or Prometheus needs another address for it"
            if link is not None:
                cause = f"{NAMES[link][0]} answers here, so Prometheus needs another address for it"
            fix = f"start it, or {reload}"
        yield LinkFault(LiveFinding(what, f"{target.url}: {target.error}", cause, fix))


def _unscraped(subject: Subject, server: Prometheus, targets: Sequence[ScrapedTarget]) -> Iterator[LinkFault]:
    """The fault that nothing scrapes the application, unless its metrics arrive by remote write."""
    names = [name for document in subject.contracts for name in document.model.metrics]
    if not names or _has_any(server, names):
        return
    jobs = ", ".join(f"`{job}`" for job in sorted({target.job for target in targets})) or "none at all"
    finding = LiveFinding(
        "no target of Prometheus is the application",
        f"none of the contract's {len(names)} metrics is there; the jobs are {jobs}",
        "it is missing from the scrape configuration",
        f"add it under `scrape_configs:`; {_RELOAD.format(url=server.endpoint.url)}",
    )
    yield LinkFault(finding)


def _silent_jobs(
    subject: Subject, server: Prometheus, targets: Sequence[ScrapedTarget]
) -> Iterator[LinkFault]:
    """The other jobs with a contract whose targets answer without any of its metrics.

    A job without a target is no fault: what exports it may be switched off.
    """
    answering = {target.job for target in targets if target.health == "up"}
    for document in subject.contracts_of_jobs:
        job, names = document.model.job, list(document.model.metrics)
        if job in answering and names and not _has_any(server, names):
            finding = LiveFinding(
                f"the job `{job}` exports none of its metrics",
                f"its targets are up, but none of the contract's {len(names)} metrics is there",
                "another program listens at its address, or the metrics have other names",
                "correct its address under `scrape_configs:`, or the contract",
            )
            yield LinkFault(finding, location=document.resolved.origin(("job",)).location())


def _has_any(server: Prometheus, names: Sequence[str]) -> bool:
    """Whether any of these metrics has a series.

    A server that cannot answer gets the benefit of the doubt.
    """
    # A histogram has no series of its own name.
    listed = "|".join(sorted({form for name in names for form in (name, f"{name}_count")}))
    try:
        return server.query(f'count({{__name__=~"{listed}"}})').rows > 0
    except ServiceError:
        return True


def _host_and_port(url: str) -> Iterator[tuple[str, int]]:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return
    host = parts.hostname or ""
    yield ("localhost" if is_loopback(host) else host), port
