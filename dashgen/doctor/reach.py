"""Whether a server answers, whether it is the right one, and how far its clock is off."""

import time
from collections.abc import Callable, Iterable, Mapping
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.json_values import Json
from dashgen.doctor.chain import ChainLink
from dashgen.servers.http import BadAnswerError, Endpoint, RawAnswer
from dashgen.servers.http.body import decoded
from dashgen.servers.http.parallel import in_order
from dashgen.servers.telemetry import ServiceError, parse_exposition
from dashgen.servers.telemetry.scrape import ACCEPT
from dashgen.servers.telemetry.service import Service


class ReachState(StrEnum):
    """How a server answers the first request."""

    WELL = "well"
    AWAY = "away"
    HUNG = "hung"
    NOT_READY = "not ready"
    DENIED = "denied"
    OTHER = "other"


class Reach(Struct, frozen=True):
    """The answer of a server to the first request.

    Attributes:
        link: which server.
        url: its address.
        how: how it answers.
        reason: the reason when it does not answer well.
        hint: what to do about that.
        skew: how many seconds its clock is ahead of this machine's, to a second; nothing when it sends no
            time.
        body: the metrics of the application, and the health of Grafana.
    """

    link: ChainLink
    url: str
    state: ReachState = ReachState.WELL
    reason: str = ""
    hint: str = ""
    skew: float | None = None
    body: bytes = b""


_READY_PATHS: Final = {
    ChainLink.APP: "",
    ChainLink.PROMETHEUS: "/-/ready",
    ChainLink.LOKI: "/ready",
    ChainLink.TEMPO: "/ready",
    ChainLink.GRAFANA: "/api/health",
}
_IDENTITY_PATHS: Final = {
    ChainLink.PROMETHEUS: "/api/v1/status/buildinfo",
    ChainLink.LOKI: "/loki/api/v1/status/buildinfo",
    ChainLink.TEMPO: "/api/echo",
}


def reach_all(
    servers: Mapping[ChainLink, Endpoint], clock: Callable[[], float] = time.time
) -> dict[ChainLink, Reach]:
    """Send one or two requests to each server, to all at the same time.

    Args:
        servers: the servers.
        clock: the present moment, in seconds since 1970.
    """
    items: Iterable[tuple[ChainLink, Endpoint]] = sorted(servers.items())
    reaches = in_order(lambda item: reach(*item, clock), items, len(_READY_PATHS))
    return {answer.link: answer for answer in reaches}


def reach(link: ChainLink, endpoint: Endpoint, clock: Callable[[], float] = time.time) -> Reach:
    """Whether one server answers and is what it should be; never raises for what it does."""
    unreached = Reach(link, endpoint.url)
    with Service(endpoint) as service:
        try:
            began = clock()
            headers = {"Accept": ACCEPT} if link is ChainLink.APP else None
            answer = service.text(_READY_PATHS[link], "whether it is ready", headers)
            skew = skew_of(answer.headers.get("Date", ""), began, clock())
            # Many programs answer `/ready` with 200, so a second request finds out which one it is.
            identity_path = _IDENTITY_PATHS.get(link)
            identity = service.text(identity_path, "what it is").body if identity_path else answer.body
        except ServiceError as error:
            return _failed(unreached, error)
    if not _is_itself(link, identity):
        return replace(
            unreached,
            state=ReachState.OTHER,
            reason=f"what answers at `{endpoint.url}` is not {endpoint.service}",
        )
    return replace(unreached, skew=skew, body=identity if link in (ChainLink.APP, ChainLink.GRAFANA) else b"")


def skew_of(date: str, began: float, ended: float) -> float | None:
    """How many seconds a clock is ahead that shows ``date`` between two moments.

    Nothing when that is not a date.
    """
    try:
        server_time = parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # The header has whole seconds: the moment may be anywhere in the second.
    if server_time > ended:
        return server_time - ended
    return server_time + 1 - began if server_time + 1 < began else 0.0


def _failed(unreached: Reach, error: ServiceError) -> Reach:
    if error.timed_out:
        how = ReachState.HUNG
    elif error.status is None:
        how = ReachState.AWAY
    else:
        how = {401: ReachState.DENIED, 403: ReachState.DENIED, 404: ReachState.OTHER}.get(
            error.status, ReachState.NOT_READY
        )
    return replace(unreached, state=how, reason=error.message, hint=error.hint)


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


def _mapping(body: bytes) -> Json:
    try:
        value = decoded(RawAnswer(200, {}, body), "")
    except BadAnswerError:
        return {}
    return value if isinstance(value, dict) else {}
