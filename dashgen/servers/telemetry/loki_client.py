"""A running Loki."""

import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from dashgen.core.json_values import Json
from dashgen.servers.http import ServiceError
from dashgen.servers.http.response_values import mapping, objects, text, texts
from dashgen.servers.telemetry.results import Cost, Result, number, result_of, whole
from dashgen.servers.telemetry.service import Service


class Loki(Service):
    """Queries of a Loki; each is bounded in time."""

    def query(self, expr: str, *, at: float | None = None, limit: int = 100) -> Result:
        """A metric query at one moment, now when absent.

        Raises:
            QueryRefusedError: when the query is wrong or too expensive.
            ServiceError: when there is no answer.
        """
        fields = {"query": expr, "limit": str(limit)} | ({} if at is None else {"time": _nanoseconds(at)})
        return self._result("/loki/api/v1/query", fields)

    def query_range(
        self, expr: str, *, start: float, end: float, step: float | None = None, limit: int = 100
    ) -> Result:
        """A query over a stretch of time; times and ``step`` in seconds, ``limit`` in log lines.

        Raises:
            QueryRefusedError: when the query is wrong or too expensive.
            ServiceError: when there is no answer.
        """
        fields = {"query": expr, "limit": str(limit), "start": _nanoseconds(start), "end": _nanoseconds(end)}
        if step is not None:
            fields["step"] = f"{step:.3f}"
        return self._result("/loki/api/v1/query_range", fields)

    def push(self, streams: Sequence[tuple[Mapping[str, str], Sequence[tuple[float, str]]]]) -> None:
        """Store lines.

        Args:
            streams: the labels of each stream, and its lines with their Unix times, in the order of time.

        Raises:
            ServiceError: they were not stored, or that is unknown.
        """
        data = [
            {"stream": dict(labels), "values": [[_nanoseconds(at), line] for at, line in lines]}
            for labels, lines in streams
        ]
        body = json.dumps({"streams": data}).encode()
        self.send_body("/loki/api/v1/push", "log lines", body, "application/json")

    def labels(self, *, start: float, end: float) -> tuple[str, ...]:
        """The labels that streams have."""
        span = {"start": _nanoseconds(start), "end": _nanoseconds(end)}
        return texts(self.json("/loki/api/v1/labels", "the labels", span), "data")

    def label_values(self, label: str, *, start: float, end: float, selector: str = "") -> tuple[str, ...]:
        """The values of a label, of all streams or of those that a selector matches."""
        fields = {"start": _nanoseconds(start), "end": _nanoseconds(end)}
        fields |= {"query": selector} if selector else {}
        path = f"/loki/api/v1/label/{quote(label, safe='')}/values"
        return texts(self.json(path, f"the values of `{label}`", fields), "data")

    def version(self) -> str:
        """Its version; empty when it hides it."""
        return self.shown(text(self.json("/loki/api/v1/status/buildinfo", "its version"), "version"))

    def _result(self, path: str, fields: dict[str, str]) -> Result:
        data = mapping(self.json(path, "the query", fields), "data")
        kind = text(data, "resultType")
        if not kind:
            raise ServiceError(f"{self.name}'s answer has no result", hint="check its address")
        summary = mapping(mapping(data, "stats"), "summary")
        cost = Cost(
            samples=whole(summary.get("totalLinesProcessed")),
            bytes=whole(summary.get("totalBytesProcessed")),
            seconds=number(summary.get("execTime")),
        )
        if kind == "streams":
            rows = sum(_lines(stream) for stream in objects(data, "result"))
            return Result(kind, (), rows, cost, data=data)
        return result_of(data, cost)


def _lines(stream: Json) -> int:
    values = stream.get("values")
    return len(values) if isinstance(values, list) else 0


def _nanoseconds(moment: float) -> str:
    # By way of milliseconds: a float has no room for the nanoseconds since 1970.
    return str(int(moment * 1000) * 1_000_000)
