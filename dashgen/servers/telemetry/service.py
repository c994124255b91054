"""Requests to one server of telemetry: bounded, repeated when the network stumbles, and never in the way of others."""

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from urllib.parse import urlencode

from dashgen.servers.http import (
    AnswerKind,
    BadAnswerError,
    Endpoint,
    Exchange,
    ExchangeError,
    NoAnswerError,
    Query,
    RawAnswer,
    ReachKind,
    Redactor,
    Request,
)
from dashgen.servers.http.body import decoded
from dashgen.servers.http.parallel import in_order
from dashgen.servers.http.retry import Pauses, seconds_to_wait
from dashgen.servers.telemetry.telemetry_errors import QueryRefusedError, ServiceError
from dashgen.servers.telemetry.telemetry_settings import variables_of

T = TypeVar("T")
R = TypeVar("R")
_BUSY: Final = frozenset({429, 502, 503, 504})
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class Service:
    """One server, safe to share between threads.

    Args:
        endpoint: which, and what opens it.
        sleep: waits; replaced in tests.
        jitter: a number from 0 to 1 that spreads retries.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.endpoint = endpoint
        self.name = endpoint.service
        self._exchange = Exchange(endpoint)
        self._redact = Redactor(endpoint.secrets)
        self._sleep = sleep
        self._jitter = jitter
        self._in_flight = threading.BoundedSemaphore(endpoint.limits.concurrency)

    def __repr__(self) -> str:
        return f"Service({self.name}, {self.endpoint.url})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._exchange.close()

    def shown(self, text: str) -> str:
        """Text of the server as it may be shown: no control characters, no secrets, not too long."""
        return self._redact(text)

    def json(self, path: str, subject: str, query: Query | None = None) -> Any:
        """The decoded JSON of an address.

        Raises:
            ServiceError: when there is none.
        """
        return self._decoded(self._answer(Request("GET", path, query or {}), subject))

    def form(self, path: str, subject: str, fields: Query) -> Any:
        """The decoded JSON of an address that is given its parameters in the body, where there is room for them.

        Raises:
            ServiceError: when there is none.
        """
        data = urlencode(dict(fields), doseq=True).encode()
        return self._decoded(self._answer(Request("POST", path, {}, data, _FORM), subject))

    def text(self, path: str, subject: str, headers: dict[str, str] | None = None) -> RawAnswer:
        """The answer of an address as it came.

        Raises:
            ServiceError: when there is none.
        """
        return self._answer(Request("GET", path, {}, None, headers or {}), subject)

    def act(self, path: str, subject: str) -> None:
        """Ask for something to be done, once.

        Raises:
            ServiceError: when it was not done, or nobody knows.
        """
        try:
            answer = self._exchange(Request("POST", path, {}, b"", {}))
        except ExchangeError as error:
            raise self._failed(error) from None
        if answer.status >= 400:
            raise self._refused(answer, subject)

    def map(self, work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Do the same for many things at once, at most ``concurrency`` of them; results in order."""
        return in_order(work, items, self.endpoint.limits.concurrency)

    def _decoded(self, answer: RawAnswer) -> Any:
        try:
            return decoded(answer, self.name)
        except BadAnswerError as error:
            raise self._failed(error) from None

    def _answer(self, request: Request, subject: str) -> RawAnswer:
        pauses = Pauses(self.endpoint.limits, self._jitter)
        while True:
            wait = None
            try:
                with self._in_flight:
                    answer = self._exchange(request)
            except ExchangeError as error:
                wait = pauses.following() if _may_repeat(error) else None
                if wait is None:
                    raise self._failed(error) from None
            else:
                if answer.status < 400:
                    return answer
                if answer.status in _BUSY and not _said(answer):
                    wait = pauses.following(seconds_to_wait(answer.headers))
                if wait is None:
                    raise self._refused(answer, subject)
            self._sleep(wait)

    def _failed(self, error: ExchangeError) -> ServiceError:
        timed_out = isinstance(error, NoAnswerError) and error.kind is ReachKind.TIMEOUT
        too_big = isinstance(error, BadAnswerError) and error.kind is AnswerKind.TOO_BIG
        if too_big:
            return QueryRefusedError(self.name, error.message, said=error.message, status=0)
        return ServiceError(self.name, error.message, hint=error.hint, timed_out=timed_out)

    def _refused(self, answer: RawAnswer, subject: str) -> ServiceError:
        status, said = answer.status, self.shown(_said(answer))
        because = f": {said.rstrip('.')}" if said else ""
        if status in {401, 403}:
            prefix = variables_of(self.name)
            hint = f"check `{prefix}_TOKEN`, or `{prefix}_USER` and `{prefix}_PASSWORD`"
            return ServiceError(
                self.name, f"{self.name} does not let us in{because}", hint=hint, status=status
            )
        if status == 404 and not said:
            hint = f"check the address of {self.name}, and its sub-path"
            return ServiceError(self.name, f"{self.name} does not know {subject}", hint=hint, status=404)
        if status in _BUSY or status >= 500:
            timed_out = "timed out" in said or "timeout" in said or "deadline exceeded" in said
            message = f"{self.name} failed at {subject} ({status}){because}"
            return ServiceError(self.name, message, status=status, timed_out=timed_out)
        message = f"{self.name} refuses {subject}{because}"
        return QueryRefusedError(self.name, message, said=said or f"status {status}", status=status)


def _may_repeat(error: ExchangeError) -> bool:
    match error:
        case NoAnswerError():
            return error.kind is ReachKind.RESET
        case BadAnswerError():
            return error.kind is AnswerKind.TRUNCATED
        case _:
            return False


def _said(answer: RawAnswer) -> str:
    """The reason in an error answer: a field of JSON, or the plain text that Loki and Tempo send."""
    try:
        body = decoded(answer, "")
    except BadAnswerError:
        text = answer.body[:4000].decode(errors="replace").strip()
        return "" if text.startswith("<") else text
    if isinstance(body, dict):
        found = [body[key] for key in ("error", "message") if isinstance(body.get(key), str)]
        return found[0] if found else ""
    return body if isinstance(body, str) else ""
