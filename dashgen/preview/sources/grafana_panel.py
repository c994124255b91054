"""What a panel sends to Grafana, and what it shows of the answer.

Source: `SceneQueryRunner` of @grafana/scenes, packages/grafana-prometheus/src/result_transformer.ts (tables
and heatmaps are made of series in the browser) and the recordings in tests/grafana.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from dashgen.core.json_values import Json, mapping, mappings, text, whole
from dashgen.doctor.live.live_queries import DashboardQueries, PanelQuery
from dashgen.doctor.live.live_variables import Interpolation
from dashgen.doctor.live.run_queries import is_trace_metric
from dashgen.doctor.live.time_window import PAGE_WIDTH, Window
from dashgen.drawing.answers.compared_frames import COMPARISON, compared_frames
from dashgen.drawing.answers.frame_bounds import bounded_frames
from dashgen.drawing.answers.grafana_frames import grafana_frames
from dashgen.drawing.answers.prometheus_frames import name_series, prometheus_frames
from dashgen.drawing.answers.service_map_frames import (
    SERVICE_METRICS,
    LabelledNumber,
    service_map_frames,
    service_map_query,
)
from dashgen.drawing.fields.frames import Cell, Frame, number_or_none
from dashgen.drawing.panel_data import PanelData
from dashgen.formats.panel_tree import COLUMNS
from dashgen.preview.sources.expression_frames import is_expression_target
from dashgen.preview.sources.grafana_data_sources import GrafanaDataSources
from dashgen.preview.sources.panel_plan import comparison_shift, shared_panel
from dashgen.preview.sources.source_messages import sentence, unfilled_error
from dashgen.preview.views.view_time import panel_window
from dashgen.preview.views.viewed_dashboard import ViewedDashboard, ViewedPanel

_MAP: Final = "serviceMap"
_OF_MAP: Final = "/"
_TABLES: Final = frozenset(("table", "heatmap"))
_EXPRESSIONS: Final = {"type": "__expr__", "uid": "__expr__"}


class PanelRequest(Struct, frozen=True):
    """The queries of a panel as Grafana gets them.

    Attributes:
        viewed: the panel.
        queries: those of one request.
        searches: queries that look for traces, which Grafana's pages send to Tempo themselves.
        errors: what cannot be sent, as sentences.
    """

    viewed: ViewedPanel
    queries: Sequence[Json] = ()
    searches: Sequence[PanelQuery] = ()
    errors: Sequence[str] = ()


def panel_request(
    panel: ViewedPanel, viewed: ViewedDashboard, reader: DashboardQueries, sources: GrafanaDataSources
) -> PanelRequest:
    """The request of a panel with the values of variables that it is viewed with.

    Args:
        panel: the panel.
        viewed: its dashboard.
        reader: what fills the queries of its dashboard.
        sources: the data sources of the Grafana.
    """
    window = panel_window(viewed.dashboard, panel.panel, viewed.context.now_ms)
    filling = Interpolation(panel.values, window, viewed.dashboard)
    targets = [_referring(target, panel.panel, sources, filling) for target in _sent(panel.panel)]
    queries: list[Json] = []
    searches: list[PanelQuery] = []
    errors: list[str] = []
    for query in reader.of_panel({**panel.panel, "targets": targets}, panel.values):
        if query.unfilled:
            errors.append(unfilled_error(query.unfilled))
        elif query.target.get("queryType") == _MAP:
            queries += _service_map(query, sources, filling)
        elif mapping(query.target.get("datasource")).get("type") == "tempo" and not is_trace_metric(
            query.expr
        ):
            searches.append(query)
        else:
            queries.append({**query.target, **_size(query.window, panel)})
    size = _size(window, panel)
    queries += [
        {**target, "datasource": dict(_EXPRESSIONS), **size}
        for target in targets
        if is_expression_target(target)
    ]
    return PanelRequest(panel, queries, searches, errors)


def _sent(panel: Json) -> list[Json]:
    targets = mappings(panel.get("targets"))
    # A hidden query is run for expressions alone.
    if any(map(is_expression_target, targets)):
        return targets
    return [target for target in targets if target.get("hide") is not True]


def _referring(target: Json, panel: Json, sources: GrafanaDataSources, filling: Interpolation) -> Json:
    source = mapping(target.get("datasource")) or mapping(panel.get("datasource"))
    if is_expression_target(target) or shared_panel({"datasource": source, **target}) is not None:
        return target
    return {
        **target,
        "datasource": sources.reference(filling(text(source.get("uid"))), text(source.get("type"))),
    }


def _size(window: Window, panel: ViewedPanel) -> Json:
    points = whole(panel.panel.get("maxDataPoints")) or max(int(PAGE_WIDTH * panel.place[2] // COLUMNS), 1)
    return {"intervalMs": round(window.step * 1000), "maxDataPoints": points}


def _service_map(query: PanelQuery, sources: GrafanaDataSources, filling: Interpolation) -> Iterator[Json]:
    uid = sources.service_map_uid(text(mapping(query.target.get("datasource")).get("uid")))
    if not uid:
        return
    for kind in SERVICE_METRICS:
        yield {
            "refId": f"{query.ref_id}{_OF_MAP}{kind}",
            "datasource": {"type": "prometheus", "uid": uid},
            "expr": filling(service_map_query(kind)),
            "instant": True,
            "range": False,
            "format": "table",
        }


def request_data(
    request: PanelRequest, results: Mapping[str, Any], traces: Mapping[str, Sequence[Frame]]
) -> PanelData:
    """What a panel shows of the answer.

    Args:
        request: its request.
        results: the results by their refs; those of an earlier time have refs of their own.
        traces: the frames of its searches by their refs.
    """
    answers = [(query, mapping(results.get(text(query.get("refId"))))) for query in request.queries]
    refs = [text(query.get("refId")) for query in request.queries]
    listed = {ref: grafana_frames(result, ref) for ref, (_, result) in zip(refs, answers, strict=True)}
    errors = [
        *request.errors,
        *(
            result_error(result, query)
            for query, result in answers
            if text(result.get("error")) and not _is_hidden(query)
        ),
    ]
    notices = [
        text(note.get("text"))
        for own in listed.values()
        for one in own
        for note in mappings(one.meta.get("notices"))
    ]
    frames = {ref: list(own) for ref, own in traces.items()}
    frames |= _query_frames(request, listed, results) | _map_frames(listed)
    return _bounded_data(request, frames, (errors, notices))


def _is_hidden(query: Json) -> bool:
    return query.get("hide") is True


def _bounded_data(
    request: PanelRequest, frames: Mapping[str, list[Frame]], messages: tuple[Sequence[str], Sequence[str]]
) -> PanelData:
    """The data in the order of the queries, as much as is drawn; an error where nothing is left."""
    errors, notices = messages
    drawn = dict.fromkeys(
        text(target.get("refId")) for target in mappings(request.viewed.panel.get("targets"))
    )
    shown = [frame for ref in drawn for frame in frames.get(ref, [])]
    exemplars = [frame for frame in shown if _is_exemplar(frame)]
    points = max(whole(request.viewed.panel.get("maxDataPoints")), PAGE_WIDTH)
    bounded, note = bounded_frames([frame for frame in shown if not _is_exemplar(frame)], points)
    if errors and not any(frame.length for frame in bounded):
        return PanelData(error=errors[0])
    parts = [*errors, *notices, note]
    return PanelData(bounded, exemplars, notices=[*dict.fromkeys(part for part in parts if part)])


def _query_frames(
    request: PanelRequest, listed: Mapping[str, list[Frame]], results: Mapping[str, Any]
) -> dict[str, list[Frame]]:
    """The frames of the queries that are shown, each with those of the earlier time after them."""
    shown = [query for query in request.queries if not _is_hidden(query)]
    # Hidden tables are no tables beside which others number their values.
    tables = sum(query.get("format") == "table" for query in shown)
    shift_ms = round(comparison_shift(request.viewed) * 1000)
    drawn = [query for query in shown if _OF_MAP not in text(query.get("refId"))]
    frames = {
        ref: _shown_frames(query, listed[ref], tables)
        for query in drawn
        for ref in [text(query.get("refId"))]
    }
    name_series([one for own in frames.values() for one in own], drawn)
    for query in drawn:
        ref = text(query.get("refId"))
        earlier = grafana_frames(mapping(results.get(f"{ref}{COMPARISON}")), ref)
        if earlier:
            frames[ref] += compared_frames(_shown_frames(query, earlier, tables), shift_ms)
    return frames


def _map_frames(listed: Mapping[str, list[Frame]]) -> dict[str, list[Frame]]:
    """The nodes and edges of service maps, whose numbers come from several queries each."""
    maps: dict[str, dict[str, list[LabelledNumber]]] = {}
    for ref, own in listed.items():
        if _OF_MAP in ref:
            panel_ref, kind = ref.split(_OF_MAP)
            maps.setdefault(panel_ref, {})[kind] = list(_numbers(own))
    return {ref: service_map_frames(numbers, ref) for ref, numbers in maps.items()}


def result_error(result: Json, query: Json) -> str:
    """Why one query of several has no result, as a sentence."""
    source = text(mapping(query.get("datasource")).get("uid"))
    status = whole(result.get("status"))
    hint = f"query `{text(query.get('refId'))}` of data source `{source}`" + (
        f", status {status}" if status else ""
    )
    return sentence(text(result.get("error")), hint)


def _is_exemplar(frame: Frame) -> bool:
    return mapping(frame.meta.get("custom")).get("resultType") == "exemplar"


def _shown_frames(query: Json, frames: Sequence[Frame], tables: int) -> list[Frame]:
    """The frames as the data source's script in the browser leaves them."""
    filled = [frame for frame in frames if frame.fields]
    is_prometheus = mapping(query.get("datasource")).get("type") == "prometheus"
    if not is_prometheus or query.get("format") not in _TABLES:
        return filled
    exemplars = [frame for frame in filled if _is_exemplar(frame)]
    series = [frame for frame in filled if not _is_exemplar(frame)]
    answer = {"resultType": "matrix", "result": [_as_series(frame) for frame in series if frame.length]}
    target = {**query, "refId": text(query.get("refId"))}
    return [
        *prometheus_frames(answer, target, step_ms=_interval(series), table_targets=max(tables, 1)),
        *exemplars,
    ]


def _interval(frames: Sequence[Frame]) -> int:
    fields = (frame.first("time") for frame in frames)
    return next((whole(one.config.get("interval")) for one in fields if one is not None), 0)


def _as_series(frame: Frame) -> Json:
    time, value = frame.first("time"), frame.first("number")
    if time is None or value is None:
        return {}
    pairs = zip(time.values, value.values, strict=True)
    points = [
        [at / 1000, str(number)] for at, number in pairs if isinstance(at, int | float) and number is not None
    ]
    return {"metric": dict(value.labels or {}), "values": points}


def _numbers(frames: Iterable[Frame]) -> Iterator[LabelledNumber]:
    for frame in frames:
        value = frame.first("number")
        last: Cell = value.values[-1] if value is not None and value.values else None
        number = number_or_none(last)
        if value is not None and number is not None:
            yield value.labels or {}, number
