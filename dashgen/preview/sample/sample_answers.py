"""Answers to the queries of panels on made-up data, in the form in which the servers give them."""

from collections.abc import Hashable, Sequence
from typing import Final

from msgspec.structs import replace

from dashgen.core.json_values import Json, text
from dashgen.doctor.live.live_queries import PanelQuery
from dashgen.doctor.live.query_answer import Answer
from dashgen.evaluate.logql.evaluate_logql import evaluate_logql_range
from dashgen.evaluate.logql.log_lines import LogStore
from dashgen.evaluate.logql.log_pipelines import piped_entries
from dashgen.evaluate.promql.evaluate_promql import evaluate_promql_range
from dashgen.evaluate.samples import (
    EvaluationFailedError,
    LabelKey,
    Rows,
    SampleStore,
    Times,
    UnsupportedError,
    label_key,
)
from dashgen.preview.sample.sample_traces import SampleTraces
from dashgen.query.logql import nodes, parse_logql
from dashgen.servers.telemetry.results import Result, ResultSeries

EVALUATED: Final = frozenset({"prometheus", "loki", "tempo"})
"""The types of the data sources whose queries are evaluated."""
_LINES: Final = 100


class SampleAnswers:
    """Evaluates queries on made-up data.

    Args:
        series: what queries of metrics are evaluated on.
        lines: what queries of logs are evaluated on.
        traces: what queries of traces give.
    """

    def __init__(self, series: SampleStore, lines: LogStore, traces: SampleTraces) -> None:
        self.series = series
        self.lines = lines
        self.traces = traces
        self._answered: dict[Hashable, Answer] = {}

    def answer(self, query: PanelQuery) -> Answer:
        """The answer to a query; one that cannot be evaluated has an error."""
        # Most panels do not change with the value of a variable, and several views have them.
        key = query.source_type, query.expr, text(query.target.get("queryType")), query.instant, query.window
        if key not in self._answered:
            self._answered[key] = self._evaluated(query)
        return replace(self._answered[key], query=query)

    def _evaluated(self, query: PanelQuery) -> Answer:
        if not query.expr.strip() and query.source_type != "tempo":
            return Answer(query, result=Result("matrix"))
        try:
            if query.source_type == "loki":
                return self._of_lines(query)
            if query.source_type == "tempo":
                return Answer(query, result=Result("traces", data=self.traces.answer(query)))
            times = times_of(query)
            return _answer(query, times, evaluate_promql_range(query.expr, self.series, times))
        except UnsupportedError as fault:
            return _unanswered(query, f"{str(fault).removeprefix('the ')} is not computed on sample data")
        except EvaluationFailedError as fault:
            return _unanswered(query, f"on sample data, {fault}")

    def _of_lines(self, query: PanelQuery) -> Answer:
        tree = parse_logql(query.expr).tree
        if not isinstance(tree, nodes.LogQuery):
            times = times_of(query)
            return _answer(query, times, evaluate_logql_range(query.expr, self.lines, times))
        start, end = query.window.start * 1000, query.window.end * 1000
        entries = [one for one in piped_entries(query.expr, tree, self.lines) if start <= one.at <= end]
        streams: dict[LabelKey, list[list[str]]] = {}
        for entry in entries[-_LINES:]:
            streams.setdefault(label_key(entry.labels), []).append([f"{entry.at}000000", entry.line])
        data = {
            "resultType": "streams",
            "result": [{"stream": dict(key), "values": values} for key, values in streams.items()],
        }
        return Answer(query, rows=len(entries), series=len(streams), result=Result("streams", data=data))


def _unanswered(query: PanelQuery, reason: str) -> Answer:
    return Answer(query, error=reason, hint=f"`--{query.source_type} URL` shows real data")


def times_of(query: PanelQuery) -> Times:
    """The times in milliseconds at which a server evaluates a query."""
    if query.instant:
        return (round(query.window.end * 1000),)
    start, end = (round(edge * 1000) for edge in query.window.aligned)
    return range(start, end + 1, max(round(query.window.step * 1000), 1))


def _written(points: Sequence[tuple[float, float]], query: PanelQuery) -> Json:
    return {"value": [*points[0]]} if query.instant else {"values": [[*point] for point in points]}


def _answer(query: PanelQuery, times: Times, rows: Rows) -> Answer:
    if query.instant:
        kind = "vector"
        at = times[-1] / 1000
        listed = [(dict(label_key(labels)), [(at, value)]) for labels, (value,) in rows if value is not None]
    else:
        # A server sorts the series of a range by their labels, and those of a moment as the query has them.
        kind = "matrix"
        seconds = [at / 1000 for at in times]
        listed = [
            (dict(key), [(at, value) for at, value in zip(seconds, values, strict=True) if value is not None])
            for key, values in sorted((label_key(labels), values) for labels, values in rows)
        ]
    data = {
        "resultType": kind,
        "result": [{"metric": labels, **_written(points, query)} for labels, points in listed],
    }
    series = tuple(ResultSeries(labels, tuple(points)) for labels, points in listed)
    count = sum(len(one.points) for one in series)
    return Answer(query, rows=count, series=len(series), result=Result(kind, series, count, data=data))
