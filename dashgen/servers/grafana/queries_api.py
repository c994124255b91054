"""Queries through Grafana to its data sources, as its own panels send them."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from dashgen.servers.grafana.api_paths import route
from dashgen.servers.grafana.grafana_errors import OutcomeUnknownError
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.http.response_values import mapping, objects, text, texts

_TIME: Final = "time"
_NUMBER: Final = "number"


class QueryAnswer(Struct, frozen=True):
    """The size of an answer: series of numbers, rows with a value in them, and remarks of the server."""

    series: int = 0
    rows: int = 0
    remarks: tuple[str, ...] = ()


class QueryRange(Struct, frozen=True):
    """The time that a panel draws: ``start`` and ``end`` in seconds since 1970, ``step`` in seconds.

    ``points`` is how many points the panel can draw.
    """

    start: float
    end: float
    step: float
    points: int


class Queries:
    """Sends queries to data sources through Grafana."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ask(self, uid: str, model: Mapping[str, Any], span: QueryRange) -> QueryAnswer:
        """What one query of a panel yields.

        Args:
            uid: the data source.
            model: the query as a panel has it, without variables.
            span: the time that it is for.

        Raises:
            GrafanaError: it cannot be sent, or the data source refuses it.
        """
        full_query = {
            "refId": "A",
            **model,
            "datasource": {**mapping(model, "datasource"), "uid": uid},
            "intervalMs": round(span.step * 1000),
            "maxDataPoints": span.points,
        }
        start, end = (str(round(moment * 1000)) for moment in (span.start, span.end))
        body = {"queries": [full_query], "from": start, "to": end}
        change = WriteRequest("POST", route("api", "ds", "query"), f"data source `{uid}`", body)
        try:
            reply = self._session.write(change).mapping()
        except OutcomeUnknownError as doubt:
            # A POST, and yet it changes nothing, so whether it arrived is no question.
            raise doubt.cause from None
        return read_answer(mapping(mapping(reply, "results"), text(full_query, "refId")))


def read_answer(result: Mapping[str, Any]) -> QueryAnswer:
    """Count the series and rows of a result.

    A result is ``{"frames": [{"schema": {"fields": [{"type": "time"}, {"type": "number"}]}, "data":
    {"values": [[…], […]]}}]}``.
    """
    series = rows = 0
    remarks: list[str] = []
    for frame in objects(result, "frames"):
        schema = mapping(frame, "schema")
        fields = objects(schema, "fields")
        columns = mapping(frame, "data").get("values")
        values = columns if isinstance(columns, list) else []
        types = [text(field, "type") for field in fields]
        row_counts = [_filled(column) for kind, column in zip(types, values, strict=False) if kind != _TIME]
        series += types.count(_NUMBER)
        # Of a frame with times each column is a series of its own; of a table a row counts once, however many
        # columns it has.
        rows += sum(row_counts) if set(types) == {_TIME, _NUMBER} else max(row_counts, default=0)
        remarks += [text(note, "text") for note in objects(mapping(schema, "meta"), "notices")]
    return QueryAnswer(series, rows, (*remarks, *texts(result, "warnings")))


def _filled(column: object) -> int:
    return sum(value is not None for value in column) if isinstance(column, list) else 0
