"""Servers that are away, hang, lie or are hostile."""

from collections.abc import Callable
from typing import Any

import pytest

from dashgen.core.errors import DashgenError
from dashgen.servers.http import Endpoint, Secret
from dashgen.servers.telemetry import Loki, Prometheus, QueryRefusedError, ServiceError, Tempo
from dashgen.servers.telemetry.scrape import scrape
from dashgen.servers.telemetry.telemetry_settings import endpoint as settle
from tests.telemetry.running import ReceivedRequest, Scripted, endpoint, hang, scripted
from tests.tools.hanging import patient_limits


def _client(server: Scripted, **more: object) -> Prometheus:
    return Prometheus(endpoint(server.url, **more), sleep=lambda _: None, jitter=lambda: 0.5)


def test_a_server_that_is_not_there_is_named() -> None:
    with Prometheus(endpoint("http://127.0.0.1:1")) as client, pytest.raises(ServiceError) as caught:
        client.query("up")
    assert caught.value.message == "the address of Prometheus refuses connections: `127.0.0.1:1`"
    assert (caught.value.exit_code, caught.value.timed_out) == (3, False)


def test_a_server_that_hangs_is_left_after_the_time_limit(server: Scripted) -> None:
    server.answers["/api/v1/query"] = hang
    with _client(server) as client, pytest.raises(ServiceError, match="in time") as caught:
        client.query("up")
    assert caught.value.timed_out


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((200, b"<html>"), "the answer is a web page instead of Prometheus's"),
        ((200, b"{"), "Prometheus's answer broke off in the middle"),
        ((200, b"[]"), "Prometheus's answer has no result"),
        ((200, b'{"data": 7}'), "Prometheus's answer has no result"),
        ((404, b"404 page not found\n"), "Prometheus refuses the query: 404 page not found"),
        ((404, b"<html>"), "Prometheus does not know the query"),
        ((401, b""), "Prometheus rejects the credentials"),
        ((500, b"boom"), "Prometheus failed at the query (500): boom"),
        ((503, b""), "Prometheus failed at the query (503)"),
        ((302, b"", {"Location": "http://elsewhere.invalid/"}), "which is not followed"),
    ],
)
def test_what_is_no_answer_is_an_error_with_a_sentence(
    server: Scripted, answer: object, message: str
) -> None:
    server.answers["/api/v1/query"] = answer
    with _client(server) as client, pytest.raises(ServiceError) as caught:
        client.query("up")
    assert message in caught.value.message


def test_a_query_that_the_server_gives_up_is_told_from_a_server_that_is_away(server: Scripted) -> None:
    server.answers["/api/v1/query"] = (
        503,
        b'{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}',
    )
    with _client(server) as client, pytest.raises(ServiceError) as caught:
        client.query("up")
    assert caught.value.timed_out
    assert len(server.log) == 1


def test_a_server_that_stumbles_is_asked_again(server: Scripted) -> None:
    answers = iter([(502, b""), (200, b'{"data":{"resultType":"vector","result":[]}}')])
    server.answers["/api/v1/query"] = lambda _: next(answers)
    with _client(server) as client:
        assert client.query("up").rows == 0


@pytest.mark.parametrize(("status", "scheme"), [(301, "http:"), (302, ""), (307, "http:"), (308, "")])
@pytest.mark.parametrize(
    "ask",
    [
        lambda one: Prometheus(one, sleep=lambda _: None).query("up"),
        lambda one: Prometheus(one, sleep=lambda _: None).targets(),
        lambda one: Loki(one, sleep=lambda _: None).labels(start=0, end=1),
        lambda one: Tempo(one, sleep=lambda _: None).search("{}", start=0, end=1),
        scrape,
    ],
)
@pytest.mark.parametrize(
    "credentials",
    [
        {"token": Secret("token-of-mine")},
        {"user": "me", "password": Secret("password-of-mine")},
        {"headers": {"X-Scope-OrgID": "tenant-of-mine"}},
    ],
)
def test_a_redirect_to_another_server_gets_no_request_and_no_credentials(
    server: Scripted, status: int, scheme: str, ask: Callable[[Endpoint], object], credentials: dict[str, Any]
) -> None:
    with scripted() as other:

        def elsewhere(asked: ReceivedRequest) -> tuple[int, bytes, dict[str, str]]:
            return status, b"", {"Location": scheme + other.url.removeprefix("http:") + asked.path}

        server.answers = Everywhere(elsewhere)
        with pytest.raises((ServiceError, QueryRefusedError), match="which is not followed"):
            ask(endpoint(server.url, **credentials))
        assert other.log == []
    assert len(server.log) == 1


class Everywhere(dict[str, Any]):
    """The same answer for each path."""

    def __init__(self, answer: object) -> None:
        super().__init__()
        self._answer = answer

    def get(self, _path: str, _otherwise: object = None) -> Any:
        return self._answer


def test_an_answer_without_end_is_cut(server: Scripted) -> None:
    server.answers["/api/v1/query"] = (200, b'{"a": "' + b"x" * 2**17)
    with (
        _client(server, limits=patient_limits(body=2**16)) as client,
        pytest.raises(QueryRefusedError, match="larger than"),
    ):
        client.query("up")


@pytest.mark.parametrize(
    "data",
    [
        {"resultType": "vector", "result": 7},
        {"resultType": "vector", "result": [7, {"metric": 7, "value": 7}, {"value": ["x", "y"]}]},
        {"resultType": "matrix", "result": [{"metric": {"a": 1}, "values": [[1], [1, 2, 3], None]}]},
        {"resultType": "scalar", "result": None},
        {"resultType": "matrix", "result": [{"histograms": [[1, 7], 8]}], "stats": [1]},
    ],
)
def test_data_of_any_shape_is_no_rows(server: Scripted, data: object) -> None:
    server.answers["/api/v1/query"] = {"status": "success", "data": data}
    with _client(server) as client:
        assert client.query("up").rows == 0


