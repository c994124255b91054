"""Bounds of connections: how long one may take to ask, how many may wait, and how long an answer may go unread.

uvicorn waits for ever for the head of a first request, so connections that say nothing or little would stay, until there
are no more file descriptors. The body has its own limit, in `gate`.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How much of a server one caller can take.

    Attributes:
        head_seconds: how long the head of a request may take, from the connection or from its first byte.
        unread_seconds: how long an answer may wait for its reader.
        waiting: how many connections of one address may be without a request.
        connections: how many connections there may be.
    """

    head_seconds: float = 10.0
    unread_seconds: float = 20.0
    waiting: int = 64
    connections: int = 1000


class BoundedProtocol(H11Protocol):
    """HTTP/1.1 on a connection that is ended when it takes too much. Use a class of `bounded`."""

    bounds: Bounds
    waiting_by_address: "dict[str, OrderedDict[BoundedProtocol, None]]"

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._address = "?"
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection; where there are too many, one that asks for nothing goes first."""
        super().connection_made(transport)
        self._address = self.client[0] if self.client else "?"
        if len(self.connections) > self.bounds.connections and not self._end_a_waiting_one():
            transport.abort()
            return
        self._wait_for_request()

    def data_received(self, data: bytes) -> None:
        """Take bytes; a head that is complete ends the waiting for it."""
        super().data_received(data)
        # uvicorn does not say that there is no cycle before the first request.
        if self.cycle is not None and not self.cycle.response_complete:  # type: ignore[redundant-expr]
            self._stop_waiting()
        elif not self.transport.is_closing() and "head" not in self._timers:
            self._wait_for_request()

    def on_response_complete(self) -> None:
        """Wait for the reader of an answer, but not for ever."""
        super().on_response_complete()
        self._end_after(self.bounds.unread_seconds, "unread", only_unread=True)

    def pause_writing(self) -> None:
        """The reader is slower than the answer."""
        super().pause_writing()
        self._end_after(self.bounds.unread_seconds, "paused")

    def resume_writing(self) -> None:
        """The reader goes on."""
        super().resume_writing()
        self._cancel("paused")

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        for name in list(self._timers):
            self._cancel(name)
        super().connection_lost(exc)

    def _wait_for_request(self) -> None:
        waiting = self.waiting_by_address.setdefault(self._address, OrderedDict())
        waiting[self] = None
        self._end_after(self.bounds.head_seconds, "head")
        if len(waiting) > self.bounds.waiting:
            next(iter(waiting)).end()

    def _stop_waiting(self) -> None:
        self._cancel("head")
        waiting = self.waiting_by_address.get(self._address)
        if waiting is not None:
            waiting.pop(self, None)
            if not waiting:
                del self.waiting_by_address[self._address]

    def _end_a_waiting_one(self) -> bool:
        crowd = max(self.waiting_by_address.values(), key=len, default=None)
        if not crowd:
            return False
        next(iter(crowd)).end()
        return True

    def _end_after(self, seconds: float, name: str, *, only_unread: bool = False) -> None:
        self._cancel(name)
        self._timers[name] = self.loop.call_later(seconds, self.end, only_unread)

    def _cancel(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()

    def end(self, only_unread: bool = False) -> None:  # noqa: FBT001, FBT002  # call_later has no keywords
        """End the connection at once; `only_unread` where an answer is still waiting for its reader."""
        if not only_unread or self.transport.get_write_buffer_size():
            self._stop_waiting()
            self.transport.abort()


def bounded(bounds: Bounds) -> type[BoundedProtocol]:
    """The protocol of one server: its connections share what is counted."""
    return type("Protocol", (BoundedProtocol,), {"bounds": bounds, "waiting_by_address": {}})
