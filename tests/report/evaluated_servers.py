"""A Prometheus and a Loki that answer by dashgen's own evaluators, from series and lines in memory."""

import contextlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from dashgen.doctor.live.run_queries import Servers
from dashgen.evaluate.logql.evaluate_logql import evaluate_logql
from dashgen.evaluate.logql.log_lines import LogEntry, LogStore
from dashgen.evaluate.promql.evaluate_promql import evaluate_promql
from dashgen.evaluate.samples import SampleStore
from dashgen.servers.telemetry import Loki, Prometheus
from tests.telemetry.running import Answer, ReceivedRequest, Scripted, endpoint, scripted


def seconds(text: str) -> float:
    """The seconds since 1970 of a time with its offset."""
    return datetime.fromisoformat(text).timestamp()


class Evaluated:
    """What both servers know; ``broken`` has texts whose queries are refused."""

    def __init__(self) -> None:
        self.series = SampleStore()
        self.lines: list[LogEntry] = []
        self.broken: dict[str, str] = {}
        self.asked: list[ReceivedRequest] = []

    def count(self, name: str, start: str, end: str, per_minute: float, **labels: str) -> None:
        """A counter that grows evenly, with a sample each minute."""
        first, last = seconds(start), seconds(end)
        for minute in range(int((last - first) // 60) + 1):
            at = round((first + 60 * minute) * 1000)
            self.series.add({"__name__": name, "job": "shop", **labels}, at, minute * per_minute)

    def gauge(self, name: str, start: str, end: str, value: float, **labels: str) -> None:
        first, last = seconds(start), seconds(end)
        for minute in range(int((last - first) // 60) + 1):
            self.series.add(
                {"__name__": name, "job": "shop", **labels}, round((first + 60 * minute) * 1000), value
            )

    def line(self, at: str, text: str, **stream: str) -> None:
        self.lines.append(LogEntry(round(seconds(at) * 1000), {"app": "shop", **stream}, text))

    def prometheus(self, request: ReceivedRequest) -> Answer | dict[str, Any]:
        query = request.fields["query"][0]
        self.asked.append(request)
        if refusal := self._refusal(query):
            return refusal
        if "time" in request.fields:
            return _vector(evaluate_promql(query, self.series, _milliseconds(request, "time")))
        return _matrix(request, lambda at: evaluate_promql(query, self.series, at))

    def loki(self, request: ReceivedRequest) -> Answer | dict[str, Any]:
        query = request.fields["query"][0]
        self.asked.append(request)
        if refusal := self._refusal(query):
            return refusal
        store = LogStore(self.lines)
        if "time" in request.fields:
            return _vector(evaluate_logql(query, store, int(request.fields["time"][0]) // 1_000_000))
        return _matrix(request, lambda at: evaluate_logql(query, store, at), scale=1e-6)

    def _refusal(self, query: str) -> Answer | None:
        for part, reason in self.broken.items():
            if part in query:
                return 422, f'{{"status": "error", "error": "{reason}"}}'.encode()
        return None


def _milliseconds(request: ReceivedRequest, name: str) -> int:
    return round(float(request.fields[name][0]) * 1000)


def _vector(value: Any) -> dict[str, Any]:
    if isinstance(value, float):
        return {"data": {"resultType": "scalar", "result": [0, repr(value)]}}
    result = [{"metric": dict(one.labels), "value": [0, _text(one.value)]} for one in value]
    return {"data": {"resultType": "vector", "result": result}}


def _text(number: float) -> str:
    return {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"}.get(repr(number), repr(number))


def _matrix(request: ReceivedRequest, value_at: Any, scale: float = 1000.0) -> dict[str, Any]:
    start, end = (float(request.fields[name][0]) * scale for name in ("start", "end"))
    step = float(request.fields["step"][0]) * 1000
    series: dict[tuple[tuple[str, str], ...], list[list[Any]]] = {}
    at = start
    while at <= end:
        value = value_at(round(at))
        for one in [] if isinstance(value, float) else value:
            series.setdefault(tuple(sorted(one.labels.items())), []).append([at / 1000, _text(one.value)])
        at += step
    return {
        "data": {
            "resultType": "matrix",
            "result": [{"metric": dict(labels), "values": points} for labels, points in series.items()],
        }
    }


@contextlib.contextmanager
def evaluated_servers(known: Evaluated) -> Iterator[tuple[Servers, Scripted, Scripted]]:
    """Clients of both servers, and the servers."""
    with scripted() as prometheus, scripted() as loki:
        for path in ("/api/v1/query", "/api/v1/query_range"):
            prometheus.answers[path] = known.prometheus
        for path in ("/loki/api/v1/query", "/loki/api/v1/query_range"):
            loki.answers[path] = known.loki
        servers = Servers(
            Prometheus(endpoint(prometheus.url)), Loki(endpoint(loki.url, "Loki")), concurrency=2
        )
        try:
            yield servers, prometheus, loki
        finally:
            servers.close()
