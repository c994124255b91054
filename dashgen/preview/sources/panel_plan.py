"""What has to be queried for a panel, and the frames that are made of the answers."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.json_values import Json, mapping, mappings, text, whole
from dashgen.doctor.live.live_queries import DashboardQueries, PanelQuery
from dashgen.doctor.live.live_variables import Interpolation
from dashgen.doctor.live.query_answer import Answer
from dashgen.doctor.live.query_moments import seconds
from dashgen.doctor.live.time_window import PAGE_WIDTH
from dashgen.drawing.answers.compared_frames import COMPARISON, compared_frames
from dashgen.drawing.answers.frame_bounds import bounded_frames
from dashgen.drawing.answers.loki_frames import loki_frames
from dashgen.drawing.answers.prometheus_frames import name_series, prometheus_frames
from dashgen.drawing.answers.service_map_frames import (
    SERVICE_METRICS,
    LabelledNumber,
    service_map_frames,
    service_map_query,
)
from dashgen.drawing.answers.tempo_frames import tempo_frames
from dashgen.drawing.fields.frames import Frame
from dashgen.drawing.panel_data import PanelData
from dashgen.preview.sources.expression_frames import expression_frames, is_expression_target
from dashgen.preview.sources.source_messages import answer_error
from dashgen.preview.views.viewed_dashboard import ViewedPanel

_SHARED = "-- Dashboard --"
_PREVIOUS = "__previousPeriod"


class PanelPlan(Struct, frozen=True):
    """A panel with its queries.

    Attributes:
        viewed: the panel.
        queries: those that go to servers; a service map of Tempo is three queries of a Prometheus.
    """

    viewed: ViewedPanel
    queries: Sequence[PanelQuery]

    @property
    def targets(self) -> list[Json]:
        """All targets of the panel."""
        return mappings(self.viewed.panel.get("targets"))


def panel_plan(viewed: ViewedPanel, reader: DashboardQueries, dashboard: Json) -> PanelPlan:
    """The queries of a panel with the values of variables that it is viewed with.

    Args:
        viewed: the panel.
        reader: what fills the queries of its dashboard.
        dashboard: its dashboard.
    """
    queries: list[PanelQuery] = []
    for query in reader.of_panel(viewed.panel, viewed.values):
        filling = Interpolation(viewed.values, query.window, dashboard)
        queries += _service_map(query, filling) if is_service_map(query) else [query]
    shift = comparison_shift(viewed)
    if shift:
        queries += [_earlier(query, shift) for query in queries if _is_compared(query)]
    return PanelPlan(viewed, queries)


def comparison_shift(viewed: ViewedPanel) -> float:
    """How many seconds earlier the series are that a panel compares with; 0 without a comparison.

    Source: `getCompareTimeRange` in public/app/features/dashboard-scene of grafana/grafana.
    """
    written = text(viewed.panel.get("timeCompare"))
    start, end = viewed.time_range
    return (end - start) / 1000 if written == _PREVIOUS else (seconds(written) or 0.0)


def _is_compared(query: PanelQuery) -> bool:
    return query.target.get("timeRangeCompare") is not False and not is_service_map(query)


def _earlier(query: PanelQuery, shift: float) -> PanelQuery:
    window = replace(query.window, start=query.window.start - shift, end=query.window.end - shift)
    return replace(query, ref_id=f"{query.ref_id}{COMPARISON}", window=window)


def is_service_map(query: PanelQuery) -> bool:
    """Whether a query of Tempo is one for the map of services."""
    return query.target.get("queryType") == "serviceMap"


def _service_map(query: PanelQuery, filling: Interpolation) -> Iterator[PanelQuery]:
    for kind in SERVICE_METRICS:
        target = {**query.target, "queryType": "serviceMap", "serviceMapOf": kind}
        yield replace(query, expr=filling(service_map_query(kind)), source_type="prometheus", target=target)


def shared_panel(target: Json) -> int | None:
    """The number of the panel whose data a target shows; None for other targets."""
    return whole(target.get("panelId")) if mapping(target.get("datasource")).get("uid") == _SHARED else None


def planned_data(plan: PanelPlan, answers: Sequence[Answer]) -> PanelData:
    """What a panel shows of its own queries and expressions.

    Args:
        plan: the panel with its queries.
        answers: the answer to each of its queries, in their order.
    """
    hidden = {text(target.get("refId")) for target in plan.targets if target.get("hide") is True}
    expressions = [target for target in plan.targets if is_expression_target(target)]
    computed, notices = expression_frames(expressions, answers) if expressions else ({}, [])
    # Hidden tables are no tables beside which others number their values.
    shown = [one for one in answers if one.query.ref_id.removesuffix(COMPARISON) not in hidden]
    by_ref = {**_answer_frames(shown), **computed}
    refs = [text(target.get("refId")) for target in plan.targets]
    shift_ms = round(comparison_shift(plan.viewed) * 1000)
    for ref in refs:
        earlier = compared_frames(by_ref.get(f"{ref}{COMPARISON}", ()), shift_ms)
        by_ref[ref] = [*by_ref.get(ref, ()), *earlier]
    frames = [frame for ref in refs if ref not in hidden for frame in by_ref.get(ref, [])]
    errors = [error for answer in shown if (error := answer_error(answer))]
    bounded, note = bounded_frames(frames, _points(plan.viewed.panel))
    notices = [*dict.fromkeys([*errors, *notices, *([note] if note else [])])]
    return PanelData(bounded, notices=notices) if bounded or not errors else PanelData(error=errors[0])


def _answer_frames(answers: Sequence[Answer]) -> Mapping[str, list[Frame]]:
    tables = sum(answer.query.target.get("format") == "table" for answer in answers)
    by_ref: dict[str, list[Frame]] = {}
    maps: dict[str, dict[str, list[LabelledNumber]]] = {}
    for answer in answers:
        query = answer.query
        if answer.result is None:
            continue
        if is_service_map(query):
            numbers = [(one.labels, one.points[-1][1]) for one in answer.result.series]
            maps.setdefault(query.ref_id, {})[text(query.target.get("serviceMapOf"))] = numbers
        else:
            by_ref.setdefault(query.ref_id, []).extend(_frames(answer, tables))
    targets = [answer.query.target for answer in answers]
    name_series([one for listed in by_ref.values() for one in listed], targets)
    for ref, answers_of_map in maps.items():
        by_ref[ref] = service_map_frames(answers_of_map, ref)
    return by_ref


def _frames(answer: Answer, tables: int) -> list[Frame]:
    query, data = answer.query, dict(answer.result.data) if answer.result else {}
    # Values of an instant query have no distance from each other.
    step = 0 if query.instant else round(query.window.step * 1000)
    target = {**query.target, "expr": query.expr}
    match query.source_type:
        case "loki":
            return loki_frames(data, target, step_ms=step)
        case "tempo":
            return tempo_frames(data, target, step_ms=step)
    return prometheus_frames(data, target, step_ms=step, table_targets=max(tables, 1))


def _points(panel: Json) -> int:
    return max(whole(panel.get("maxDataPoints")), PAGE_WIDTH)
