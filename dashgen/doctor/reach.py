"""Whether a server answers, whether it is the right one, and what its clock says."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, Final

from dashgen.doctor.chain import ChainLink
from dashgen.servers.http import BadAnswerError, Endpoint, RawAnswer
from dashgen.servers.http.body import decoded
from dashgen.servers.http.parallel import in_order
from dashgen.servers.telemetry import ServiceError, parse_exposition
from dashgen.servers.telemetry.scrape import ACCEPT
from dashgen.servers.telemetry.service import Service


class How(StrEnum):
    """How a server answers."""

    WELL = "well"
    AWAY = "away"
    HUNG = "hung"
    NOT_READY = "not ready"
    DENIED = "denied"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reach:
    """What a server answered to the first question.

    Attributes:
        link: which server.
        url: its address.
        how: how it answers.
        said: the reason when it does not answer well.
        hint: what to do about that.
        skew: how many seconds its clock is ahead of ours, to a second; nothing when it does not tell.
        body: what an application exposes, and what Grafana says of its health.
    """

    link: ChainLink
    url: str
    how: How = How.WELL
    said: str = ""
    hint: str = ""
    skew: float | None = None
    body: bytes = b""


_FIRST: Final = {
    ChainLink.APP: "",
    ChainLink.PROMETHEUS: "/-/ready",
    ChainLink.LOKI: "/ready",
    ChainLink.TEMPO: "/ready",
    ChainLink.GRAFANA: "/api/health",
}
_SECOND: Final = {
    ChainLink.PROMETHEUS: "/api/v1/status/buildinfo",
    ChainLink.LOKI: "/loki/api/v1/status/buildinfo",
    ChainLink.TEMPO: "/api/echo",
}


def reach_all(
    servers: Mapping[ChainLink, Endpoint], clock: Callable[[], float] = time.time
) -> dict[ChainLink, Reach]:
    """Ask each server once or twice, all at the same time.

    Args:
        servers: whom to ask.
        clock: the present moment, in seconds since 1970.
    """
    items: Iterable[tuple[ChainLink, Endpoint]] = sorted(servers.items())
    reaches = in_order(lambda item: reach(*item, clock), items, len(_FIRST))
    return {one.link: one for one in reaches}


def reach(link: ChainLink, endpoint: Endpoint, clock: Callable[[], float] = time.time) -> Reach:
    """Whether one server answers and is what it should be; never raises for what it does."""
    here = Reach(link, endpoint.url)
    with Service(endpoint) as service:
        try:
            began = clock()
            answer = service.text(
                _FIRST[link], "whether it is ready", {"Accept": ACCEPT} if link is ChainLink.APP else None
            )
            skew = skew_of(answer.headers.get("Date", ""), began, clock())
            second = _SECOND.get(link)
            identity = service.text(second, "what it is").body if second else answer.body
        except ServiceError as error:
            return _failed(here, error)
    if not _is_itself(link, identity):
        return replace(
            here, how=How.OTHER, said=f"what answers at `{endpoint.url}` is not {endpoint.service}"
        )
    return replace(here, skew=skew, body=identity if link in (ChainLink.APP, ChainLink.GRAFANA) else b"")


def skew_of(date: str, began: float, ended: float) -> float | None:
    """How many seconds a clock is ahead that says ``date`` between two moments; nothing when it is no date."""
    try:
        server_time = parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # The header has whole seconds: the moment may be anywhere in the second.
    if server_time > ended:
        return server_time - ended
    return server_time + 1 - began if server_time + 1 < began else 0.0


def _failed(here: Reach, error: ServiceError) -> Reach:
    if error.timed_out:
        how = How.HUNG
    elif error.status is None:
        how = How.AWAY
    else:
        how = {401: How.DENIED, 403: How.DENIED, 404: How.OTHER}.get(error.status, How.NOT_READY)
    return replace(here, how=how, said=error.message, hint=error.hint)


def _is_itself(link: ChainLink, body: bytes) -> bool:
    """Whether an answer is one of this program's."""
    match link:
        case ChainLink.APP:
            return bool(parse_exposition(body.decode(errors="replace")).families)
        case ChainLink.TEMPO:
            return body.strip() == b"echo"
        case ChainLink.GRAFANA:
            return "database" in _mapping(body)
        case ChainLink.LOKI:
            return "version" in _mapping(body)
        case _:
            data = _mapping(body).get("data")
            return isinstance(data, dict) and "version" in data


def _mapping(body: bytes) -> dict[str, Any]:

    try:
        value = decoded(RawAnswer(200, {}, body), "")
    except BadAnswerError:
        return {}
    return value if isinstance(value, dict) else {}
