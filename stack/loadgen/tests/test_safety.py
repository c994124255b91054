import pytest

from loadgen.__main__ import main
from loadgen.safety import ForbiddenHostError, addresses_of, check_url

NAMES = {
    "app": ["172.18.0.4"],
    "localhost": ["127.0.0.1", "::1"],
    "bot.example.com": ["93.184.216.34"],
    "half.example.com": ["10.0.0.1", "93.184.216.34"],
    "link": ["fe80::1%eth0"],
    "127.0.0.1": ["127.0.0.1"],
    "::1": ["::1"],
}


@pytest.mark.parametrize(
    "url", ["http://app:8000", "http://localhost", "http://127.0.0.1:8000", "http://[::1]:1", "http://link"]
)
def test_machines_near_by_get_load(url):
    check_url(url, resolve=NAMES.__getitem__)


@pytest.mark.parametrize("host", ["bot.example.com", "half.example.com"])
def test_others_get_none_unless_named_once_more(host):
    with pytest.raises(ForbiddenHostError, match=f"--allow-host {host}"):
        check_url(f"http://{host}", resolve=NAMES.__getitem__)
    check_url(f"http://{host}", [host], resolve=NAMES.__getitem__)


@pytest.mark.parametrize("url", ["ftp://app", "app:8000", "http://"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ForbiddenHostError, match="no http:// address"):
        check_url(url, resolve=NAMES.__getitem__)


def test_loopback_resolves():
    assert "127.0.0.1" in addresses_of("127.0.0.1")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--scenario", "normal-day", "--url", "http://93.184.216.34"],
        ["--backfill", "1m", "--out", "/nowhere/x"],
        ["--backfill", "1h", "--out", "/nowhere/x"],
    ],
)
def test_refusals_are_a_sentence_and_exit_2(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("loadgen: ")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--scenario", "party"],
        ["--scenario", "outage", "--duration", "3h"],
        ["--scenario", "outage", "--rate", "1000"],
        ["--backfill", "30d"],
        ["--backfill", "soon", "--out", "x"],
        ["--backfill", "1h", "--out", "x", "--label", "job"],
    ],
)
def test_wrong_use_ends_with_2(arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
