"""The server of a preview answers one person's browser, and nobody else."""

import http.client
import threading

import pytest

from dashgen.servers.http.loopback_server import LoopbackAnswer, LoopbackServer


@pytest.fixture
def server():
    """A server with one page."""

    def answer(path, query):
        if path == "/":
            return LoopbackAnswer(f"hello {query.get('name', [''])[0]}".encode(), "text/html")
        return None

    started = LoopbackServer(answer)
    started.start()
    yield started
    started.close()


def request(server, path, method="GET", **headers):
    host = server.url.removeprefix("http://").rstrip("/")
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.putrequest(method, path, skip_host=True)
    for name, value in {"Host": host, **headers}.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    body = b"" if path == "/events" else answer.read()
    connection.close()
    return answer, body


def test_it_answers_its_own_page_with_headers_that_keep_others_out(server):
    answer, body = request(server, "/?name=World")
    assert (answer.status, body) == (200, b"hello World")
    assert answer.getheader("Cross-Origin-Resource-Policy") == "same-origin"
    assert answer.getheader("X-Frame-Options") == "DENY"
    assert answer.getheader("Cache-Control") == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example:80"},
        {"Host": "localhost"},
        {"Host": ""},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_a_request_of_another_site_gets_nothing(server, headers):
    answer, body = request(server, "/", **headers)
    assert answer.status == 403
    assert b"hello" not in body


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/../../etc/passwd", "GET", 404), ("/specs/", "GET", 404), ("/", "POST", 501), ("/", "PUT", 501)],
)
def test_it_has_no_files_and_takes_nothing(server, path, method, status):
    assert request(server, path, method)[0].status == status


def test_events_reach_a_page_that_waits_and_one_that_comes_later(server):
    server.latest.publish('{"revision": 1}')
    assert server.latest.after(0, 60) == (1, '{"revision": 1}')
    waiting = threading.Thread(target=lambda: got.append(server.latest.after(1, 600)))
    got = []
    waiting.start()
    server.latest.publish('{"revision": 2}')
    waiting.join(600)
    assert got == [(2, '{"revision": 2}')]


def test_it_listens_on_this_machine_alone(server):
    assert server.url.startswith("http://127.0.0.1:")
    assert server._server.server_address[0] == "127.0.0.1"


def test_more_connections_than_a_browser_opens_are_refused_and_not_kept(server):
    host = server.url.removeprefix("http://").rstrip("/")
    waiting = []
    for _ in range(32):
        connection = http.client.HTTPConnection(host, timeout=60)
        connection.request("GET", "/events")
        assert connection.getresponse().status == 200
        waiting.append(connection)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        request(server, "/")
    for connection in waiting:
        connection.close()
