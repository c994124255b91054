"""What can go wrong on the way, before or after the server acted."""

import re
import struct
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

from tests.grafana.fake.wire import Answer, Call
from tests.tools.hanging import LONGEST, begin_to_hang, hang

PAGE = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
_MIB = 2**20
_DROP = 0.02
"""Seconds between two bytes of an answer that comes byte by byte."""


class FaultKind(StrEnum):
    RESET = "reset"
    HANG = "hang"
    STATUS = "status"
    HTML = "html"
    CUT_OFF = "cut-off"
    CUT_JSON = "cut-json"
    HUGE = "huge"
    HUGE_UNDECLARED = "huge-undeclared"
    DRIP = "drip"
    DRIP_HEADERS = "drip-headers"
    LOGIN = "login"
    ELSEWHERE = "elsewhere"
    DEEP = "deep"


class When(StrEnum):
    BEFORE = "before"
    AFTER = "after"


@dataclass
class Fault:
    """One fault: at the request with this number, or at those that match, ``times`` times."""

    kind: FaultKind
    when: When = When.BEFORE
    status: int = 500
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    method: str = ""
    path: str = ""
    at: int | None = None
    writes_only: bool = False
    times: int = 1
    size: int = 65 * _MIB
    location: str = "http://elsewhere.invalid/steal"
    done: int = 0

    def meets(self, number: int, call: Call) -> bool:
        fits = (
            (self.at is None or self.at == number)
            and (not self.method or self.method == call.method)
            and re.search(self.path, call.path) is not None
            and (call.writes or not self.writes_only)
        )
        if not fits or self.done >= self.times:
            return False
        self.done += 1
        return True


def default_body(status: int) -> Any:
    """What a real server or proxy sends with a status."""
    if status in {502, 503, 504}:
        return PAGE
    if status == 401:
        return {
            "message": "Invalid API key",
            "messageId": "api-key.invalid",
            "statusCode": 401,
            "traceID": "",
        }
    if status == 412:
        return {"message": "The dashboard has been changed by someone else", "status": "version-mismatch"}
    return {"message": {409: "Conflict", 403: "Access denied"}.get(status, "Internal Server Error")}


def deliver(
    fault: Fault, handler: BaseHTTPRequestHandler, real: Answer, prefix: str, over: threading.Event
) -> None:
    """Send the fault instead of the answer."""
    simple = _simple(fault, prefix)
    if simple is not None:
        send(handler, simple)
    elif fault.kind is FaultKind.RESET:
        reset(handler)
    elif fault.kind is FaultKind.HANG:
        hang(handler.client_address, over)
        reset(handler)
    elif fault.kind is FaultKind.CUT_JSON:
        body = real.encoded() or b'{"message":"cut"}'
        send(handler, Answer(real.status, body[: len(body) // 2] or b"{"))
    elif fault.kind is FaultKind.CUT_OFF:
        body = real.encoded() or b'{"message":"cut"}'
        _head(handler, real.status, len(body) + 10)
        handler.wfile.write(body[: len(body) // 2])
        handler.close_connection = True
    else:
        _at_length(fault, handler, over)


def _simple(fault: Fault, prefix: str) -> Answer | None:
    html = {"Content-Type": "text/html"}
    if fault.kind is FaultKind.STATUS:
        body = default_body(fault.status) if fault.body is None else fault.body
        return Answer(fault.status, body, {**(html if body is PAGE else {}), **fault.headers})
    if fault.kind is FaultKind.HTML:
        return Answer(200, PAGE, html)
    if fault.kind is FaultKind.LOGIN:
        return Answer(302, PAGE, {"Location": f"{prefix}/login", **html})
    if fault.kind is FaultKind.ELSEWHERE:
        return Answer(302, b"", {"Location": fault.location})
    if fault.kind is FaultKind.DEEP:
        return Answer(200, b"[" * 200_000 + b"]" * 200_000)
    return None


def _at_length(fault: Fault, handler: BaseHTTPRequestHandler, over: threading.Event) -> None:
    handler.close_connection = True
    if fault.kind in (FaultKind.DRIP, FaultKind.DRIP_HEADERS):
        begin_to_hang(handler.client_address)
    if fault.kind is FaultKind.DRIP_HEADERS:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        _drip(handler, over)
    elif fault.kind is FaultKind.DRIP:
        _head(handler, 200, 100_000)
        _drip(handler, over)
    else:
        _head(handler, 200, fault.size if fault.kind is FaultKind.HUGE else None)
        for _ in range(fault.size // _MIB):
            handler.wfile.write(b" " * _MIB)


def _drip(handler: BaseHTTPRequestHandler, over: threading.Event) -> None:
    for _ in range(int(LONGEST / _DROP)):
        if over.wait(_DROP):
            return
        handler.wfile.write(b" ")
        handler.wfile.flush()


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Break the connection as a crashed peer does."""
    handler.close_connection = True
    handler.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    handler.rfile.close()
    handler.wfile.close()
    handler.connection.close()


def send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    body = answer.encoded()
    handler.send_response(answer.status)
    for name, value in answer.all_headers(body).items():
        handler.send_header(name, value)
    handler.end_headers()
    if answer.status != 204:
        handler.wfile.write(body)


def _head(handler: BaseHTTPRequestHandler, status: int, length: int | None) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    if length is not None:
        handler.send_header("Content-Length", str(length))
    handler.send_header("Connection", "close")
    handler.end_headers()
