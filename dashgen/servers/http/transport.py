"""HTTP with bounds on time: connecting, each pause, and the whole of a request down to its last byte."""

import io
import socket
import time
from functools import partial
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from dashgen.servers.http.endpoint import Limits


class _Raw(io.RawIOBase):
    """Reads from a socket until a moment, so that single late bytes cannot keep a request alive.

    The timeout of a socket starts anew with each byte, so a server that sends one a second would never run
    into it.
    """

    def __init__(self, sock: socket.socket, pause: float, until: float) -> None:
        self._sock = sock
        self._raw: Any = sock.makefile("rb", buffering=0)
        self._pause = pause
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the whole request took too long")
        self._sock.settimeout(min(self._pause, left))
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _SocketFile:
    """What ``HTTPResponse`` needs of a socket: ``makefile``."""

    def __init__(self, raw: _Raw) -> None:
        self._raw = raw

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._raw)


class _Http(HTTPConnection):
    """A connection with a clock that starts with each request."""

    def __init__(self, *args: Any, limits: Limits, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limits = limits
        self.started = time.monotonic()
        self.response_class = self.response  # type: ignore[assignment]

    def response(self, sock: socket.socket, *args: Any, **kwargs: Any) -> HTTPResponse:
        raw = _Raw(sock, self.limits.read, self.started + self.limits.total)
        source: Any = _SocketFile(raw)
        return HTTPResponse(source, *args, **kwargs)

    def connect(self) -> None:
        self.started = time.monotonic()
        super().connect()
        _allow_sending(self)

    def request(self, *args: Any, **kwargs: Any) -> None:
        self.started = time.monotonic()
        _allow_sending(self)
        super().request(*args, **kwargs)


class _Https(_Http, HTTPSConnection):
    """The same over TLS."""


def _allow_sending(connection: _Http) -> None:
    """A large body may take longer than a connection may; the socket still has the connection's limit."""
    if connection.sock is not None:
        connection.sock.settimeout(connection.limits.total)


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class BoundedAdapter(HTTPAdapter):
    """An adapter for ``requests`` whose connections keep to the limits and never retry by themselves."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        super().__init__(pool_connections=4, pool_maxsize=limits.concurrency, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*args, **kwargs)
        self._bound(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Make the pools of connections through a proxy."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        # The pools of SOCKS have connections of their own, which cannot be replaced by these.
        if not proxy.lower().startswith("socks"):
            self._bound(manager)
        return manager

    def _bound(self, manager: Any) -> None:
        manager.pool_classes_by_scheme = {
            "http": partial(_HttpPool, limits=self._limits),
            "https": partial(_HttpsPool, limits=self._limits),
        }
