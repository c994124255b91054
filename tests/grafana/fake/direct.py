"""Requests that reach a fake Grafana of this process without a socket.

Two thirds of a push against the fake were spent on HTTP between two threads. Where a test is not about the wire, a
request is prepared by dashgen and its HTTP library as ever, and handed to the fake instead of a connection.
"""

import io
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from requests.structures import CaseInsensitiveDict

from dashgen.servers.http.transport import BoundedAdapter
from tests.grafana.fake.server import RUNNING, FakeGrafana
from tests.grafana.fake.wire import Answer


def answer_without_sockets(patch: pytest.MonkeyPatch) -> None:
    """Let fakes answer directly; those with a fault or a latency, and all other servers, are asked over the network."""
    send = BoundedAdapter.send

    def send_or_hand_over(
        self: BoundedAdapter, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        origin, _, target = (request.url or "").partition("://")[2].partition("/")
        fake = RUNNING.get(f"http://{origin}")
        if fake is None or fake.faults or fake.config.latency:
            return send(self, request, **options)
        return _response(request, _answer(fake, request, "/" + target))

    patch.setattr(BoundedAdapter, "send", send_or_hand_over)


def _answer(fake: FakeGrafana, request: requests.PreparedRequest, target: str) -> Answer:
    headers = {**request.headers, "Host": urlsplit(fake.origin).netloc}
    body = request.body or b""
    content = body.encode() if isinstance(body, str) else body
    call, is_inside = fake.call_at(request.method or "GET", target, headers, content)
    fake.log.arrive(call)
    try:
        answer = fake.serve(call) if is_inside else Answer(404, b"<html>not found</html>")
    except Exception as error:
        # Over a socket, too, a bug of the fake breaks the connection, and shows at the end of the test.
        fake.unexpected.append(error)
        raise requests.ConnectionError("the fake Grafana failed") from error
    finally:
        fake.log.leave()
    call.status = answer.status
    return answer


def _response(request: requests.PreparedRequest, answer: Answer) -> requests.Response:
    body = answer.encoded()
    response = requests.Response()
    response.status_code = answer.status
    response.headers = CaseInsensitiveDict(answer.all_headers(body))
    response.raw = io.BytesIO(body)
    response.url = request.url or ""
    response.request = request
    return response
