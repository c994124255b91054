"""With a Loki, queries in LogQL are computed there, over the lines of one test only."""

import json
from collections.abc import Iterator

import pytest

from dashgen.evaluate.logql.evaluate_logql import evaluate_logql
from dashgen.evaluate.logql.log_lines import LogEntry, LogStore
from dashgen.project.rule_tests.loki_lines import marked_query
from dashgen.project.rule_tests.run_tests import Programs, run_rule_tests
from dashgen.servers.http import ServiceError
from dashgen.servers.telemetry import Loki
from tests.alert_support import group_with, said, settled
from tests.telemetry.running import Answer, ReceivedRequest, Scripted, endpoint, scripted

RULES = """
- record: app:panics
  query: sum by (app) (count_over_time({app="shop"} |= "panic" [5m]))
  datasource: loki
  tests:
    - name: x
      lines: [{stream: {app: shop}, line: panic, times: 3}]
      expect: {90s: {'{app="shop"}': 2}}
- alert: Panics
  datasource: loki
  query: sum without (host) (count_over_time({app="shop"} |= "panic" [5m]))
  when: above 2
  tests:
    - name: fires
      lines: [{stream: {app: shop, host: a}, line: "panic: no space", times: 4}]
      fires_at: 3m
      silent_at: [1m, 12m]
      labels: {app: shop}
"""


class FakeLoki:
    """Keeps the lines that it gets, and computes queries by the evaluator."""

    def __init__(self) -> None:
        self.entries: list[LogEntry] = []

    def push(self, request: ReceivedRequest) -> Answer:
        for stream in json.loads(next(iter(request.fields)))["streams"]:
            for moment, line in stream["values"]:
                self.entries.append(LogEntry(int(moment) // 1_000_000, stream["stream"], line))
        return 204, b""

    def query_range(self, request: ReceivedRequest) -> Answer:
        start, end = (int(request.fields[name][0]) // 1_000_000 for name in ("start", "end"))
        step = round(float(request.fields["step"][0]) * 1000)
        series: dict[str, tuple[dict[str, str], list[list[object]]]] = {}
        for at in range(start, end + 1, step):
            for labels, value in self.vector(request, at):
                series.setdefault(str(labels), (labels, []))[1].append([at / 1000, str(value)])
        result = [{"metric": labels, "values": values} for labels, values in series.values()]
        return 200, json.dumps({"data": {"resultType": "matrix", "result": result}}).encode()

    def query(self, request: ReceivedRequest) -> Answer:
        at = int(request.fields["time"][0]) // 1_000_000
        result = [
            {"metric": labels, "value": [at / 1000, str(value)]} for labels, value in self.vector(request, at)
        ]
        return 200, json.dumps({"data": {"resultType": "vector", "result": result}}).encode()

    def vector(self, request: ReceivedRequest, at: int) -> list[tuple[dict[str, str], float]]:
        samples = evaluate_logql(request.fields["query"][0], LogStore(self.entries), at)
        return [(dict(sample.labels), sample.value) for sample in samples]


@pytest.fixture
def server() -> Iterator[Scripted]:
    loki = FakeLoki()
    answers = {
        "/loki/api/v1/push": loki.push,
        "/loki/api/v1/query": loki.query,
        "/loki/api/v1/query_range": loki.query_range,
    }
    with scripted(answers) as script:
        yield script


def test_a_loki_computes_the_queries_of_tests(server: Scripted) -> None:
    groups, problems = settled(group_with(RULES))
    assert problems == []
    with Loki(endpoint(server.url, "Loki")) as client:
        report = run_rule_tests(groups, (), Programs(loki=client))
    assert said(report.diagnostics) == []
    assert (report.tests, report.checks) == (2, 4)
    paths = [request.path for request in server.log]
    # Grafana and Loki evaluate the alert: each has lines of its own, and one request for each query.
    assert paths.count("/loki/api/v1/push") == 3
    assert paths.count("/loki/api/v1/query_range") == 5
    assert paths.count("/loki/api/v1/query") == 1


def test_what_loki_refuses_is_an_evaluation_that_fails(server: Scripted) -> None:
    server.answers["/loki/api/v1/query_range"] = (400, b"too many series")
    server.answers["/loki/api/v1/query"] = (400, b"too many series")
    groups, _ = settled(group_with(RULES))
    with Loki(endpoint(server.url, "Loki")) as client:
        report = run_rule_tests(groups, (), Programs(loki=client))
    assert "too many series" in said(report.diagnostics)[0]


def test_a_loki_that_is_away_ends_the_run(server: Scripted) -> None:
    server.answers["/loki/api/v1/push"] = (401, b"")
    groups, _ = settled(group_with(RULES))
    with Loki(endpoint(server.url, "Loki")) as client, pytest.raises(ServiceError, match="credentials"):
        run_rule_tests(groups, (), Programs(loki=client))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('rate({app="a"}[5m])', 'rate({dashgen_test="m", app="a"}[5m])'),
        (
            'rate({a="b"} | json [1m]) / rate({c="d"} |= "{" [1m])',
            'rate({dashgen_test="m", a="b"} | json [1m]) / rate({dashgen_test="m", c="d"} |= "{" [1m])',
        ),
    ],
)
def test_a_query_reads_the_lines_of_its_test_only(query: str, expected: str) -> None:
    assert marked_query(query, "m") == expected
