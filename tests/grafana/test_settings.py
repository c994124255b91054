from pathlib import Path
from typing import Any

import pytest

from dashgen.servers.grafana import ConnectionSettings, connection_settings
from dashgen.servers.http import Secret

URL = "https://grafana.example.com"


def _problems(environment: dict[str, str], given: ConnectionSettings | None = None) -> list[str]:
    return [p.message for p in connection_settings(given, environment).problems]


def test_everything_can_come_from_the_environment() -> None:
    environment = {"GRAFANA_URL": f"{URL}/sub/", "GRAFANA_TOKEN": "glsa_x", "GRAFANA_ORG_ID": "7"}
    found = connection_settings(None, environment)
    assert found.problems == ()
    assert found.settings == ConnectionSettings(f"{URL}/sub", token=Secret("glsa_x"), org_id=7)


def test_a_user_with_a_password_will_do() -> None:
    environment = {"GRAFANA_URL": URL, "GRAFANA_USER": "ann", "GRAFANA_PASSWORD": "hunter2"}
    found = connection_settings(None, environment).settings
    assert found is not None
    assert (found.user, found.password) == ("ann", Secret("hunter2"))


def test_what_is_said_wins_over_the_environment_as_a_whole() -> None:
    environment = {"GRAFANA_URL": "http://other", "GRAFANA_USER": "ann", "GRAFANA_PASSWORD": "hunter2"}
    given = ConnectionSettings(URL, token=Secret("glsa_x"))
    assert connection_settings(given, environment).settings == given


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "no address of a Grafana is given"),
        ("grafana.example.com", "does not start with http:// or https://"),
        ("ftp://x", "does not start with http:// or https://"),
        ("https://", "has no host"),
        ("https://x:port", "cannot be read"),
        ("https://x:99999", "cannot be read"),
        ("https://[::1", "cannot be read"),
        ("https://a b/", "its host has characters"),
        ("https://x/a/../b", "its path has characters"),
        ("https://x/ y", "its path has characters"),
        ("https://x/?orgId=1", "has a `?` or `#`"),
        ("https://x/#a", "has a `?` or `#`"),
        ("https://x\x1b2J/", "its host has characters"),
    ],
)
def test_a_malformed_address_is_explained(url: str, reason: str) -> None:
    found = connection_settings(ConnectionSettings(url), {})
    assert found.settings is None
    assert reason in found.problems[0].message
    assert "\x1b" not in found.problems[0].message


def test_credentials_in_the_address_are_refused_and_not_repeated() -> None:
    found = connection_settings(ConnectionSettings("https://ann:hunter2@x"), {})
    assert found.settings is None
    assert "hunter2" not in str(found.problems)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        (
            {"GRAFANA_TOKEN": "t", "GRAFANA_USER": "u", "GRAFANA_PASSWORD": "p"},
            "both a token and a user with a password are given for Grafana",
        ),
        ({"GRAFANA_USER": "u"}, "there is a user for Grafana and no password"),
        ({"GRAFANA_PASSWORD": "p"}, "there is a password for Grafana and no user"),
        ({"GRAFANA_TOKEN": "a\nb"}, "`GRAFANA_TOKEN` has characters that no token has"),
        ({"GRAFANA_TOKEN": "schlüssel"}, "`GRAFANA_TOKEN` has characters that no token has"),
        (
            {"GRAFANA_USER": "a:b", "GRAFANA_PASSWORD": "p"},
            "`GRAFANA_USER` contains a colon, which the name of a user cannot",
        ),
        ({"GRAFANA_ORG_ID": "main"}, "`GRAFANA_ORG_ID` is not the number of an organization: `main`"),
        ({"GRAFANA_ORG_ID": "0"}, "`GRAFANA_ORG_ID` is not the number of an organization: `0`"),
    ],
)
def test_credentials_that_cannot_be_meant_are_explained(environment: dict[str, str], message: str) -> None:
    assert _problems({"GRAFANA_URL": URL, **environment}) == [message]


def test_certificate_files_that_are_not_there_are_found_before_any_request(tmp_path: Path) -> None:
    given: dict[str, Any] = {"ca_cert": tmp_path / "ca.pem", "client_key": tmp_path / "key.pem"}
    found = connection_settings(ConnectionSettings(URL, **given), {})
    assert found.settings is None
    assert len(found.problems) == 3


def test_no_text_of_the_settings_shows_a_secret() -> None:
    shown = repr(ConnectionSettings(URL, token=Secret("glsa_x"), password=Secret("hunter2")))
    assert "glsa_x" not in shown
    assert "hunter2" not in shown
