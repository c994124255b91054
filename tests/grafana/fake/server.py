"""The HTTP side of the fake: sockets, log, faults, latency."""

import sys
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.grafana.fake.accounts import Accounts
from tests.grafana.fake.config import FakeConfig
from tests.grafana.fake.faults import Fault, When, deliver, send
from tests.grafana.fake.routes import answer
from tests.grafana.fake.store import Store
from tests.grafana.fake.wire import Answer, Call, WireLog


class FakeAddress:
    """A free port of the loopback interface, at which one fake Grafana after another answers."""

    def __init__(self) -> None:
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()


class FakeGrafana:
    """A Grafana at an address of its own, or at a given one; everything about it can be looked at and set."""

    def __init__(
        self, config: FakeConfig | None = None, address: FakeAddress | None = None, **options: Any
    ) -> None:
        self.config = config or FakeConfig(**options)
        self.store = Store(self.config)
        self.accounts = Accounts()
        self.log = WireLog()
        self.faults: list[Fault] = []
        self.unexpected: list[BaseException] = []
        self.over = threading.Event()
        self.admin_token = self.accounts.token("Admin")
        self.editor_token = self.accounts.token("Editor")
        self.viewer_token = self.accounts.token("Viewer")
        self._has_own_address = address is None
        self._address = address or FakeAddress()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.socket_server.server_address[1]}"

    @property
    def url(self) -> str:
        return self.origin + self.config.prefix

    @property
    def socket_server(self) -> ThreadingHTTPServer:
        return self._address.server

    def fail(self, fault: Fault) -> Fault:
        """Arm a fault; its number counts from the next request."""
        armed = replace(fault, done=0, at=None if fault.at is None else fault.at + len(self.log))
        self.faults.append(armed)
        return armed

    def __enter__(self) -> Self:
        RUNNING[self.origin] = self
        self._address.server.grafana = self
        if self._has_own_address:
            self._address.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        del RUNNING[self.origin]
        self.over.set()
        if self._has_own_address:
            self._address.__exit__()
        if self.unexpected and error[0] is None:
            raise self.unexpected[0]

    def serve(self, call: Call) -> Answer:
        """Act on a request without a network."""
        with self.store.lock:
            return answer(self, call)

    def call_at(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[Call, bool]:
        """A request for a path with its query, and whether that is below this Grafana's prefix."""
        parts = urlsplit(target)
        prefix = self.config.prefix
        is_inside = parts.path.startswith(prefix + "/")
        path = parts.path[len(prefix) :] if is_inside else parts.path
        return Call(method, path, parse_qs(parts.query, keep_blank_values=True), headers, body), is_inside


RUNNING: dict[str, FakeGrafana] = {}
"""Every fake that runs in this process, by its origin."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    grafana: FakeGrafana

    def handle_error(self, _request: Any, _address: Any) -> None:
        error = sys.exception()
        if error is not None and not isinstance(error, OSError | ValueError):
            self.grafana.unexpected.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    disable_nagle_algorithm = True

    def log_message(self, *_args: Any) -> None:
        """Say nothing: the wire log has it."""

    def do_GET(self) -> None:
        grafana = self.server.grafana
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            # The sender died in the middle of its request.
            self.close_connection = True
            return
        call, is_inside = grafana.call_at(self.command, self.path, dict(self.headers.items()), body)
        number = grafana.log.arrive(call)
        try:
            self._reply(grafana, call, number, inside=is_inside)
        finally:
            grafana.log.leave()

    def _reply(self, grafana: FakeGrafana, call: Call, number: int, *, inside: bool) -> None:
        if grafana.config.latency:
            time.sleep(grafana.config.latency)
        fault = next((f for f in grafana.faults if f.meets(number, call)), None)
        if fault is not None:
            call.fault = f"{fault.kind} {fault.when}"
        real = Answer(200, {"message": "nothing was done"})
        if fault is None or fault.when is When.AFTER:
            real = grafana.serve(call) if inside else Answer(404, b"<html>not found</html>")
        call.status = real.status
        if fault is None:
            send(self, real)
        else:
            deliver(fault, self, real, grafana.config.prefix, grafana.over)

    do_POST = do_GET  # noqa: N815 - the names are those of the library
    do_PUT = do_GET  # noqa: N815
    do_PATCH = do_GET  # noqa: N815
    do_DELETE = do_GET  # noqa: N815
