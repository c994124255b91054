"""Credentials are checked when they are read, never shown, and never travel unsaid."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dashgen.core.errors import DashgenError
from dashgen.servers.grafana.grafana_settings import ConnectionSettings, connection_settings
from dashgen.servers.http import Endpoint, Limits, Request, Secret
from dashgen.servers.http import credentials as reading
from dashgen.servers.http.exchange import Exchange, _Direct
from dashgen.servers.http.plain import POLICY
from dashgen.servers.telemetry import endpoint
from tests.project.project import Project, new_project, run

HIDDEN_PART = "topsecret"
UNFIT = {
    "line break": f"{HIDDEN_PART}\nx",
    "carriage return": f"{HIDDEN_PART}\rx",
    "zero": f"{HIDDEN_PART}\x00",
    "escape": f"{HIDDEN_PART}\x1b[31m",
    "C1": f"{HIDDEN_PART}\x85x",
    "not UTF-8": f"{HIDDEN_PART}\udce9",
}
UNFIT_TOKENS = {**UNFIT, "euro": f"{HIDDEN_PART}€", "space": f"{HIDDEN_PART} x", "umlaut": f"{HIDDEN_PART}é"}


@pytest.fixture(autouse=True)
def policy() -> Iterator[None]:
    POLICY.renew()
    yield
    POLICY.renew()


def refused(read: Callable[[], object]) -> str:
    with pytest.raises(DashgenError) as caught:
        read()
    assert HIDDEN_PART not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("kind", UNFIT_TOKENS)
@pytest.mark.parametrize("service", ["Prometheus", "Loki", "Tempo", "the application"])
def test_a_token_that_no_header_can_have_is_refused_for_every_server(service: str, kind: str) -> None:
    name = f"{service.rsplit(maxsplit=1)[-1].upper()}_TOKEN"
    message = refused(lambda: endpoint(service, "http://localhost:1", {name: UNFIT_TOKENS[kind]}))
    assert name in message


@pytest.mark.parametrize("kind", UNFIT_TOKENS)
def test_a_token_for_grafana_too(kind: str) -> None:
    found = connection_settings(ConnectionSettings("https://g"), {"GRAFANA_TOKEN": UNFIT_TOKENS[kind]})
    assert found.settings is None
    assert [one.rule for one in found.problems] == ["grafana/credentials"]
    assert HIDDEN_PART not in str(found.problems)


@pytest.mark.parametrize("kind", UNFIT)
@pytest.mark.parametrize("part", ["USER", "PASSWORD", "TENANT"])
def test_users_passwords_and_tenants_have_no_control_characters(part: str, kind: str) -> None:
    message = refused(lambda: endpoint("Loki", "http://localhost:1", {f"LOKI_{part}": UNFIT[kind]}))
    assert f"LOKI_{part}" in message


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_line_breaks_at_the_end_are_taken_off(end: str) -> None:
    variables = {f"LOKI_{part}": f"value{end}" for part in ("TOKEN", "USER", "PASSWORD", "TENANT")}
    found = endpoint("Loki", "http://localhost:1", variables)
    assert (found.token, found.user, found.password) == (Secret("value"), "value", Secret("value"))
    assert found.headers == {"X-Scope-OrgID": "value"}
    settings = connection_settings(ConnectionSettings("https://g"), {"GRAFANA_TOKEN": f"value{end}"}).settings
    assert settings is not None
    assert settings.token == Secret("value")


def test_passwords_and_users_may_have_letters_of_all_languages() -> None:
    assert reading.password({"P": "pässwörd €"}, "P") == Secret("pässwörd €")
    assert reading.user({"U": "jürgen"}, "U") == "jürgen"


# Plain HTTP


def exchange(url: str, **more: Any) -> Exchange:
    limits = Limits(connect=0.2, read=0.2, total=0.5, attempts=1)
    return Exchange(Endpoint("Loki", url, limits=limits, **more))


CREDENTIALS: dict[str, dict[str, Any]] = {
    "token": {"token": Secret("glsa_topsecret")},
    "password": {"user": "u", "password": Secret("topsecret1")},
}


class SentError(Exception):
    """A request left."""


@pytest.mark.parametrize("kind", CREDENTIALS)
@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("http://grafana.example.com", True),
        ("http://10.0.0.1:3000", True),
        ("http://127.1:3000", True),
        ("http://localhost.example.com", True),
        ("http://localhost:3000", False),
        ("http://127.0.0.1:3000", False),
        ("http://127.8.9.1:3000", False),
        ("http://[::1]:3000", False),
        ("https://grafana.example.com", False),
    ],
)
def test_credentials_over_plain_http_are_warned_about_before_they_are_sent(
    url: str, warned: bool, kind: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def send(*_words: object, **_named: object) -> None:
        shown.append(capsys.readouterr().err)
        raise SentError

    monkeypatch.setattr(_Direct, "request", send)
    for _ in range(2):
        with pytest.raises(SentError):
            exchange(url, **CREDENTIALS[kind])(Request("GET", "/"))
    assert ["warning[http/unencrypted]" in one for one in shown] == [warned, False]
    assert "topsecret" not in "".join(shown)


def test_without_credentials_there_is_nothing_to_warn_about(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Direct, "request", lambda *_, **__: (_ for _ in ()).throw(SentError))
    with pytest.raises(SentError):
        exchange("http://grafana.example.com")(Request("GET", "/"))
    assert capsys.readouterr().err == ""


def test_plain_http_can_be_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    POLICY.refuse = True
    monkeypatch.setattr(_Direct, "request", lambda *_, **__: pytest.fail("a request left"))
    with pytest.raises(DashgenError, match=r"`insecure_http: refuse` in dashgen\.yaml forbids that"):
        exchange("http://grafana.example.com", token=Secret("t"))(Request("GET", "/"))


@pytest.fixture
def project(tmp_path: Any) -> Project:
    project = new_project(tmp_path)
    project.write("dashgen.yaml", "specs: [specs]\ninsecure_http: refuse\n")
    return project


@pytest.mark.parametrize(
    "words",
    [
        ["status", "-u"], ["push", "-u"], ["pull", "-u"], ["diff", "-u"], ["annotate", "x", "-u"],
        ["import", "uid:x", "-o", "specs/x", "--url"],
        ["check", "--live", "-p"], ["costs", "-p"], ["doctor", "-p"], ["metrics", "check", "-u"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_command_sends_credentials_where_dashgen_yaml_forbids_it(
    project: Project, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GRAFANA", "PROMETHEUS", "APPLICATION"):
        monkeypatch.setenv(f"{name}_TOKEN", "glsa_topsecret")
    sent: list[Any] = []
    monkeypatch.setattr(
        _Direct,
        "request",
        lambda self, *_, **__: sent.append(self.auth._endpoint) or (_ for _ in ()).throw(OSError),
    )
    project.write("specs/metrics.yaml", "kind: Metrics\nmetrics:\n  up_total: {type: counter, help: h}\n")
    project.build()
    done = run(*words, "http://127.1:9", "-C", str(project.root))
    assert done.code == 2, done
    assert "`insecure_http: refuse`" in done.err, done
    assert all(not one.secrets for one in sent)


# Proxies


@pytest.mark.parametrize(
    ("url", "direct"),
    [
        ("http://localhost:3000/x", True),
        ("http://127.0.0.1:3000/x", True),
        ("http://127.9.9.9/x", True),
        ("http://[::1]:3000/x", True),
        ("https://localhost:3000/x", True),
        ("http://grafana.example.com/x", False),
        ("https://10.0.0.1/x", False),
    ],
)
@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_this_machine_is_never_asked_through_a_proxy(
    url: str, direct: bool, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for known in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(known, raising=False)
        monkeypatch.delenv(known.lower(), raising=False)
    monkeypatch.setenv(name, "http://proxy.example.com:1")
    monkeypatch.setenv("https_proxy", "http://proxy.example.com:1")
    session = _Direct()
    settings = session.merge_environment_settings(url, {}, True, True, None)
    assert bool(settings["proxies"]) is not direct
