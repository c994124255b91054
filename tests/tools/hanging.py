"""Servers of the tests that hang, and clients whose patience ends when they do.

A limit on the clock cannot tell a server that hangs from one that is slow because the machine is busy. So clients keep
long limits here, and only a server that has begun to hang shortens them: by then it has done all that it will do.
"""

import select
import threading
import time
from http.client import HTTPResponse
from typing import Any, Final

import pytest

from dashgen.servers.http import Limits, transport

Address = tuple[str, int]


def patient_limits(**more: Any) -> Limits:
    """Limits of time that no machine is too busy for."""
    return Limits(connect=60.0, read=60.0, total=120.0, **more)


PATIENT: Final = patient_limits()
SMALL_ANSWERS: Final = patient_limits(body=2**20)

LONGEST: Final = 30.0
"""Seconds after which a server stops to hang, so that a client without any limit is found out."""

_POLL: Final = 10.0
"""Milliseconds between two looks whether a server hangs."""

_READ, _TOTAL = 0.1, 0.2
_hanging: set[Address] = set()


def begin_to_hang(client: Address) -> None:
    """Tell the client at this address, which waits for an answer, that none will be complete."""
    _hanging.add(client)


def hang(client: Address, over: threading.Event) -> None:
    """Keep a client waiting until the test is over."""
    begin_to_hang(client)
    over.wait(LONGEST)


def shorten_patience_with_hanging_servers(patch: pytest.MonkeyPatch) -> None:
    """Let the limits of a request run out soon after its server has begun to hang, and never before."""
    read_response = transport._Http.response

    def response(self: transport._Http, sock: Any, *args: Any, **kwargs: Any) -> HTTPResponse:
        # What TLS has already decrypted is not seen by `poll`; no server behind TLS hangs here.
        if not hasattr(sock, "pending"):
            _await_answer_or_hang(self, sock)
        return read_response(self, sock, *args, **kwargs)

    patch.setattr(transport._Http, "response", response)


def _await_answer_or_hang(connection: transport._Http, sock: Any) -> None:
    answers = select.poll()
    answers.register(sock, select.POLLIN)
    client, latest = sock.getsockname(), time.monotonic() + connection.limits.total
    while client not in _hanging and time.monotonic() < latest:
        if answers.poll(_POLL):
            break
    # A server says that it hangs before it sends the first of the bytes that lead nowhere.
    if client in _hanging:
        _hanging.discard(client)
        connection.limits = Limits(read=_READ, total=_TOTAL)
        connection.started = time.monotonic()
