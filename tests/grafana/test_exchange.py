"""Where requests go, what they carry, and where they never go."""

import base64
import logging
import socket
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from dashgen.servers.grafana.api_paths import route
from dashgen.servers.grafana.grafana_errors import (
    GrafanaError,
    OutcomeUnknownError,
    UnauthorisedError,
    UnreachableError,
    UnusableAnswerError,
)
from dashgen.servers.grafana.session import WriteRequest
from dashgen.servers.http import AnswerKind, ReachKind, Secret
from tests.grafana.fake import FakeConfig, FakeGrafana, Fault, FaultKind
from tests.grafana.support import session
from tests.tools.hanging import SMALL_ANSWERS

Act = Callable[[], object]
ORG = route("api", "org")
FOLDER = WriteRequest("POST", route("api", "folders"), "folder `a`", {"uid": "a", "title": "A"})


def test_a_grafana_below_a_sub_path_is_reached() -> None:
    with FakeGrafana(FakeConfig(prefix="/grafana")) as fake, session(fake) as connection:
        assert connection.read(ORG, "the organization").status == 200
        connection.write(FOLDER)
    assert fake.log.lines == ["GET /api/org", "POST /api/folders"]


def test_a_token_travels_as_bearer(fake: FakeGrafana) -> None:
    with session(fake) as connection:
        connection.read(ORG, "the organization")
    assert fake.log[0].header("Authorization") == f"Bearer {fake.admin_token}"


def test_a_user_travels_as_basic_in_utf_8(fake: FakeGrafana) -> None:
    fake.accounts.passwords["änn"] = "pässwörd"
    with session(fake, "", user="änn", password=Secret("pässwörd")) as connection:
        connection.read(ORG, "the organization")
    header = fake.log[0].header("Authorization") or ""
    assert base64.b64decode(header.removeprefix("Basic ")).decode() == "änn:pässwörd"


