"""Queries through Grafana to its data sources, as its own panels ask them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashgen.servers.grafana.api_paths import route
from dashgen.servers.grafana.grafana_errors import OutcomeUnknownError
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.http.response_values import mapping, objects, text, texts

_TIME: Final = "time"
_NUMBER: Final = "number"


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """What came back: how many series of numbers, how many rows with something in them, and remarks of the server."""

    series: int = 0
    rows: int = 0
    remarks: tuple[str, ...] = ()


class Queries:
    """Asks data sources in Grafana's name; nothing is changed by it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ask(
        self, uid: str, model: Mapping[str, Any], *, start: float, end: float, step: float, points: int
    ) -> QueryAnswer:
        """What one query of a panel yields.

        Args:
            uid: the data source.
            model: the query as a panel has it, without variables.
            start: from when, in seconds since 1970.
            end: until when.
            step: the length of a step in seconds.
            points: how many points a panel can draw.

        Raises:
            GrafanaError: when it cannot be asked, or the data source refuses it.
        """
        full_query = {
            "refId": "A",
            **model,
            "datasource": {**mapping(model, "datasource"), "uid": uid},
            "intervalMs": round(step * 1000),
            "maxDataPoints": points,
        }
        body = {"queries": [full_query], "from": str(round(start * 1000)), "to": str(round(end * 1000))}
        change = WriteRequest("POST", route("api", "ds", "query"), f"data source `{uid}`", body)
        try:
            reply = self._session.write(change).mapping()
        except OutcomeUnknownError as doubt:
            # Asking changes nothing, so there is nothing to be in doubt of.
            raise doubt.cause from None
        return read_answer(mapping(mapping(reply, "results"), text(full_query, "refId")))


def read_answer(result: Mapping[str, Any]) -> QueryAnswer:
    """Count what is in the frames of a result."""
    series = rows = 0
    remarks: list[str] = []
    for frame in objects(result, "frames"):
        schema = mapping(frame, "schema")
        fields = objects(schema, "fields")
        columns = mapping(frame, "data").get("values")
        values = columns if isinstance(columns, list) else []
        row_counts = [_filled(column) for field, column in zip(fields, values, strict=False) if _holds(field)]
        numbers = sum(text(field, "type") == _NUMBER for field in fields)
        series += numbers
        rows += sum(row_counts) if numbers and _is_over_time(fields) else max(row_counts, default=0)
        remarks += [text(note, "text") for note in objects(mapping(schema, "meta"), "notices")]
    return QueryAnswer(series, rows, (*remarks, *texts(result, "warnings")))


def _holds(field: Mapping[str, Any]) -> bool:
    return text(field, "type") != _TIME


def _is_over_time(fields: list[dict[str, Any]]) -> bool:
    kinds = {text(field, "type") for field in fields}
    return kinds == {_TIME, _NUMBER}


def _filled(column: Any) -> int:
    return sum(value is not None for value in column) if isinstance(column, list) else 0
