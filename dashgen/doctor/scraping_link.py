"""What Prometheus scrapes: whether the application is among it, and whether each target answers."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from dashgen.doctor.answering import NAMES
from dashgen.doctor.chain import SERVERS, ChainLink, Diagnosis, LinkFault, LinkOutcome, following, judged
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.prometheus_link import unlisted
from dashgen.doctor.reach import How
from dashgen.doctor.subject import Subject
from dashgen.servers.http.endpoint import is_loopback
from dashgen.servers.telemetry import Prometheus, ServiceError
from dashgen.servers.telemetry.prometheus_client import ScrapedTarget

_WRONG_PATH: Final = ("status 404", "unsupported Content-Type", "blank Content-Type")
_RELOAD: Final = "correct it in the scrape configuration, then `curl -X POST {url}/-/reload`"


@dataclass(frozen=True, slots=True)
class ScrapeAddresses:
    """Where a server of the chain may be found by others: pairs of a host and a port."""

    link: ChainLink
    places: frozenset[tuple[str, int]]

    def has(self, url: str) -> bool:
        """Whether an address is one of this server's."""
        return any(address in self.places for address in _places(url))


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether everything that has to be is scraped."""
    server = subject.servers.prometheus
    if (reason := diagnosis.reason(ChainLink.PROMETHEUS, ChainLink.SCRAPING)) or server is None:
        return (
            following(reason)
            if reason
            else LinkOutcome("no address of Prometheus is known; `--prometheus URL` names it", checked=False)
        )
    try:
        targets = server.targets()
    except ServiceError as error:
        return unlisted("targets", error)
    where = [whereabouts(subject, link) for link in SERVERS]
    reload = _RELOAD.format(url=server.endpoint.url)
    unwell = {link for link, reach in subject.reaches.items() if reach.how is not How.WELL}
    faults = list(judge(targets, where, unwell | diagnosis.broken.keys(), reload))
    if not faults and (missing := _unscraped(subject, diagnosis, server, targets, where)):
        faults.append(missing)
    up = sum(target.health == "up" for target in targets)
    excused = " (a server that is away explains the others)" if up < len(targets) and not faults else ""
    return judged(faults, f"{up} of {len(targets)} targets are up{excused}")


def whereabouts(subject: Subject, link: ChainLink) -> ScrapeAddresses:
    """Where others may find a server: at its address here, and in the network of the containers."""
    places: set[tuple[str, int]] = set()
    if endpoint := subject.endpoints.get(link):
        places.update(_places(endpoint.url))
    if subject.stack and (service := subject.stack.service(link)) and (port := subject.stack.inside(link)):
        places.add((service.name, port))
    return ScrapeAddresses(link, frozenset(places))


def judge(
    targets: Iterable[ScrapedTarget],
    where: Sequence[ScrapeAddresses],
    unwell: Collection[ChainLink],
    reload: str,
) -> Iterator[LinkFault]:
    """What is wrong with targets, but for those of servers that are known to be broken.

    Args:
        targets: what is scraped.
        where: where the servers of the chain are.
        unwell: the servers that are broken themselves.
        reload: how a correction is put into force.
    """
    for target in targets:
        if target.health != "down":
            continue
        link = next((one.link for one in where if one.has(target.url)), None)
        if link is not None and link in unwell:
            continue
        if any(text in target.error for text in _WRONG_PATH):
            path = urlsplit(target.url).path
            what = f"Prometheus scrapes `{target.job}` at the wrong path"
            finding = LiveFinding(
                what,
                f"{target.url}: {target.error}",
                f"no metrics stand at `{path}`",
                f"`metrics_path`: {reload}",
            )
        else:
            what = f"Prometheus cannot scrape `{target.job}`"
            cause = "the target does not run, or has another address seen from Prometheus"
            answers = (
                f"{NAMES[link][0]} answers here, so seen from Prometheus its address is another"
                if link
                else cause
            )
            finding = LiveFinding(what, f"{target.url}: {target.error}", answers, f"start it, or {reload}")
        yield LinkFault(finding)


def _unscraped(
    subject: Subject,
    diagnosis: Diagnosis,
    server: Prometheus,
    targets: Sequence[ScrapedTarget],
    where: Sequence[ScrapeAddresses],
) -> LinkFault | None:
    """That nothing scrapes the application."""
    app = next(one for one in where if one.link is ChainLink.APP)
    if diagnosis.reason(ChainLink.APP, ChainLink.OUTPUT) or any(app.has(target.url) for target in targets):
        return None
    names = [name for document in subject.contracts for name in document.model.metrics]
    if not names or _has_any(server, names):
        return None
    jobs = ", ".join(f"`{job}`" for job in sorted({target.job for target in targets})) or "none at all"
    finding = LiveFinding(
        "no target of Prometheus is the application",
        f"none of the contract's {len(names)} metrics is there; the jobs are {jobs}",
        "it is missing from the scrape configuration",
        f"add it under `scrape_configs:`; {_RELOAD.format(url=server.endpoint.url)}",
    )
    return LinkFault(finding)


def _has_any(server: Prometheus, names: Sequence[str]) -> bool:
    """Whether any of these metrics has a series; when that cannot be told, it has."""
    listed = "|".join(sorted({form for name in names for form in (name, f"{name}_count")}))
    try:
        return server.query(f'count({{__name__=~"{listed}"}})').rows > 0
    except ServiceError:
        return True


def _places(url: str) -> Iterator[tuple[str, int]]:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return
    host = parts.hostname or ""
    yield ("localhost" if is_loopback(host) else host), port