def test_nobody_travels_without_credentials_even_when_netrc_has_some(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login x password hunter2\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    with FakeGrafana(anonymous_role="Viewer") as fake, session(fake, "") as connection:
        connection.read(ORG, "the organization")
    assert fake.log[0].header("Authorization") is None


def test_the_organization_travels_with_every_request(fake: FakeGrafana) -> None:
    with session(fake, org_id=1) as connection:
        connection.read(ORG, "the organization")
        connection.write(FOLDER)
    assert [call.header("X-Grafana-Org-Id") for call in fake.log] == ["1", "1"]


def test_connections_are_reused(fake: FakeGrafana) -> None:
    opened = []
    server = fake.socket_server
    original = server.process_request

    def counting(request: object, address: object) -> None:
        opened.append(address)
        original(request, address)  # type: ignore[arg-type]

    server.process_request = counting  # type: ignore[method-assign, assignment]
    with session(fake) as connection:
        for _ in range(5):
            connection.read(ORG, "the organization")
    assert len(opened) == 1


def test_cookies_are_not_kept(fake: FakeGrafana) -> None:
    fake.fail(
        Fault(FaultKind.STATUS, status=200, body={}, headers={"Set-Cookie": "grafana_session=x; Path=/"})
    )
    with session(fake) as connection:
        connection.read(ORG, "the organization")
        connection.read(ORG, "the organization")
    assert fake.log[1].header("Cookie") is None


def test_a_redirect_on_the_same_origin_is_followed_for_reads(fake: FakeGrafana) -> None:
    fake.fail(Fault(FaultKind.ELSEWHERE, location="/api/org"))
    with session(fake) as connection:
        connection.read(route("api", "old"), "the organization")
    assert fake.log.lines == ["GET /api/old", "GET /api/org"]


def test_a_redirect_of_a_write_is_never_followed(fake: FakeGrafana) -> None:
    fake.fail(Fault(FaultKind.ELSEWHERE, location="/api/folders"))
    with session(fake) as connection, pytest.raises(OutcomeUnknownError):
        connection.write(FOLDER)
    assert len(fake.log) == 1


def test_a_redirect_to_another_host_gets_no_request_and_no_token(fake: FakeGrafana) -> None:
    with FakeGrafana() as other, session(fake) as connection:
        fake.fail(Fault(FaultKind.ELSEWHERE, location=f"{other.url}/api/org"))
        with pytest.raises(UnusableAnswerError, match="which is not followed") as caught:
            connection.read(ORG, "the organization")
        assert len(other.log) == 0
    assert caught.value.kind is AnswerKind.REDIRECT


@pytest.mark.parametrize(
    "location",
    ["//evil.invalid/", "http://[::1", "javascript:alert(1)", "http://127.0.0.1:1/\x1b[2J", "x:99999"],
)
def test_a_hostile_redirect_is_an_error_and_no_crash(fake: FakeGrafana, location: str) -> None:
    fake.fail(Fault(FaultKind.ELSEWHERE, location=location))
    with (
        session(fake) as connection,
        pytest.raises((UnusableAnswerError, UnreachableError, GrafanaError)) as caught,
    ):
        connection.read(ORG, "the organization")
    assert "\x1b" not in caught.value.message


def test_redirects_in_circles_end(fake: FakeGrafana) -> None:
    fake.fail(Fault(FaultKind.ELSEWHERE, location="/api/org", times=99))
    with session(fake) as connection, pytest.raises(UnusableAnswerError, match="in circles"):
        connection.read(ORG, "the organization")
    assert len(fake.log) == 4


def test_a_proxy_of_the_environment_is_used(fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", fake.origin)
    with session(fake, url="http://grafana.invalid") as connection:
        connection.read(ORG, "the organization")
    assert fake.log[0].header("Host") == "grafana.invalid"


def test_no_proxy_is_used_where_the_environment_says_so(
    fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with session(fake) as connection:
        assert connection.read(ORG, "the organization").status == 200


def test_a_proxy_that_is_not_there_is_named(fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://ann:hunter2@127.0.0.1:1")
    with (
        session(fake, url="http://grafana.invalid") as connection,
        pytest.raises(UnreachableError) as caught,
    ):
        connection.write(FOLDER)
    assert caught.value.kind is ReachKind.PROXY
    assert "hunter2" not in str(caught.value)


def test_a_port_where_nobody_listens_is_named_at_once(fake: FakeGrafana) -> None:
    with session(fake, url="http://127.0.0.1:1") as connection:
        asks: tuple[Act, ...] = (
            lambda: connection.read(ORG, "x"),
            lambda: connection.write(FOLDER),
        )
        for ask in asks:
            with pytest.raises(UnreachableError, match=r"refuses connections: `127\.0\.0\.1:1`") as caught:
                ask()
            assert (caught.value.kind, caught.value.exit_code) == (ReachKind.REFUSED, 3)


def test_a_name_that_does_not_exist_is_named(fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_kwargs: object) -> object:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with session(fake, url="http://nowhere.invalid") as connection, pytest.raises(UnreachableError) as caught:
        connection.write(FOLDER)
    assert caught.value.kind is ReachKind.NAME


class TestSecrets:
    """No failure of any kind shows a secret anywhere."""

    FAULTS = [
        *(
            Fault(FaultKind.STATUS, status=status, times=9)
            for status in (400, 401, 403, 404, 409, 412, 429, 500, 502)
        ),
        *(
            Fault(kind, times=9)
            for kind in FaultKind
            if kind not in {FaultKind.STATUS, FaultKind.HUGE, FaultKind.HUGE_UNDECLARED}
        ),
    ]

    @pytest.mark.parametrize("write", [False, True])
    @pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{f.kind}-{f.status}")
    def test_no_failure_shows_a_secret(
        self,
        fake: FakeGrafana,
        fault: Fault,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
        write: bool,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        token, password = fake.admin_token, "hunter2-of-the-data-source"
        if fault.kind is FaultKind.STATUS:
            fault.body = {"message": f"Bearer {token} and {password} are wrong"}
        fake.fail(fault)
        body = {"uid": "a", "title": "A", "secureJsonData": {"password": password}}
        change = WriteRequest(
            "POST", route("api", "folders"), "folder `a`", body, secrets=(Secret(password),)
        )
        with session(fake, limits=SMALL_ANSWERS) as connection, pytest.raises(GrafanaError) as caught:
            connection.write(change) if write else connection.read(ORG, "it")
        error = caught.value
        out, err = capfd.readouterr()
        shown = [
            str(error),
            repr(error),
            *traceback.format_exception(error),
            repr(error.__dict__),
            repr(error.diagnostic()),
            repr(connection),
            repr(connection._exchange),
            repr(connection._exchange._session.auth),
            caplog.text,
            out,
            err,
        ]
        assert token not in "".join(shown)
        if write:
            assert password not in "".join(shown)

    def test_the_token_is_on_the_wire_only_in_its_header(self, fake: FakeGrafana) -> None:
        with session(fake) as connection:
            connection.read(ORG, "it")
            connection.write(FOLDER)
        for call in fake.log:
            assert call.raw.count(fake.admin_token) == 1

    def test_bad_credentials_are_named_without_showing_them(self, fake: FakeGrafana) -> None:
        with session(fake, "glsa_wrong_wrong") as connection, pytest.raises(UnauthorisedError) as caught:
            connection.read(ORG, "it")
        assert "glsa_wrong" not in str(caught.value)
        assert caught.value.message == "Grafana does not accept the credentials: Invalid API key"
