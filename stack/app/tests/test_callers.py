import io
import socket
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from bot.assembly import assemble
from bot.web.app import web_app
from bot.web.callers import address_key, foreign_page, wrong_host

SERVER = ("172.18.0.3", 8000)


def scope(method="POST", **headers):
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": method, "path": "/query", "headers": pairs, "server": SERVER}


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "localhost:8000", "LOCALHOST:8000", "127.0.0.1:8000", "127.0.0.9", "[::1]:8000", "app:8000",
        "172.18.0.3:8000", "172.18.0.3", "bot.example.org", "bot.example.org:443", "bot.example.org.",
    ],
)  # fmt: skip
def test_it_answers_to_its_own_names(host):
    assert wrong_host(scope(host=host), ("bot.example.org",)) is None


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:8000", "localhost.evil.example", "app.evil.example", "evil-localhost", "172.18.0.4:8000",
        "10.0.0.1", "", ":8000", "localhost:port", "localhost/x", "x@localhost", "localhost@evil.example", "[::1", "0.0.0.0:8000",
        "127.0.0.1.evil.example", "localhost:99999",
    ],
)  # fmt: skip
def test_it_does_not_answer_to_other_names(host):
    assert wrong_host(scope(host=host), ("bot.example.org",))


def test_a_request_has_exactly_one_host():
    assert wrong_host(scope(), ())
    twice = scope(host="localhost")
    twice["headers"].append((b"host", b"evil.example"))
    assert wrong_host(twice, ())


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://localhost:8000"},
        {"origin": "http://LOCALHOST:8000", "sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
        {"sec_fetch_site": "cross-site", "method": "GET"},
    ],
)
def test_programs_and_the_bots_own_page_may_ask(headers):
    assert foreign_page(scope(host="localhost:8000", **headers)) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://localhost:3000"},
        {"origin": "https://localhost:8000.evil.example"},
        {"origin": "http://localhost"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://localhost:8000@evil.example"},
        {"origin": "http://evil.example", "method": "GET"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "cross-site", "method": "PUT"},
    ],
)
def test_pages_of_others_may_not(headers):
    assert foreign_page(scope(host="localhost:8000", **headers))


def test_behind_a_proxy_with_tls_the_own_page_may_ask():
    assert foreign_page(scope(host="bot.example.org", origin="https://bot.example.org")) is None
    assert foreign_page(scope(host="bot.example.org:80", origin="https://bot.example.org"))


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:2", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_network_of_ipv6_is_one_caller(address, key):
    assert address_key(address) == key


@pytest.mark.parametrize("path", ["/query", "/metrics", "/healthz", "/", "/admin/scenario"])
def test_no_path_answers_a_stranger(world, path):
    assert world.client.get(path, headers={"Host": "evil.example"}).status_code == 421
    assert world.client.get(path, headers={"Origin": "http://evil.example"}).status_code == 403
    assert world.client.post(path, headers={"Sec-Fetch-Site": "cross-site"}, json={}).status_code == 403


def test_the_answer_to_a_wrong_name_says_which_setting_adds_it(world):
    answer = world.client.get("/healthz", headers={"Host": "bot.internal"})
    assert "BOT_ALLOWED_HOSTS" in answer.text
    assert "bot.internal" not in answer.text


def test_a_name_that_is_set_is_answered(settings):
    bot = assemble(replace(settings, allowed_hosts=("bot.internal",)), stream=io.StringIO())
    with TestClient(web_app(bot), "http://bot.internal") as client:
        assert client.get("/healthz").status_code == 200


def test_a_name_of_this_machine_is_resolved_by_nobody(world, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: pytest.fail("no name is looked up"))
    assert world.client.get("/healthz").status_code == 200
