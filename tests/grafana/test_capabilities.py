"""What each Grafana can do, as diagnostics."""

from typing import Any

import pytest

from dashgen.servers.grafana import GrafanaError
from dashgen.servers.grafana.capabilities import Capabilities, detect
from dashgen.servers.grafana.grafana_errors import ForbiddenError, UnauthorisedError, UnusableAnswerError
from dashgen.servers.http import Secret
from tests.grafana.fake import FakeGrafana, Fault, FaultKind
from tests.grafana.support import session


def _detect(fake: FakeGrafana, token: str | None = None, **more: Any) -> Capabilities:
    with session(fake, token, **more) as connection:
        return detect(connection)


@pytest.mark.parametrize(
    ("version", "api", "keeps_marks"),
    [
        ("10.4.1", None, False),
        ("11.6.0", None, False),
        ("12.0.0", "v1beta1", None),
        ("12.4.3", "v1beta1", None),
        ("13.0.1", "v1", True),
    ],
)
def test_each_version_has_its_dashboard_api(version: str, api: str | None, keeps_marks: bool | None) -> None:
    with FakeGrafana(version=version) as fake:
        found = _detect(fake)
    assert found.version == version
    assert found.major == int(version.split(".", maxsplit=1)[0])
    assert (found.dashboard_version, found.keeps_marks) == (api, keeps_marks)
    assert found.signed_in
    assert not fake.log.writes


def test_a_hidden_version_is_found_in_the_settings() -> None:
    with FakeGrafana(version="12.4.3", hide_version=True) as fake:
        assert _detect(fake).version == "12.4.3"


def test_detection_only_reads(fake: FakeGrafana) -> None:
    _detect(fake)
    assert {call.method for call in fake.log} == {"GET"}
    assert len(fake.log) <= 6


def test_the_namespace_is_the_one_that_the_server_names() -> None:
    with FakeGrafana(namespace="stacks-7") as fake:
        assert _detect(fake).namespace == "stacks-7"


def test_a_namespace_that_could_climb_is_refused() -> None:
    with FakeGrafana(namespace="../../admin") as fake, pytest.raises(GrafanaError):
        _detect(fake)


def test_bad_credentials_end_the_detection(fake: FakeGrafana) -> None:
    with pytest.raises(UnauthorisedError):
        _detect(fake, "glsa_wrong")


def test_an_organization_that_the_account_is_not_in_ends_the_detection(fake: FakeGrafana) -> None:
    with pytest.raises(ForbiddenError):
        _detect(fake, "", user="admin", password=Secret("admin"), org_id=99)


def test_nobody_is_told_to_sign_in(fake: FakeGrafana) -> None:
    found = _detect(fake, "")
    assert not found.signed_in
    assert [note.rule for note in found.diagnostics()] == ["grafana/classic-api", "grafana/anonymous"]


def test_an_anonymous_visitor_with_a_role_is_signed_in() -> None:
    with FakeGrafana(anonymous_role="Viewer") as fake:
        found = _detect(fake, "")
    assert found.signed_in
    assert found.permissions is not None
    assert "dashboards:write" not in found.permissions


def test_permissions_are_unknown_when_the_server_does_not_tell(fake: FakeGrafana) -> None:
    fake.fail(Fault(FaultKind.STATUS, status=404, path="access-control", body={"message": "Not found"}))
    assert _detect(fake).permissions is None


@pytest.mark.parametrize("kind", [FaultKind.HTML, FaultKind.DEEP])
def test_what_is_no_grafana_is_recognised(fake: FakeGrafana, kind: FaultKind) -> None:
    fake.fail(Fault(kind, path="/api/health", times=9))
    with pytest.raises(UnusableAnswerError):
        _detect(fake)


def test_another_program_with_a_health_address_is_recognised(fake: FakeGrafana) -> None:
    fake.fail(Fault(FaultKind.STATUS, status=200, body={"status": "up"}))
    with pytest.raises(UnusableAnswerError, match="is not Grafana"):
        _detect(fake)


@pytest.mark.parametrize(
    ("capabilities", "rules"),
    [
        (Capabilities("12.4.3", signed_in=True, dashboard_versions=("v1beta1",)), ["grafana/storage"]),
        (Capabilities("13.0.0", signed_in=True, dashboard_versions=("v1", "v1beta1")), []),
        (Capabilities("11.0.0", signed_in=True), ["grafana/classic-api"]),
        (Capabilities("12.4.3", signed_in=True), ["grafana/classic-api"]),
        (Capabilities("9.5.2", signed_in=True), ["grafana/version", "grafana/classic-api"]),
        (Capabilities("14.1.0", signed_in=True, dashboard_versions=("v1",)), ["grafana/version"]),
        (
            Capabilities("", signed_in=True, dashboard_versions=("v1",)),
            ["grafana/version", "grafana/storage"],
        ),
    ],
)
def test_each_kind_of_server_has_its_diagnostics(capabilities: Capabilities, rules: list[str]) -> None:
    notes = capabilities.diagnostics()
    assert [note.rule for note in notes] == rules
    assert all(note.message and not note.message.endswith(".") for note in notes)
