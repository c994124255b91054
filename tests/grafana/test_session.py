"""Reads are tried again within bounds; writes never."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from dashgen.servers.grafana.api_paths import route
from dashgen.servers.grafana.grafana_errors import (
    BusyError,
    ConflictError,
    ForbiddenError,
    GrafanaError,
    NotFoundError,
    OutcomeUnknownError,
    RefusedError,
    ServerError,
    UnauthorisedError,
    UnreachableError,
    UnusableAnswerError,
)
from dashgen.servers.grafana.session import WriteRequest
from dashgen.servers.http import AnswerKind, ReachKind
from tests.grafana.fake import FakeGrafana, Fault, FaultKind, When
from tests.grafana.support import Clock, session
from tests.tools.hanging import SMALL_ANSWERS

ORG = route("api", "org")
FOLDER = WriteRequest("POST", route("api", "folders"), "folder `a`", {"uid": "a", "title": "A"})


def _status(status: int, **more: object) -> Callable[[], Fault]:
    return lambda: Fault(FaultKind.STATUS, status=status, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "fault",
    [_status(429), _status(502), _status(503), _status(504), *(
        (lambda kind=kind: Fault(kind)) for kind in (FaultKind.RESET, FaultKind.CUT_OFF, FaultKind.CUT_JSON)
    )],
)  # fmt: skip
def test_a_read_is_tried_again_when_the_way_stumbles(fake: FakeGrafana, fault: Callable[[], Fault]) -> None:
    clock = Clock()
    for _ in range(2):
        fake.fail(fault())
    with session(fake, clock=clock) as connection:
        assert connection.read(ORG, "the organization").mapping()["id"] == 1
    assert len(fake.log) == 3
    assert clock.waits == pytest.approx([0.4, 0.8])


def test_a_read_is_given_up_after_a_few_attempts(fake: FakeGrafana) -> None:
    fake.fail(Fault(FaultKind.STATUS, status=503, times=99))
    with session(fake) as connection, pytest.raises(BusyError):
        connection.read(ORG, "the organization")
    assert len(fake.log) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 422, 500])
def test_a_read_that_is_answered_is_not_tried_again(fake: FakeGrafana, status: int) -> None:
    fake.fail(Fault(FaultKind.STATUS, status=status, times=99))
    with session(fake) as connection, pytest.raises(GrafanaError):
        connection.read(ORG, "the organization")
    assert len(fake.log) == 1


def test_the_server_says_how_long_to_wait(fake: FakeGrafana) -> None:
    clock = Clock()
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    for value in ("7", then, "100000"):
        fake.fail(Fault(FaultKind.STATUS, status=429, headers={"Retry-After": value}))
    with session(fake, clock=clock) as connection:
        connection.read(ORG, "the organization")
    first, second, third = clock.waits
    assert first == 7.0
    assert second == pytest.approx(19.0, abs=2)
    assert third == connection.settings.limits.longest_wait


UNKNOWN = [
    *(Fault(FaultKind.STATUS, status=s, when=w) for s in (429, 500, 502, 503, 504) for w in When),
    *(
        Fault(kind, when=when)
        for when in When
        for kind in (
            FaultKind.RESET,
            FaultKind.HANG,
            FaultKind.HTML,
            FaultKind.CUT_OFF,
            FaultKind.CUT_JSON,
            FaultKind.DRIP,
            FaultKind.DRIP_HEADERS,
            FaultKind.LOGIN,
            FaultKind.ELSEWHERE,
            FaultKind.DEEP,
        )
    ),
    Fault(FaultKind.HUGE, when=When.AFTER, size=2 * 2**20),
    Fault(FaultKind.HUGE_UNDECLARED, when=When.AFTER, size=2 * 2**20),
]


@pytest.mark.parametrize("fault", UNKNOWN, ids=lambda f: f"{f.kind}-{f.status}-{f.when}")
def test_a_write_whose_answer_got_lost_is_not_repeated(fake: FakeGrafana, fault: Fault) -> None:
    fake.fail(fault)
    with session(fake, limits=SMALL_ANSWERS) as connection, pytest.raises(OutcomeUnknownError) as caught:
        connection.write(FOLDER)
    assert len(fake.log) == 1
    assert ("a" in fake.store.folders) == (fault.when is When.AFTER)
    assert caught.value.exit_code in {1, 3}
    assert "folder `a`" in caught.value.message


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RefusedError),
        (401, UnauthorisedError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (409, ConflictError),
        (412, ConflictError),
    ],
)
def test_a_write_that_was_refused_is_known_to_be(
    fake: FakeGrafana, status: int, kind: type[GrafanaError]
) -> None:
    fake.fail(Fault(FaultKind.STATUS, status=status))
    with session(fake) as connection, pytest.raises(kind):
        connection.write(FOLDER)
    assert len(fake.log) == 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(FaultKind.HTML), AnswerKind.NOT_JSON),
        (Fault(FaultKind.DEEP), AnswerKind.NOT_JSON),
        (Fault(FaultKind.CUT_JSON, times=99), AnswerKind.TRUNCATED),
        (Fault(FaultKind.CUT_OFF, times=99), AnswerKind.TRUNCATED),
        (Fault(FaultKind.HUGE, size=2 * 2**20), AnswerKind.TOO_BIG),
        (Fault(FaultKind.HUGE_UNDECLARED, size=2 * 2**20), AnswerKind.TOO_BIG),
        (Fault(FaultKind.LOGIN), AnswerKind.LOGIN),
        (Fault(FaultKind.ELSEWHERE), AnswerKind.REDIRECT),
        (Fault(FaultKind.STATUS, status=404, body=b"<html>nginx</html>"), AnswerKind.NOT_JSON),
        (Fault(FaultKind.STATUS, status=403, body=b"<html>nginx</html>"), AnswerKind.NOT_JSON),
    ],
    ids=lambda value: getattr(value, "kind", value),
)
def test_an_answer_that_is_none_of_grafanas_is_told_apart(
    fake: FakeGrafana, fault: Fault, kind: AnswerKind
) -> None:
    fake.fail(fault)
    with session(fake, limits=SMALL_ANSWERS) as connection, pytest.raises(UnusableAnswerError) as caught:
        connection.read(ORG, "the organization")
    assert caught.value.kind is kind
    assert caught.value.exit_code == 3


def test_a_proxys_page_with_an_error_is_not_shown(fake: FakeGrafana) -> None:
    fake.fail(Fault(FaultKind.STATUS, status=502, times=99))
    with session(fake) as connection, pytest.raises(BusyError) as caught:
        connection.read(ORG, "the organization")
    assert "<" not in caught.value.message


def test_a_sign_in_wall_before_grafana_is_named(fake: FakeGrafana) -> None:
    fake.fail(Fault(FaultKind.STATUS, status=401, body=b"<html>401</html>"))
    with session(fake) as connection, pytest.raises(UnauthorisedError, match="a proxy in front of Grafana"):
        connection.read(ORG, "the organization")


@pytest.mark.parametrize("kind", [FaultKind.HANG, FaultKind.DRIP, FaultKind.DRIP_HEADERS])
def test_no_server_keeps_us_waiting(fake: FakeGrafana, kind: FaultKind) -> None:
    fake.fail(Fault(kind, times=99))
    with session(fake, limits=SMALL_ANSWERS) as connection, pytest.raises(UnreachableError) as caught:
        connection.read(ORG, "the organization")
    assert caught.value.kind is ReachKind.TIMEOUT
    assert len(fake.log) == 1


def test_a_server_error_is_not_mistaken_for_an_outage(fake: FakeGrafana) -> None:
    fake.fail(Fault(FaultKind.STATUS, status=500))
    with session(fake) as connection, pytest.raises(ServerError) as caught:
        connection.read(ORG, "the organization")
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, object()])
def test_content_that_json_cannot_hold_is_refused_before_sending(fake: FakeGrafana, value: object) -> None:
    with session(fake) as connection, pytest.raises(RefusedError):
        connection.write(WriteRequest("POST", route("api", "folders"), "folder `a`", {"x": value}))
    assert len(fake.log) == 0


def test_an_answer_of_another_shape_is_an_error_and_no_crash(fake: FakeGrafana) -> None:
    fake.fail(Fault(FaultKind.STATUS, status=200, body=[1, 2], times=3))
    with session(fake) as connection:
        reply = connection.read(ORG, "the organization")
        for ask in (reply.mapping, reply.listing):
            with pytest.raises(UnusableAnswerError):
                ask()


def test_reads_run_side_by_side_and_never_too_many() -> None:
    with FakeGrafana(latency=0.05) as fake, session(fake) as connection:
        found = list(connection.map(lambda _: connection.read(ORG, "the organization").status, range(40)))
    assert found == [200] * 40
    assert 1 < fake.log.most_at_once <= connection.settings.limits.concurrency == 8
