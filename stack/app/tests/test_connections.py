"""The bot as a process, and clients that ask slowly, for nothing, or for too much."""

import json
import socket
import subprocess
import sys
import threading
import time

import pytest
import uvicorn

from bot.web.connections import Bounds, bounded

from .test_run import environment

HEAD = b"POST /query HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
def started(tmp_path):
    processes = []

    def start(**settings):
        process = subprocess.Popen(
            [sys.executable, "-m", "bot"],
            env=environment(tmp_path, **settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        processes.append(process)
        line = json.loads(process.stdout.readline())
        return int(line["message"].split("http://127.0.0.1:")[1].split()[0])

    yield start
    for process in processes:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def connect(port):
    connection = socket.create_connection(("127.0.0.1", port), 30)
    connection.settimeout(30)
    return connection


def status(port, **headers):
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    with connect(port) as connection:
        head = f"GET /nope HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{''.join(lines)}\r\n"
        connection.sendall(head.encode())
        return int(ended(connection).split()[1])


def ended(connection):
    """Wait for the end of a connection; what came before it."""
    received = b""
    try:
        while chunk := connection.recv(65536):
            received += chunk
    except ConnectionError:
        pass
    return received


@pytest.mark.parametrize("sent", [b"", b"GET /", HEAD, HEAD + b"X-A: b\r\n"])
def test_a_head_that_does_not_arrive_ends_the_connection(started, sent):
    with connect(started(BOT_HEAD_TIMEOUT="0.5")) as connection:
        connection.sendall(sent)
        assert ended(connection) == b""


def test_the_head_of_a_second_request_has_the_same_time(started):
    with connect(started(BOT_HEAD_TIMEOUT="0.5")) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        received = b""
        while b'{"status":"ok"}' not in received:
            received += connection.recv(65536)
        connection.sendall(HEAD)
        assert ended(connection) == b""


def test_a_head_that_is_too_long_is_refused(started):
    with connect(started()) as connection:
        connection.sendall(HEAD + b"X-A: " + b"a" * 40_000)
        received = ended(connection)
    assert received == b"" or b" 400 " in received


def test_of_many_connections_that_ask_for_nothing_the_oldest_go_first_and_others_are_answered(started):
    port = started()
    idle = [connect(port) for _ in range(80)]
    for connection in idle[:16]:
        assert ended(connection) == b""
    assert status(port) == 404
    for connection in idle:
        connection.close()


def test_when_there_is_no_room_a_connection_that_asks_for_nothing_makes_it(started):
    port = started(BOT_MAX_CONNECTIONS="5")
    idle = [connect(port) for _ in range(5)]
    assert status(port) == 404
    assert ended(idle[0]) == b""
    for connection in idle:
        connection.close()


def test_a_query_that_takes_longer_than_a_head_may_is_answered(started):
    port = started(BOT_HEAD_TIMEOUT="0.2", BOT_SIM_SPEED="1")
    body = json.dumps({"text": "Compare JVC and Downtown", "user": "ann"}).encode()
    with connect(port) as connection:
        connection.sendall(
            HEAD + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )
        assert b"200 OK" in connection.recv(65536)


async def _large(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x" * 50_000_000})


def test_an_answer_that_nobody_reads_ends():
    config = uvicorn.Config(
        _large, port=0, log_config=None, http=bounded(Bounds(unread_seconds=0.3)), ws="none"
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        with connect(listener.getsockname()[1]) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            connection.recv(1)
            wait_until(lambda: not server.server_state.connections)
        server.should_exit = True
        thread.join(30)


def wait_until(condition):
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    pytest.fail("it did not happen in 30 seconds")


def test_an_address_is_what_the_connection_says(started):
    port = started(BOT_REQUESTS_PER_MINUTE="3")
    found = [status(port, **{"X-Forwarded-For": f"10.0.0.{number}"}) for number in range(5)]
    assert found == [404, 404, 404, 429, 429]


def test_the_environment_of_uvicorn_trusts_nobody(started):
    port = started(BOT_REQUESTS_PER_MINUTE="3", FORWARDED_ALLOW_IPS="*")
    found = [status(port, **{"X-Forwarded-For": f"10.0.0.{number}"}) for number in range(5)]
    assert found == [404, 404, 404, 429, 429]


def test_a_proxy_that_is_named_is_believed_and_what_stands_before_its_word_is_not(started):
    port = started(BOT_REQUESTS_PER_MINUTE="3", BOT_TRUSTED_PROXIES="127.0.0.0/8")
    assert [status(port, **{"X-Forwarded-For": f"10.0.0.{number}"}) for number in range(5)] == [404] * 5
    spoofed = [status(port, **{"X-Forwarded-For": f"10.9.9.{number}, 192.0.2.1"}) for number in range(5)]
    assert spoofed == [404, 404, 404, 429, 429]
