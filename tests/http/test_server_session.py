"""One session and one tree of errors for every server."""

import pytest

from dashgen.servers.grafana import grafana_errors
from dashgen.servers.grafana.session import Session
from dashgen.servers.http import (
    AnswerKind,
    BadAnswerError,
    Endpoint,
    Limits,
    NoAnswerError,
    QueryRefusedError,
    ReachKind,
    ServerSession,
    ServiceError,
)
from dashgen.servers.telemetry.service import Service

_RESET = NoAnswerError("it broke off", kind=ReachKind.RESET)
_TRUNCATED = BadAnswerError("half of it", kind=AnswerKind.TRUNCATED)
_TIMEOUT = NoAnswerError("too slow", kind=ReachKind.TIMEOUT)
_PAGE = BadAnswerError("a web page", kind=AnswerKind.NOT_JSON)
_REFUSED = QueryRefusedError("no", reason="no", status=400)


def _session(waits: list[float]) -> ServerSession:
    endpoint = Endpoint("Loki", "http://127.0.0.1:1", limits=Limits(attempts=3, longest_wait=5))
    return ServerSession(endpoint, sleep=waits.append, jitter=lambda: 0.5)


def test_grafana_and_telemetry_have_one_session_and_one_tree_of_errors():
    assert issubclass(Session, ServerSession)
    assert issubclass(Service, ServerSession)
    classes = [value for name, value in vars(grafana_errors).items() if name.endswith("Error")]
    assert len(classes) > 10
    assert all(issubclass(one, ServiceError) for one in classes)


@pytest.mark.parametrize("error", [_RESET, _TRUNCATED], ids=lambda error: error.message)
def test_a_transient_error_is_tried_again_as_often_as_the_limits_say(error):
    waits: list[float] = []
    attempts: list[int] = []

    def attempt() -> str:
        attempts.append(1)
        raise error

    with pytest.raises(ServiceError) as caught:
        _session(waits).repeated(attempt)
    assert caught.value is error
    assert (len(attempts), waits) == (3, [0.4, 0.8])


@pytest.mark.parametrize("error", [_TIMEOUT, _PAGE, _REFUSED], ids=lambda error: error.message)
def test_another_error_is_not(error):
    waits: list[float] = []
    with pytest.raises(ServiceError):
        _session(waits).repeated(lambda: (_ for _ in ()).throw(error))
    assert waits == []


def test_a_server_is_left_alone_for_as_long_as_it_asks_up_to_the_longest_wait():
    waits: list[float] = []
    error = ServiceError("busy")
    error.transient, error.retry_after = True, 60.0
    with pytest.raises(ServiceError):
        _session(waits).repeated(lambda: (_ for _ in ()).throw(error))
    assert waits == [5, 5]
