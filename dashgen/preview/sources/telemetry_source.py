"""Data of a running Prometheus, Loki and Tempo."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from msgspec.structs import replace

from dashgen.core.json_values import Json, mapping, mappings, text
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
from dashgen.doctor.live.run_queries import Servers
from dashgen.doctor.live.variable_options import VariableOption
from dashgen.drawing.answers.exemplar_frames import exemplar_frames
from dashgen.drawing.fields.frames import Frame
from dashgen.drawing.panel_data import AnnotationMark, DashboardEntry, PanelData
from dashgen.formats.panel_tree import every_variable
from dashgen.preview.sample.typed_targets import source_types, typed_panel
from dashgen.preview.sources.alert_entries import EvaluatedRule, prometheus_rules
from dashgen.preview.sources.annotation_marks import (
    annotation_marks,
    annotation_panel_query,
    queried_annotations,
)
from dashgen.preview.sources.answer_memory import AnswerMemory
from dashgen.preview.sources.finished_data import SourceFacts, finished_data
from dashgen.preview.sources.panel_plan import PanelPlan, panel_plan, planned_data
from dashgen.preview.sources.panel_source import PanelSource
from dashgen.preview.sources.source_messages import sentence
from dashgen.preview.sources.value_lists import ValueLists
from dashgen.preview.views.view import VariableOptions, View
from dashgen.preview.views.view_time import moment_of, panel_window, view_time
from dashgen.preview.views.view_variables import view_values
from dashgen.preview.views.viewed_dashboard import ViewedDashboard, ViewedSection
from dashgen.servers.http import ServiceError
from dashgen.servers.http.parallel import in_order

_NEVER: Final = 0


class TelemetrySource:
    """Queries servers of telemetry as Grafana's data sources do.

    Args:
        servers: the servers that are named.
        now_ms: the present.
        scrapes: how often each data source gets new values, in seconds, by its uid.
        dashboards: what lists of dashboards show.
        others: shows the panels whose data sources have no server here, such as a Grafana.
    """

    is_sample = False

    def __init__(
        self,
        servers: Servers,
        now_ms: int,
        scrapes: Mapping[str, float] | None = None,
        dashboards: Sequence[DashboardEntry] = (),
        others: PanelSource | None = None,
    ) -> None:
        self.now_ms = now_ms
        self._servers = servers
        self._scrapes = scrapes or {}
        self._dashboards = dashboards
        self._others = others
        self._memory = AnswerMemory(replace(servers, grafana=None))
        self._lists = ValueLists()
        self._exemplars: dict[tuple[str, float, float], list[Json]] = {}

    @property
    def name(self) -> str:
        """The addresses of the servers."""
        own = list(dict.fromkeys(server.endpoint.url for server in self._servers.named()))
        return ", ".join([*own, self._others.name] if self._others else own)

    def variable_options(self, dashboard: Json, view: View) -> VariableOptions:
        """The options of the variables whose queries these servers answer."""
        options: dict[str, Sequence[VariableOption]] = {}
        if self._others is not None:
            options.update(self._others.variable_options(dashboard, view))
        for variable in every_variable(dashboard):
            if variable.get("type") == "query" and variable.get("refresh") != _NEVER:
                queried = self._queried(variable, dashboard, view, options)
                if queried is not None:
                    options[text(variable.get("name"))] = queried
        return options

    def _queried(
        self, variable: Json, dashboard: Json, view: View, options: VariableOptions
    ) -> list[VariableOption] | None:
        # A query may name variables before it, so each is filled with the options up to it.
        values = view_values(dashboard, options, view)
        timed = {**dashboard, "time": view_time(dashboard, view)}
        window = panel_window(timed, {}, self.now_ms)
        kind = text(mapping(variable.get("datasource")).get("type")) or "prometheus"
        filling = Interpolation(values, window, timed, kind)
        query = (
            filling(written_query(variable)) if kind == "prometheus" else filling.tree(variable.get("query"))
        )
        listed = self._values(kind, query, QuerySpan(window.start, window.end))
        return None if listed is None else chosen_options(variable, listed)

    def _values(self, kind: str, query: Any, span: QuerySpan) -> list[str] | None:
        """What a query for values yields; None without a server or an answer."""
        is_down = kind in {name.lower() for name in self._memory.is_down}
        return self._lists.values(
            kind, query, span, lambda: None if is_down else self._values_of(kind, query, span)
        )

    def _values_of(self, kind: str, query: Any, span: QuerySpan) -> list[str] | None:
        servers = self._servers
        match kind:
            case "prometheus" if servers.prometheus is not None:
                return prometheus_values(servers.prometheus, query, span)
            case "loki" if servers.loki is not None:
                return loki_values(servers.loki, query, span)
            case "tempo" if servers.tempo is not None:
                return tempo_values(servers.tempo, query, span)
        return None

    def panel_data(self, viewed: ViewedDashboard) -> Mapping[str, PanelData]:
        """What each panel shows, by its key."""
        dashboard = viewed.dashboard
        reader = DashboardQueries(DashboardView(dashboard), moment_of(self.now_ms), self._scrapes)
        # Targets may leave the type of their data source open, as that of Grafana's default one.
        types = source_types(dashboard)
        panels = [replace(one, panel=_routed(typed_panel(one.panel, types))) for one in viewed.panels]
        plans = [panel_plan(panel, reader, dashboard) for panel in panels]
        elsewhere = self._from_others(plans, viewed)
        own = [plan for plan in plans if plan.viewed.key not in elsewhere]
        # All at once, so that as many run beside each other as the servers may get.
        answers = iter(self._memory.answers([query for plan in own for query in plan.queries]))
        planned = {plan.viewed.key: planned_data(plan, [next(answers) for _ in plan.queries]) for plan in own}
        for key, frames in self._exemplar_frames(own).items():
            planned[key] = replace(planned[key], exemplars=frames)
        rules, rules_error = self._rules_answer
        facts = SourceFacts(self._marks(viewed), rules, rules_error, self._dashboards)
        return {**finished_data(viewed, {**planned, **elsewhere}, facts), **elsewhere}

    def _from_others(self, plans: Sequence[PanelPlan], viewed: ViewedDashboard) -> Mapping[str, PanelData]:
        if self._others is None:
            return {}
        direct = {server.name.lower() for server in self._servers.named()}
        keys = {
            plan.viewed.key
            for plan in plans
            if any(query.source_type not in direct for query in plan.queries)
        }
        panels = tuple(panel for panel in viewed.panels if panel.key in keys)
        if not panels:
            return {}
        rest = ViewedSection("others", "grid", panels=panels)
        return self._others.panel_data(replace(viewed, sections=(rest,)))

    @cached_property
    def _rules_answer(self) -> tuple[Sequence[EvaluatedRule], str]:
        server = self._servers.prometheus
        if server is None:
            return (), sentence(
                "no Prometheus is named for alerts", "give its address with `--prometheus URL`"
            )
        if server.name in self._memory.is_down:
            return (), sentence(f"{server.name} does not answer", "start it, or correct its address")
        try:
            return prometheus_rules(server.rules()), ""
        except ServiceError as error:
            return (), sentence(error.message, error.hint)

    def _exemplar_frames(self, plans: Sequence[PanelPlan]) -> dict[str, list[Frame]]:
        server = self._servers.prometheus
        if server is None or server.name in self._memory.is_down:
            return {}
        targets = [
            (plan.viewed.key, query) for plan in plans for query in plan.queries if _has_exemplars(query)
        ]
        queries = {_exemplar_key(query): query for _, query in targets}
        new = [key for key in queries if key not in self._exemplars]
        listed = in_order(self._exemplar_answer, [queries[key] for key in new], self._servers.concurrency)
        self._exemplars.update(zip(new, listed, strict=True))
        frames: dict[str, list[Frame]] = {}
        for key, query in targets:
            answer = self._exemplars[_exemplar_key(query)]
            step = round(query.window.step * 1000)
            frames.setdefault(key, []).extend(exemplar_frames(answer, dict(query.target), step_ms=step))
        return frames

    def _exemplar_answer(self, query: PanelQuery) -> list[Json]:
        server = self._servers.prometheus
        start, end = query.window.aligned
        try:
            return list(server.exemplars(query.expr, start=start, end=end)) if server else []
        except ServiceError:
            # The panel has its series all the same; many servers keep no exemplars.
            return []

    def _marks(self, viewed: ViewedDashboard) -> list[tuple[Json, list[AnnotationMark]]]:
        listed = queried_annotations(viewed.dashboard)
        queries = [annotation_panel_query(one, viewed, self.now_ms) for one in listed]
        answers = self._memory.answers(queries)
        pairs = zip(listed, answers, strict=True)
        return [(one, annotation_marks(one, answer)) for one, answer in pairs if not answer.error]


def _routed(panel: Json) -> Json:
    """A panel whose data sources need no values of variables: the type alone tells the server."""
    targets = []
    for target in mappings(panel.get("targets")):
        source = mapping(target.get("datasource"))
        is_open = "$" in text(source.get("uid"))
        targets.append({**target, "datasource": {**source, "uid": ""}} if is_open else target)
    return {**panel, "targets": targets} if targets else panel


def _has_exemplars(query: PanelQuery) -> bool:
    return query.source_type == "prometheus" and query.target.get("exemplar") is True and not query.instant


def _exemplar_key(query: PanelQuery) -> tuple[str, float, float]:
    return query.expr, *query.window.aligned