def test_not_a_number_is_no_row_and_a_native_histogram_is(server: Scripted) -> None:
    server.answers["/api/v1/query"] = {
        "data": {
            "resultType": "vector",
            "result": [
                {"metric": {}, "value": [1, "NaN"]},
                {"metric": {}, "histogram": [1, {"count": "7", "sum": "1"}]},
            ],
        },
        "warnings": ["look\x1b[2J out"],
    }
    with _client(server) as client:
        found = client.query("x")
    assert found.rows == 1
    assert found.warnings == ("look�[2J out",)


def test_text_of_a_server_is_cleaned_and_shows_no_secret(server: Scripted) -> None:
    server.answers["/api/v1/query"] = (422, b'{"error": "\\u001b[31m wrong, hunter22"}')
    with _client(server, token=Secret("hunter22")) as client, pytest.raises(QueryRefusedError) as caught:
        client.query("up")
    assert caught.value.reason == "�[31m wrong, ***"
    assert server.log[0].headers["Authorization"] == "Bearer hunter22"


def test_credentials_come_from_the_environment_by_the_name_of_the_service() -> None:
    found = settle(
        "Loki", "http://loki:3100/", {"LOKI_USER": "ann", "LOKI_PASSWORD": "hunter2", "LOKI_TENANT": "a"}
    )
    assert (found.url, found.user, found.password) == ("http://loki:3100", "ann", Secret("hunter2"))
    assert found.headers == {"X-Scope-OrgID": "a"}


@pytest.mark.parametrize(
    "url", ["", "loki:3100", "http://a:b@c", "http://[", "http://a:99999999", "http://a?b"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(DashgenError, match="of Loki"):
        settle("Loki", url, {})


def test_loki_answers_with_lines_numbers_and_what_they_cost(server: Scripted) -> None:
    stats = {"summary": {"totalBytesProcessed": 900, "totalLinesProcessed": 30, "execTime": 0.02}}
    streams = [{"stream": {"app": "bot"}, "values": [["1", "a"], ["2", "b"]]}, {"values": 7}]
    vector = [{"metric": {"user_id": "7"}, "value": [1, "3"]}]
    server.answers = {
        "/loki/api/v1/query_range": {
            "data": {"resultType": "streams", "result": streams, "stats": stats},
        },
        "/loki/api/v1/query": {"data": {"resultType": "vector", "result": vector, "stats": stats}},
        "/loki/api/v1/label/app/values": {"status": "success", "data": ["bot"]},
        "/loki/api/v1/labels": {"status": "success", "data": ["app", "level"]},
        "/loki/api/v1/status/buildinfo": {"version": "3.7.0"},
        "/ready": (200, b"ready\n"),
    }
    with Loki(endpoint(server.url, "Loki")) as loki:
        lines = loki.query_range('{app="bot"}', start=1, end=2.5)
        assert (lines.kind, lines.rows, lines.cost.bytes, lines.cost.samples) == ("streams", 2, 900, 30)
        assert loki.query("sum(x)", at=3).rows == 1
        assert loki.label_values("app", start=1, end=2) == ("bot",)
        assert loki.labels(start=1, end=2) == ("app", "level")
        assert (loki.version(), loki.not_ready()) == ("3.7.0", "")
    assert server.log[0].fields["end"] == ["2500000000"]


def test_loki_that_is_not_ready_says_why(server: Scripted) -> None:
    server.answers["/ready"] = (503, b"Ingester not ready: waiting for 15s after being ready\n")
    with Loki(endpoint(server.url, "Loki")) as loki:
        assert loki.not_ready().endswith("Ingester not ready: waiting for 15s after being ready")


def test_loki_refuses_in_plain_text(server: Scripted) -> None:
    server.answers["/loki/api/v1/query"] = (400, b"parse error at line 1, col 2: syntax error\n")
    with Loki(endpoint(server.url, "Loki")) as loki, pytest.raises(QueryRefusedError) as caught:
        loki.query("{")
    assert caught.value.reason == "parse error at line 1, col 2: syntax error"


def test_tempo_answers_with_traces(server: Scripted) -> None:
    server.answers = {
        "/api/search": {"traces": [{"traceID": "a"}], "metrics": {"inspectedBytes": "900"}},
        "/api/metrics/query_range": {"series": [{"samples": [{"value": 1}, {"value": 2}]}]},
        "/api/status/buildinfo": {"version": "3.0.0"},
        "/ready": (200, b"ready\n"),
    }
    with Tempo(endpoint(server.url, "Tempo")) as tempo:
        found = tempo.search("{ duration > 8s }", start=1, end=2)
        assert (found.rows, found.cost.bytes) == (1, 900)
        assert tempo.query_range("{} | rate()", start=1, end=2, step=1).rows == 2
        assert (tempo.not_ready(), tempo.version()) == ("", "3.0.0")
    assert server.log[0].fields["q"] == ["{ duration > 8s }"]


def test_metrics_are_fetched_in_the_newer_format_where_there_is_one(server: Scripted) -> None:
    server.answers["/metrics"] = (200, b"# TYPE a gauge\na 1\n")
    found = scrape(endpoint(f"{server.url}/metrics", "the application"))
    assert set(found.families) == {"a"}
    assert server.log[0].headers["Accept"].startswith("application/openmetrics-text")


def test_a_web_page_is_no_metrics(server: Scripted) -> None:
    server.answers["/"] = (200, b"\n<!DOCTYPE html>")
    with pytest.raises(ServiceError, match="the answer is a web page instead of metrics"):
        scrape(endpoint(f"{server.url}/", "the application"))
