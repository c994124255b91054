from urllib.parse import urlsplit

import pytest

from dashgen.servers.http import Endpoint, Secret
from dashgen.servers.http.endpoint import is_loopback, is_open, malformed


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://prometheus:9090", ""),
        ("https://example.com/prometheus", ""),
        ("ftp://example.com", "it does not start with http:// or https://"),
        ("http://", "it has no host"),
        ("http://a b", "its host has characters that no host has"),
        ("http://a?x=1", "it has a `?` or `#`"),
        ("http://a/../b", "its path has characters that no path has"),
    ],
)
def test_an_address_is_of_a_server_or_the_reason_is_said(url: str, reason: str) -> None:
    assert malformed(urlsplit(url)) == reason


@pytest.mark.parametrize(
    ("host", "this"),
    [("localhost", True), ("LOCALHOST.", True), ("127.0.0.9", True), ("::1", True), ("example.com", False)],
)
def test_this_machine_is_known_by_its_names(host: str, this: bool) -> None:
    assert is_loopback(host) is this


@pytest.mark.parametrize(
    ("url", "readable"),
    [
        ("http://example.com", True),
        ("http://127.0.0.1", False),
        ("https://example.com", False),
        ("http://[", False),
    ],
)
def test_plain_http_to_elsewhere_can_be_read_on_the_way(url: str, readable: bool) -> None:
    assert is_open(url) is readable


def test_a_password_is_a_secret_by_itself_and_with_its_user() -> None:
    endpoint = Endpoint("Loki", "http://loki", user="ann", password=Secret("hunter2"))
    assert endpoint.secrets == (Secret("hunter2"), Secret("ann:hunter2"))
