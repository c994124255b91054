"""Queries through Grafana to its data sources, as its own panels send them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from msgspec import Struct

from dashgen.servers.grafana.api_paths import route
from dashgen.servers.grafana.grafana_errors import OutcomeUnknownError
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.http.response_values import mapping, objects, text, texts

_TIME: Final = "time"
_NUMBER: Final = "number"


class NumberColumn(NamedTuple):
    """A series of an answer: its labels, and its values with their times in seconds since 1970."""

    labels: Mapping[str, str]
    points: tuple[tuple[float, float], ...]


class QueryAnswer(Struct, frozen=True):
    """An answer.

    Attributes:
        series: how many series of numbers it has.
        rows: how many rows have a value.
        remarks: remarks of the server.
        columns: the series themselves, those with times.
    """

    series: int = 0
    rows: int = 0
    remarks: tuple[str, ...] = ()
    columns: tuple[NumberColumn, ...] = ()


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

    def results(self, queries: Sequence[Mapping[str, Any]], start_ms: int, end_ms: int) -> dict[str, Any]:
        """The results of the queries of one panel by their refs, each with `frames`, or `error` and `status`.

        Args:
            queries: as the panel sends them, each with `refId`, `datasource`, `intervalMs`, `maxDataPoints`.
            start_ms: the start of the time shown, in milliseconds since 1970.
            end_ms: its end.

        Raises:
            GrafanaError: there is no answer, or Grafana refuses all of it.
        """
        body = {"queries": list(queries), "from": str(start_ms), "to": str(end_ms)}
        request = WriteRequest("POST", route("api", "ds", "query"), "the queries of a panel", body)
        results = mapping(self._session.query(request, "results"), "results")
        for result in results.values():
            if isinstance(result, dict) and "error" in result:
                result["error"] = self._session.shown(text(result, "error"))
        return results


def read_answer(result: Mapping[str, Any]) -> QueryAnswer:
    """Count the series and rows of a result.

    A result is ``{"frames": [{"schema": {"fields": [{"type": "time"}, {"type": "number"}]}, "data":
    {"values": [[…], […]]}}]}``.
    """
    series = rows = 0
    remarks: list[str] = []
    numbers: list[NumberColumn] = []
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
        numbers += _number_columns(fields, values)
    return QueryAnswer(series, rows, (*remarks, *texts(result, "warnings")), tuple(numbers))


def _number_columns(fields: Sequence[Mapping[str, Any]], values: Sequence[object]) -> Iterator[NumberColumn]:
    """The columns of numbers of a frame with their times; values that are no numbers are left out."""
    columns = list(zip(fields, values, strict=False))
    times = next((column for field, column in columns if text(field, "type") == _TIME), None)
    if not isinstance(times, list):
        return
    for field, column in columns:
        if text(field, "type") == _NUMBER and isinstance(column, list):
            labels = {key: value for key, value in mapping(field, "labels").items() if isinstance(value, str)}
            yield NumberColumn(labels, _points(times, column))


def _points(times: list[Any], column: list[Any]) -> tuple[tuple[float, float], ...]:
    pairs = zip(times, column, strict=False)
    return tuple((at / 1000, float(value)) for at, value in pairs if _is_number(at) and _is_number(value))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _filled(column: object) -> int:
    return sum(value is not None for value in column) if isinstance(column, list) else 0
