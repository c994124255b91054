"""Sessions with servers: connections, bounded parallel requests, retries, hidden secrets."""

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Self, TypeVar

from dashgen.servers.http.endpoint import Endpoint
from dashgen.servers.http.http_errors import ServiceError
from dashgen.servers.http.parallel import in_order
from dashgen.servers.http.retry import Pauses
from dashgen.servers.http.secret import Redactor, Secret
from dashgen.servers.http.sent_request import RawAnswer, Request

T = TypeVar("T")
R = TypeVar("R")


class ServerSession:
    """Connections to one server, safe to share between threads.

    Args:
        endpoint: the server and its credentials.
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
        # With `requests`, which only those import who talk to a server.
        from dashgen.servers.http.exchange import Exchange

        self.endpoint = endpoint
        self._exchange = Exchange(endpoint)
        self._redact = Redactor(endpoint.secrets)
        self._sleep = sleep
        self._jitter = jitter
        self._in_flight = threading.BoundedSemaphore(endpoint.limits.concurrency)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.endpoint.service}, {self.endpoint.url})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._exchange.close()

    def hide(self, secrets: Iterable[Secret]) -> None:
        """Hide these too in all texts of the server from now on, whatever the request was."""
        self._redact = Redactor([*self.endpoint.secrets, *secrets])

    def shown(self, text: str, secrets: Iterable[Secret] = ()) -> str:
        """Text of the server as it may be shown: no control characters, no secrets, not too long."""
        return self._redact(text, secrets)

    def send(self, request: Request) -> RawAnswer:
        """Send a request once, as soon as fewer than ``concurrency`` are running.

        Raises:
            NoAnswerError: no answer came.
            BadAnswerError: it is too large, broke off, or leads elsewhere.
        """
        with self._in_flight:
            return self._exchange(request)

    def repeated(self, attempt: Callable[[], T]) -> T:
        """The result of an attempt that only reads, made again after each transient error.

        Raises:
            ServiceError: the last error, when it is time to give up.
        """
        pauses = Pauses(self.endpoint.limits, self._jitter)
        while True:
            try:
                return attempt()
            except ServiceError as error:
                wait = pauses.following(error.retry_after) if error.transient else None
                if wait is None:
                    raise
            self._sleep(wait)

    def pause(self, tried: int, requested_pause: float | None = None) -> None:
        """Wait as before the retry that follows ``tried`` attempts."""
        pauses = Pauses(self.endpoint.limits, self._jitter, tried)
        self._sleep(pauses.following(requested_pause) or 0.0)

    def map(self, work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Do the same for many things at once, at most ``concurrency`` of them; results in order."""
        return in_order(work, items, self.endpoint.limits.concurrency)
