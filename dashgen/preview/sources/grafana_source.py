"""Data through a running Grafana, as its own pages get it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from dashgen.core.json_values import Json, items, mapping, mappings, text, whole
from dashgen.doctor.live.grafana_proxy import Telemetry, behind_grafana
from dashgen.doctor.live.live_queries import DashboardQueries, DashboardView, PanelQuery
from dashgen.doctor.live.live_variables import Interpolation
from dashgen.doctor.live.queried_values import (
    QuerySpan,
    chosen_options,
    loki_values,
    prometheus_values,
    tempo_values,
    written_query,
)
from dashgen.doctor.live.run_queries import run_trace_query
from dashgen.doctor.live.time_window import Window
from dashgen.doctor.live.variable_options import VariableOption
from dashgen.drawing.answers.compared_frames import COMPARISON
from dashgen.drawing.answers.grafana_frames import grafana_frames
from dashgen.drawing.answers.tempo_frames import tempo_frames
from dashgen.drawing.fields.frames import Frame
from dashgen.drawing.panel_data import AnnotationMark, DashboardEntry, PanelData
from dashgen.formats.panel_tree import every_variable
from dashgen.preview.sources.alert_entries import EvaluatedRule, grafana_rules
from dashgen.preview.sources.annotation_marks import (
    annotation_query,
    annotation_step,
    frame_marks,
    queried_annotations,
)
from dashgen.preview.sources.expression_frames import is_expression_target
from dashgen.preview.sources.finished_data import SourceFacts, finished_data
from dashgen.preview.sources.grafana_data_sources import GrafanaDataSources
from dashgen.preview.sources.grafana_panel import PanelRequest, panel_request, request_data
from dashgen.preview.sources.panel_plan import comparison_shift
from dashgen.preview.sources.source_messages import sentence
from dashgen.preview.sources.value_lists import ValueLists
from dashgen.preview.views.view import VariableOptions, View
from dashgen.preview.views.view_time import moment_of, panel_window, view_time
from dashgen.preview.views.view_variables import view_values
from dashgen.preview.views.viewed_dashboard import ViewedDashboard
from dashgen.servers.grafana import Grafana, GrafanaError
from dashgen.servers.http import ServiceError
from dashgen.servers.http.parallel import in_order
from dashgen.servers.telemetry import Loki, Prometheus, Tempo

_NEVER: Final = 0
_MOST_EVENTS: Final = 500
_UNREACHABLE: Final = 3


class GrafanaSource:
    """Queries the data sources of a Grafana.

    Args:
        grafana: the Grafana.
        now_ms: the present.
        dashboards: what lists of dashboards show.
        concurrency: how many requests run at once.
    """

    is_sample = False

    def __init__(
        self, grafana: Grafana, now_ms: int, dashboards: Sequence[DashboardEntry] = (), concurrency: int = 4
    ) -> None:
        self.now_ms = now_ms
        self._grafana = grafana
        self._dashboards = dashboards
        self._concurrency = concurrency
        self._sources = GrafanaDataSources(grafana)
        self._results: dict[str, dict[str, Any] | str] = {}
        self._down = ""
        self._lists = ValueLists()

    @property
    def name(self) -> str:
        """The address of the Grafana."""
        return self._grafana.session.settings.url

    def variable_options(self, dashboard: Json, view: View) -> VariableOptions:
        """The options of variables of queries and of data sources."""
        options: dict[str, Sequence[VariableOption]] = {}
        for variable in every_variable(dashboard):
            name = text(variable.get("name"))
            if variable.get("type") == "datasource":
                options[name] = self._sources.options(variable)
            elif variable.get("type") == "query" and variable.get("refresh") != _NEVER and not self._down:
                options[name] = self._queried(variable, dashboard, view, options)
        return {name: listed for name, listed in options.items() if listed}

    def _queried(
        self, variable: Json, dashboard: Json, view: View, options: VariableOptions
    ) -> list[VariableOption]:
        timed = {**dashboard, "time": view_time(dashboard, view)}
        window = panel_window(timed, {}, self.now_ms)
        filling = Interpolation(view_values(dashboard, options, view), window, timed)
        source = mapping(variable.get("datasource"))
        reference = self._sources.reference(filling(text(source.get("uid"))), text(source.get("type")))
        is_text = reference.get("type") == "prometheus"
        query = filling(written_query(variable)) if is_text else filling.tree(variable.get("query"))
        return chosen_options(variable, self._values(reference, query, QuerySpan(window.start, window.end)))

    def _values(self, reference: Json, query: Any, span: QuerySpan) -> list[str]:
        uid = text(reference.get("uid"))
        listed = self._lists.values(uid, query, span, lambda: self._values_of(reference, query, span))
        return listed or []

    def _values_of(self, reference: Json, query: Any, span: QuerySpan) -> list[str]:
        uid = text(reference.get("uid"))
        match reference.get("type"):
            case "prometheus":
                return self._behind(uid, Prometheus, lambda one: prometheus_values(one, query, span))
            case "loki":
                return self._behind(uid, Loki, lambda one: loki_values(one, query, span))
            case "tempo":
                return self._behind(uid, Tempo, lambda one: tempo_values(one, query, span))
        return []

    def _behind(
        self, uid: str, kind: type[Telemetry], read: Callable[[Telemetry], list[str]]
    ) -> list[str]:  # fmt: skip
        with behind_grafana(self._grafana, uid, kind) as client:
            return read(client)

    def panel_data(self, viewed: ViewedDashboard) -> Mapping[str, PanelData]:
        """What each panel shows, by its key."""
        reader = DashboardQueries(DashboardView(viewed.dashboard), moment_of(self.now_ms), {})
        requests = [panel_request(panel, viewed, reader, self._sources) for panel in viewed.panels]
        answers = in_order(self._answer, requests, self._concurrency)
        data = {request.viewed.key: answer for request, answer in zip(requests, answers, strict=True)}
        facts = SourceFacts(list(self._marks(viewed)), *self._rules, self._dashboards)
        return finished_data(viewed, data, facts)

    def _answer(self, request: PanelRequest) -> PanelData:
        results: dict[str, Any] = {}
        if request.queries:
            answer = self._run(request.queries, request.viewed.time_range)
            if isinstance(answer, str):
                return PanelData(error=answer)
            results = {**answer, **self._earlier(request)}
        traces: dict[str, list[Frame]] = {}
        errors = list(request.errors)
        for query in request.searches:
            try:
                traces[query.ref_id] = self._traces(query)
            except ServiceError as error:
                errors.append(sentence(error.message, error.hint))
        return request_data(
            PanelRequest(request.viewed, request.queries, request.searches, errors), results, traces
        )

    def _earlier(self, request: PanelRequest) -> dict[str, Any]:
        """The results for the earlier time that a panel compares with."""
        shift = round(comparison_shift(request.viewed) * 1000)
        start, end = request.viewed.time_range
        queries = [
            {**query, "refId": f"{text(query.get('refId'))}{COMPARISON}"}
            for query in request.queries
            if query.get("timeRangeCompare") is not False and not is_expression_target(query)
        ]
        answer = self._run(queries, (start - shift, end - shift)) if shift and queries else {}
        return {} if isinstance(answer, str) else answer

    def _traces(self, query: PanelQuery) -> list[Frame]:
        uid = text(mapping(query.target.get("datasource")).get("uid"))
        with behind_grafana(self._grafana, uid, Tempo) as tempo:
            result = run_trace_query(tempo, query)
        return tempo_frames(dict(result.data), dict(query.target), step_ms=round(query.window.step * 1000))

    def _run(self, queries: Sequence[Json], span: tuple[int, int]) -> dict[str, Any] | str:
        """The results by their refs, or a sentence that tells why there are none."""
        if self._down:
            return self._down
        key = json.dumps([list(queries), span], sort_keys=True)
        if key not in self._results:
            try:
                self._results[key] = self._grafana.queries.results(queries, *span)
            except GrafanaError as error:
                message = sentence(error.message, error.hint)
                self._results[key] = message
                if error.exit_code == _UNREACHABLE:
                    self._down = message
        return self._results[key]

    @cached_property
    def _rules(self) -> tuple[Sequence[EvaluatedRule], str]:
        if self._down:
            return (), self._down
        try:
            return grafana_rules(self._grafana.evaluation.rules()), ""
        except GrafanaError as error:
            return (), sentence(error.message, error.hint)

    def _marks(self, viewed: ViewedDashboard) -> Iterator[tuple[Json, list[AnnotationMark]]]:
        listed = mappings(mapping(viewed.dashboard.get("annotations")).get("list"))
        queried = queried_annotations(viewed.dashboard)
        for annotation in listed:
            if annotation.get("enable") is not True or self._down:
                continue
            try:
                if annotation in queried:
                    yield annotation, self._queried_marks(annotation, viewed)
                else:
                    yield annotation, self._stored_marks(annotation, viewed)
            except GrafanaError:
                # The panels have their data all the same.
                continue

    def _stored_marks(self, annotation: Json, viewed: ViewedDashboard) -> list[AnnotationMark]:
        target = mapping(annotation.get("target"))
        start, end = viewed.context.time_range
        if target.get("type") == "tags":
            tags = [tag for tag in items(target.get("tags")) if isinstance(tag, str)]
            events = self._grafana.annotations.find(
                tags=tags, any_tag=target.get("matchAny") is True, start=start, end=end
            )
        else:
            uid = text(viewed.dashboard.get("uid"))
            events = self._grafana.annotations.find(start=start, end=end, dashboard_uid=uid) if uid else []
        most = whole(target.get("limit")) or _MOST_EVENTS
        color = text(annotation.get("iconColor"))
        return [
            AnnotationMark(
                one.time, one.text, one.time_end if one.time_end > one.time else None, one.tags, color
            )
            for one in events[:most]
        ]

    def _queried_marks(self, annotation: Json, viewed: ViewedDashboard) -> list[AnnotationMark]:
        window = panel_window(viewed.dashboard, {}, self.now_ms)
        filling = Interpolation(view_values(viewed.dashboard, {}, viewed.view), window, viewed.dashboard)
        source = mapping(annotation.get("datasource"))
        reference = self._sources.reference(filling(text(source.get("uid"))), text(source.get("type")))
        query = {
            **mapping(annotation.get("target")),
            "refId": "Anno",
            "datasource": reference,
            "expr": filling(annotation_query(annotation)),
            "range": True,
            "instant": False,
            **_annotation_size(annotation, window),
        }
        results = self._run([query], viewed.context.time_range)
        if isinstance(results, str):
            return []
        return frame_marks(annotation, grafana_frames(mapping(results.get("Anno"))))


def _annotation_size(annotation: Json, window: Window) -> Json:
    step = annotation_step(annotation)
    return {"intervalMs": round(step * 1000), "maxDataPoints": max(int(window.length / step), 1)}
