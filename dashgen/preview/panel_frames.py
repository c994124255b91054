"""The frames of a dashboard's panels on made-up data: their queries, evaluated as the servers would."""

from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from dashgen.core.json_values import Json, items, mapping, mappings, text
from dashgen.doctor.live.live_queries import DashboardView, PanelQuery, panel_queries
from dashgen.drawing.answers.loki_frames import loki_frames
from dashgen.drawing.answers.prometheus_frames import prometheus_frames
from dashgen.drawing.fields.frames import Frame
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
from dashgen.formats.panel_tree import every_variable
from dashgen.query.logql import nodes, parse_logql

_POINTS: Final = 120
_LINES: Final = 100


class PictureData(Struct, frozen=True):
    """What the queries of a picture are evaluated on, up to `now` in milliseconds."""

    series: SampleStore
    lines: LogStore
    now: int


def frames_of_panels(dashboard: Json, data: PictureData) -> dict[int, list[Frame]]:
    """The frames of each panel by its number, without those in folded rows.

    Queries that the evaluator does not know, and those of other servers, give no frames.

    Args:
        dashboard: Grafana's JSON.
        data: what the queries are evaluated on.
    """
    shown = {**dashboard, "panels": [_with_fewer_points(one) for one in _unfolded(dashboard)]}
    now = datetime.fromtimestamp(data.now / 1000, UTC)
    frames: dict[int, list[Frame]] = {}
    queries = panel_queries([DashboardView(shown)], now)
    tables: dict[int, int] = {}
    for query in queries:
        tables[query.panel_id] = tables.get(query.panel_id, 0) + (query.target.get("format") == "table")
    for query in queries:
        frames.setdefault(query.panel_id, []).extend(_frames(query, data, max(tables[query.panel_id], 1)))
    return frames


def _unfolded(dashboard: Json) -> list[Json]:
    return [panel for panel in mappings(dashboard.get("panels")) if panel.get("collapsed") is not True]


def _with_fewer_points(panel: Json) -> Json:
    # A picture needs no more points than it has pixels for.
    return {**panel, "maxDataPoints": min(panel.get("maxDataPoints") or _POINTS, _POINTS)}


def _frames(query: PanelQuery, data: PictureData, table_targets: int) -> list[Frame]:
    target = dict(query.target)
    step = round(query.window.step * 1000)
    try:
        if query.source_type == "prometheus":
            answer = _prometheus_answer(query, data)
            return prometheus_frames(
                answer, target, step_ms=_interval(query, step), table_targets=table_targets
            )
        if query.source_type == "loki":
            return loki_frames(_loki_answer(query, data), target, step_ms=_interval(query, step))
    except (EvaluationFailedError, UnsupportedError):
        return []
    return []


def _interval(query: PanelQuery, step: int) -> int:
    return 0 if query.instant else step


def _times(query: PanelQuery) -> Times:
    if query.instant:
        return (round(query.window.end * 1000),)
    start, end = (round(edge * 1000) for edge in query.window.aligned)
    return range(start, end + 1, max(round(query.window.step * 1000), 1))


def _prometheus_answer(query: PanelQuery, data: PictureData) -> Json:
    times = _times(query)
    return _answer(query, times, evaluate_promql_range(query.expr, data.series, times))


def _answer(query: PanelQuery, times: Times, rows: Rows) -> Json:
    if query.instant:
        result = [
            {"metric": dict(label_key(labels)), "value": [times[-1] / 1000, repr(values[-1])]}
            for labels, values in rows
        ]
        return {"resultType": "vector", "result": result}
    # A server sorts the series of a range by their labels, and those of a moment as the query has them.
    ordered = sorted((label_key(labels), values) for labels, values in rows)
    result = [
        {
            "metric": dict(key),
            "values": [
                [at / 1000, repr(value)] for at, value in zip(times, values, strict=True) if value is not None
            ],
        }
        for key, values in ordered
    ]
    return {"resultType": "matrix", "result": result}


def _loki_answer(query: PanelQuery, data: PictureData) -> Json:
    tree = parse_logql(query.expr).tree
    if not isinstance(tree, nodes.LogQuery):
        times = _times(query)
        return _answer(query, times, evaluate_logql_range(query.expr, data.lines, times))
    start, end = query.window.start * 1000, query.window.end * 1000
    entries = [one for one in piped_entries(query.expr, tree, data.lines) if start <= one.at <= end]
    streams: dict[LabelKey, list[list[str]]] = {}
    for entry in entries[-_LINES:]:
        streams.setdefault(label_key(entry.labels), []).append([f"{entry.at}000000", entry.line])
    return {
        "resultType": "streams",
        "result": [{"stream": dict(key), "values": values} for key, values in streams.items()],
    }


def variable_texts(dashboard: Json) -> dict[str, str]:
    """The text of each variable, as titles have it when a dashboard is opened."""
    texts: dict[str, str] = {}
    for variable in every_variable(dashboard):
        current = mapping(variable.get("current")).get("text")
        shown = [str(one) for one in items(current)] or [text(current)]
        texts[text(variable.get("name"))] = " + ".join(one for one in shown if one)
    return texts
