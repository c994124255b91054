import pytest

from dashgen.core.diagnostics import Location
from dashgen.servers.grafana.answers import error_of
from dashgen.servers.grafana.grafana_errors import (
    BusyError,
    ConflictError,
    ConflictKind,
    ForbiddenError,
    GrafanaError,
    NotFoundError,
    RefusedError,
    ServerError,
    TooLargeError,
    UnauthorisedError,
)
from dashgen.servers.grafana.payload import Cause, Payload, parse_payload
from tests.grafana.replay import exchanges

KINDS: list[tuple[int, Payload, type[GrafanaError], int]] = [
    (400, Payload("Dashboard title cannot be empty", "empty-name"), RefusedError, 1),
    (401, Payload("Invalid API key", "api-key.invalid"), UnauthorisedError, 3),
    (403, Payload("Permissions needed: dashboards:write"), ForbiddenError, 3),
    (403, Payload(), ForbiddenError, 3),
    (403, Payload('alertrules.x.app "r" is forbidden: title is too long', "Forbidden"), RefusedError, 1),
    (
        403,
        Payload('alertrules.x.app "r" is forbidden: User "sa" cannot update', "Forbidden"),
        ForbiddenError,
        3,
    ),
    (403, Payload('alertrules.x.app is forbidden: User "sa" cannot list', "Forbidden"), ForbiddenError, 3),
    (404, Payload("Dashboard not found"), NotFoundError, 1),
    (409, Payload("already exists", "AlreadyExists"), ConflictError, 4),
    (412, Payload("changed by someone else", "version-mismatch"), ConflictError, 4),
    (413, Payload("Dashboard is too large, max is 16 MB"), TooLargeError, 1),
    (422, Payload("is invalid", "Invalid", (Cause("spec.tags", "no list"),)), RefusedError, 1),
    (429, Payload("slow down"), BusyError, 3),
    (500, Payload("Internal Server Error"), ServerError, 1),
    (502, Payload(), BusyError, 3),
    (503, Payload(), BusyError, 3),
    (504, Payload(), BusyError, 3),
    (418, Payload("teapot"), RefusedError, 1),
    (507, Payload(), ServerError, 1),
]


@pytest.mark.parametrize(("status", "payload", "kind", "exit_code"), KINDS)
def test_each_status_has_its_error_and_exit_code(
    status: int, payload: Payload, kind: type[GrafanaError], exit_code: int
) -> None:
    error = error_of(status, payload, "dashboard `x`")
    assert type(error) is kind
    assert error.exit_code == exit_code
    assert error.status == status
    assert error.message


@pytest.mark.parametrize(
    ("status", "payload", "kind"),
    [
        (412, Payload("The dashboard has been changed by someone else", "version-mismatch"), "version"),
        (409, Payload("the object has been modified; please apply", "Conflict"), "version"),
        (409, Payload("Datasource has already been updated by someone else."), "version"),
        (409, Payload("", "alerting.notifications.conflict"), "version"),
        (412, Payload(), "version"),
        (409, Payload('dashboards "k1" already exists', "AlreadyExists"), "exists"),
        (412, Payload("A dashboard with that name", "name-exists"), "exists"),
        (409, Payload("UNIQUE constraint failed", "alerting.alert-rule.conflict"), "exists"),
        (400, Payload("Time interval with this name already exists"), "exists"),
        (400, Payload("Cannot save provisioned dashboard"), "managed"),
        (403, Payload("Cannot update read-only data source"), "managed"),
        (403, Payload("Can not remove resource manager from resource"), "managed"),
        (403, Payload("no", "alerting.notifications.invalidProvenance"), "managed"),
        (409, Payload("cannot change provenance", "alerting.provenanceMismatch"), "managed"),
        (412, Payload("belongs to plugin", "plugin-dashboard"), "managed"),
        (400, Payload("folder is not empty", "folder.not-empty"), "in-use"),
        (409, Payload("Conflict", "alerting.notifications.time-intervals.used"), "in-use"),
        (403, Payload("the library element has connections"), "in-use"),
    ],
)
def test_a_conflict_says_who_is_in_the_way(status: int, payload: Payload, kind: str) -> None:
    error = error_of(status, payload, "dashboard `x`")
    assert isinstance(error, ConflictError)
    assert error.kind is ConflictKind(kind)
    assert error.hint


def test_an_error_names_the_thing_the_reason_and_the_fields() -> None:
    payload = Payload("is invalid", "Invalid", (Cause("spec.tags", "no list"), Cause("spec.x", "no text")))
    error = error_of(422, payload, "dashboard `x`")
    assert error.message == "Grafana refuses dashboard `x`: spec.tags: no list; spec.x: no text"
    assert error.causes == payload.causes


def test_a_missing_permission_is_named() -> None:
    said = (
        "You'll need additional permissions. Permissions needed: any of dashboards:create, dashboards:write"
    )
    error = error_of(403, Payload(said), "dashboard `x`")
    assert isinstance(error, ForbiddenError)
    assert error.needed == ("dashboards:create", "dashboards:write")
    assert "permission one of `dashboards:create`, `dashboards:write`" in error.hint


def test_an_error_becomes_a_finding_at_the_line_of_the_spec() -> None:
    place = Location("specs/a.yaml", None)
    finding = error_of(400, Payload("no"), "dashboard `x`").diagnostic(place)
    assert (finding.rule, finding.location) == ("grafana/refused", place)


RECORDED_ERRORS = [e for e in exchanges() if e.response["status"] >= 400]


@pytest.mark.parametrize("exchange", RECORDED_ERRORS, ids=lambda e: e.name)
def test_every_recorded_refusal_has_a_sentence(exchange: object) -> None:
    response = exchange.response  # type: ignore[attr-defined]
    error = error_of(response["status"], parse_payload(response["body"]), "`it`")
    assert "`it`" in error.message or error.exit_code == 3
    assert (error.exit_code == 4) == isinstance(error, ConflictError)
    if response["status"] in {409, 412}:
        assert isinstance(error, ConflictError)
