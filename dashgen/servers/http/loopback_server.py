"""A small web server for one person's browser on the same machine.

It listens on loopback only, answers GET alone, and only requests that name it as their host: a page of
another site whose name was made to lead here (DNS rebinding) gets nothing. It has no files and no
folders, only what `answer` gives.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

HOST: Final = "127.0.0.1"
_MOST_CONNECTIONS: Final = 32
_PATIENCE: Final = 20.0
_HEARTBEAT: Final = 10.0
_EVENTS: Final = "/events"
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class LoopbackAnswer(Struct, frozen=True):
    """What a request gets: the content, its type, and the status of HTTP."""

    content: bytes
    content_type: str
    status: int = 200


LoopbackAnswerer = Callable[[str, Mapping[str, list[str]]], LoopbackAnswer | None]
"""Answers a path with its query; None where there is nothing. Called by several threads at once."""


class LoopbackServer:
    """The server; it runs from `start` to `close`.

    Args:
        answer: answers requests.
        port: 0 for any that is free.

    Raises:
        OSError: the port cannot be used.
    """

    def __init__(self, answer: LoopbackAnswerer, port: int = 0) -> None:
        self.latest = LatestEvent()
        self._server = _Server((HOST, port), _Handler)
        self._server.answer = answer
        self._server.latest = self.latest
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True
        )

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self._server.server_port}/"

    def start(self) -> None:
        """Answer requests from now on, in threads of its own."""
        self._thread.start()

    def close(self) -> None:
        """End; requests that are being answered are cut off."""
        self.latest.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class LatestEvent:
    """The latest event, for the pages that wait for one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._text = ""
        self._number = 0
        self.is_closed = False

    def publish(self, text: str) -> None:
        """Send an event of one line to every page; a page that comes later gets the latest one."""
        with self._changed:
            self._text, self._number = text, self._number + 1
            self._changed.notify_all()

    def close(self) -> None:
        """Let everybody who waits go."""
        with self._changed:
            self.is_closed = True
            self._changed.notify_all()

    def after(self, number: int, patience: float) -> tuple[int, str]:
        """The latest event and its number, once it is another than `number`, or after some seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._number != number or self.is_closed, patience)
            return self._number, self._text


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    answer: LoopbackAnswerer
    latest: LatestEvent

    def __init__(self, *arguments: Any) -> None:
        self._slots = threading.BoundedSemaphore(_MOST_CONNECTIONS)
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._slots.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away while it is answered is no event."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _PATIENCE
    server_version = "dashgen"
    sys_version = ""

    def _answer(self) -> None:
        address = urlsplit(self.path)
        if not self._is_own():
            self._send(LoopbackAnswer(b"this server answers its own page only\n", "text/plain", 403))
        elif address.path == _EVENTS:
            self._send_events()
        else:
            answer = self.server.answer(address.path, parse_qs(address.query, keep_blank_values=True))
            self._send(answer or LoopbackAnswer(b"there is nothing here\n", "text/plain", 404))

    do_GET = _answer  # noqa: N815  # the name that the library calls

    def _is_own(self) -> bool:
        port = self.server.server_port
        hosts = {f"{HOST}:{port}", f"localhost:{port}"}
        origin = self.headers.get("Origin")
        is_own_origin = origin is None or origin.removeprefix("http://") in hosts
        return (
            self.headers.get("Host") in hosts
            and is_own_origin
            and self.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")
        )

    def _send(self, answer: LoopbackAnswer) -> None:
        self._send_head(answer.status, answer.content_type, len(answer.content))
        self.wfile.write(answer.content)

    def _send_head(self, status: int, content_type: str, length: int | None) -> None:
        self.send_response(HTTPStatus(status))
        self.send_header("Content-Type", f"{content_type}; charset=utf-8")
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def _send_events(self) -> None:
        """Send events as server-sent events (HTML Living Standard, 9.2), until the page goes away."""
        self._send_head(200, "text/event-stream", None)
        event, number = self.server.latest, 0
        with suppress(OSError):
            while not event.is_closed:
                current, text = event.after(number, _HEARTBEAT)
                # A comment tells a connection that is gone, so that its thread ends.
                line = f"data: {text}\n\n" if current != number else ": still here\n\n"
                number = current
                self.wfile.write(line.encode())
                self.wfile.flush()

    def log_message(self, *_texts: Any, **_named: Any) -> None:
        """Print no line for each request."""
