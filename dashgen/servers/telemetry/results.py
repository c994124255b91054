"""The results of queries, read from servers that may send anything."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from dashgen.servers.http.response_values import mapping, objects, text, texts


class ResultSeries(Struct, frozen=True):
    """One series of a result: its labels, and its values as pairs of a Unix time and a number."""

    labels: Mapping[str, str]
    points: tuple[tuple[float, float], ...]

    @property
    def numbers(self) -> int:
        """How many of the values are numbers that a panel can draw."""
        return sum(not math.isnan(value) for _, value in self.points)


class Cost(Struct, frozen=True):
    """What a query cost the server: samples or bytes it read, and seconds it took.

    Nothing where the server hides it.
    """

    samples: int | None = None
    bytes: int | None = None
    seconds: float | None = None


class Result(Struct, frozen=True):
    """What a query yields.

    Attributes:
        kind: the server's word for the form: vector, matrix, scalar, string, streams, traces.
        series: the series; log streams are not among them.
        rows: how many rows a table of the result has: points, log lines or traces.
        cost: what it cost.
        warnings: remarks of the server, without secrets.
        data: the result as it came, for those who draw it.
    """

    kind: str
    series: tuple[ResultSeries, ...] = ()
    rows: int = 0
    cost: Cost = field(default_factory=Cost)
    warnings: tuple[str, ...] = ()
    data: Mapping[str, Any] = {}


def read_series(data: Mapping[str, Any]) -> Iterator[ResultSeries]:
    """The series of a result.

    A vector or matrix is ``{"resultType": …, "result": [{"metric": {…}, "values": [[time, "1.5"], …]}]}``,
    where one moment has ``value`` in the place of ``values``; a scalar or string is ``{"resultType": …,
    "result": [time, "1.5"]}``.
    """
    if data.get("resultType") in {"scalar", "string"}:
        yield ResultSeries({}, tuple(_points([data.get("result")])))
        return
    for item in objects(data, "result"):
        labels = {key: value for key, value in mapping(item, "metric").items() if isinstance(value, str)}
        values = item.get("values") if isinstance(item.get("values"), list) else [item.get("value")]
        histograms = item.get("histograms") or ([item["histogram"]] if "histogram" in item else [])
        yield ResultSeries(labels, (*_points(values), *_points(histograms, _observations)))


def result_of(data: object, cost: Cost, warnings: tuple[str, ...] = ()) -> Result:
    """A result of numbers."""
    result_data = data if isinstance(data, dict) else {}
    all_series = tuple(series for series in read_series(result_data) if series.points)
    rows = sum(series.numbers for series in all_series)
    return Result(text(result_data, "resultType"), all_series, rows, cost, warnings, result_data)


def remarks(body: object) -> tuple[str, ...]:
    """The warnings and infos beside a result."""
    return (*texts(body, "warnings"), *texts(body, "infos"))


def number(value: object) -> float | None:
    """A number, also one that is written as text, as Prometheus does for NaN and infinities.

    Nothing when it is not one.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def whole(value: object) -> int | None:
    """A whole number; nothing when it is not a number."""
    parsed_number = number(value)
    return int(parsed_number) if parsed_number is not None and math.isfinite(parsed_number) else None


def _points(values: object, read: Callable[[object], float | None] = number) -> Iterator[tuple[float, float]]:
    for pair in values if isinstance(values, list) else []:
        if isinstance(pair, list) and len(pair) == 2:
            moment, value = number(pair[0]), read(pair[1])
            if moment is not None and value is not None:
                yield moment, value


def _observations(histogram: object) -> float | None:
    """The size of a native histogram: dashgen only needs to know whether there is anything."""
    return number(histogram.get("count")) if isinstance(histogram, dict) else None
