"""Made-up data: in the shape of a project's metric contract, or of the queries of foreign dashboards."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.json_values import Json, mapping, mappings, text, whole
from dashgen.doctor.live.live_queries import DashboardQueries, DashboardView
from dashgen.doctor.live.live_variables import Interpolation
from dashgen.doctor.live.queried_values import (
    QuerySpan,
    chosen_options,
    loki_values,
    prometheus_values,
    tempo_values,
    written_query,
)
from dashgen.doctor.live.query_answer import Answer
from dashgen.doctor.live.variable_options import VariableOption
from dashgen.drawing.answers.exemplar_frames import exemplar_frames
from dashgen.drawing.fields.frames import Frame
from dashgen.drawing.panel_data import AnnotationMark, DashboardEntry, PanelData
from dashgen.evaluate.logql.log_lines import LogStore
from dashgen.formats.panel_tree import drawn_panels, every_variable
from dashgen.model.metrics_spec import Metric, Metrics, series_names
from dashgen.model.settled_alerts import SettledGroup, SettledRecord
from dashgen.preview.sample.alert_faults import SampleFault, alert_faults, quantile_limits
from dashgen.preview.sample.contract_series import contract_series
from dashgen.preview.sample.dashboard_selections import DashboardReading, dashboard_reading
from dashgen.preview.sample.guessed_lines import guessed_lines
from dashgen.preview.sample.guessed_metrics import LabelPools, guessed_metrics
from dashgen.preview.sample.made_up_lines import made_up_lines
from dashgen.preview.sample.made_up_store import NOW, ComputedSeries, MadeUpStore
from dashgen.preview.sample.sample_alerts import SampleAlerts
from dashgen.preview.sample.sample_answers import EVALUATED, SampleAnswers, times_of
from dashgen.preview.sample.sample_events import sample_exemplars, stored_events
from dashgen.preview.sample.sample_labels import SampleMetrics, SampleStreams
from dashgen.preview.sample.sample_tables import NOTICE, OtherQuery, other_frames
from dashgen.preview.sample.sample_traces import SampleTraces, service_names
from dashgen.preview.sample.selections import Selection, WrittenBounds, query_selections, written_bounds
from dashgen.preview.sample.typed_targets import source_types, typed_dashboard, typed_panel
from dashgen.preview.sources.alert_entries import EvaluatedRule
from dashgen.preview.sources.annotation_marks import (
    annotation_marks,
    annotation_panel_query,
    annotation_query,
)
from dashgen.preview.sources.finished_data import SourceFacts, finished_data
from dashgen.preview.sources.panel_plan import PanelPlan, panel_plan, planned_data
from dashgen.preview.views.view import VariableOptions, View
from dashgen.preview.views.view_time import moment_of, panel_window
from dashgen.preview.views.view_variables import view_values
from dashgen.preview.views.viewed_dashboard import ViewedDashboard, ViewedPanel
from dashgen.project.inspection import Inspection

_POINTS: Final = 120
_LINES_SPAN: Final = 2 * 86_400_000


class SampleShape(Struct, frozen=True):
    """What the data of a project is shaped by.

    Attributes:
        contracts: what the application exports.
        groups: the settled rule groups.
        incident_groups: those whose alerts the made-up incident makes fire; `groups` where there are none. Two
            versions of a project show one incident with those of one version.
    """

    contracts: Sequence[Metrics] = ()
    groups: Sequence[SettledGroup] = ()
    incident_groups: Sequence[SettledGroup] = ()

    @property
    def records(self) -> list[SettledRecord]:
        """The recording rules."""
        return [rule for group in self.groups for rule in group.rules if isinstance(rule, SettledRecord)]


class SampleSource:
    """Makes data up, of each dashboard by itself: which others are shown beside it changes nothing.

    Args:
        shape: what is known of the project; what a dashboard reads beside that is guessed from its queries.
        entries: what lists of dashboards show.
        now_ms: the present, which is fixed so that the same specs give the same data.
        answers: the data of all dashboards, where it is there already.
    """

    name = "sample data"
    is_sample = True

    def __init__(
        self,
        shape: SampleShape | None = None,
        entries: Sequence[DashboardEntry] = (),
        now_ms: int = NOW,
        answers: SampleAnswers | None = None,
    ) -> None:
        self.now_ms = now_ms
        self._shape = shape or SampleShape()
        self._entries = entries
        self._answers_of_all = answers
        self._answers: dict[str, tuple[set[bytes], SampleAnswers]] = {}

    @cached_property
    def _metrics(self) -> dict[str, Metric]:
        return {
            name: metric for contract in self._shape.contracts for name, metric in contract.metrics.items()
        }

    @cached_property
    def _rule_selections(self) -> list[Selection]:
        """What rules select, which tells bounds of buckets."""
        queries = [
            query
            for group in self._shape.groups
            for rule in group.rules
            for query in (
                [rule.rule.query]
                if isinstance(rule, SettledRecord)
                else [one.query.query for one in rule.queries]
            )
        ]
        return [one for query in queries for one in query_selections(query)]

    @cached_property
    def _series(self) -> list[ComputedSeries]:
        written = self._bounded(self._rule_selections)
        return list(contract_series(self._metrics, self.now_ms, written, faults=self._faults))

    def _bounded(self, selections: Sequence[Selection]) -> WrittenBounds:
        return replace(
            written_bounds(selections),
            limits=quantile_limits(self._shape.incident_groups or self._shape.groups),
        )

    @cached_property
    def _faults(self) -> list[SampleFault]:
        if not self._shape.groups:
            return []
        usual = contract_series(self._metrics, self.now_ms, self._bounded(self._rule_selections))
        store = MadeUpStore(usual, self._shape.records, LogStore(), self.now_ms)
        return alert_faults(self._shape.incident_groups or self._shape.groups, store, self.now_ms)

    @cached_property
    def _alerts(self) -> SampleAlerts:
        return SampleAlerts(self._shape.groups, self._store, self._store.lines, self.now_ms)

    @cached_property
    def _exported(self) -> set[str]:
        exported = {one for name, metric in self._metrics.items() for one in series_names(name, metric)}
        return exported | {rule.rule.record for rule in self._shape.records}

    @cached_property
    def _store(self) -> MadeUpStore:
        """What all dashboards share that read nothing else."""
        lines = made_up_lines(self._shape.contracts, (), self.now_ms, _LINES_SPAN)
        return MadeUpStore(self._series, self._shape.records, lines, self.now_ms)

    def forget(self, dashboard: Json) -> None:
        """Forget which data was made up for a dashboard, as it reads something else now."""
        self._answers.pop(_dashboard_key(dashboard), None)

    def answers_of(self, dashboard: Json) -> SampleAnswers:
        """What evaluates the queries of a dashboard."""
        if self._answers_of_all is not None:
            return self._answers_of_all
        key = _dashboard_key(dashboard)
        queries = {
            msgspec.json.encode([panel.get("targets"), panel.get("datasource")], enc_hook=str)
            for panel in drawn_panels(dashboard.get("panels"))
        }
        entry = self._answers.get(key)
        # A part of a dashboard has the data of the whole, and so has one whose panels only look different;
        # another dashboard of the same uid has its own.
        if entry is None or not queries <= entry[0]:
            entry = self._answers[key] = queries, self._made_up(dashboard)
        return entry[1]

    def _made_up(self, dashboard: Json) -> SampleAnswers:
        reading = dashboard_reading(dashboard, self.now_ms)
        answers, is_guessed = self._answers_to(reading)
        if not is_guessed or not _has_queried_variables(dashboard):
            return answers
        # With the values that variables really have, queries may select more.
        options = self._options(typed_dashboard(dashboard), View(), answers)
        more = dashboard_reading(dashboard, self.now_ms, options)
        if {*more.selections} <= {*reading.selections} and more.log_queries == reading.log_queries:
            return answers
        selections = [*reading.selections, *more.selections]
        log_queries = [*more.log_queries, *reading.log_queries]
        return self._answers_to(replace(more, selections=selections, log_queries=log_queries))[0]

    def _answers_to(self, reading: DashboardReading) -> tuple[SampleAnswers, bool]:
        """What evaluates the queries of a dashboard, and whether anything of it had to be guessed."""
        contracts = self._shape.contracts
        selections = [*dict.fromkeys(reading.selections)]
        guessed = guessed_metrics(selections, self._exported, LabelPools(selections, reading.chosen))
        store = self._store
        lines = store.lines
        if reading.log_queries:
            lines = made_up_lines(contracts, reading.log_queries, self.now_ms, _LINES_SPAN)
        more = guessed_lines(reading.log_queries, lines.entries, self.now_ms, _LINES_SPAN)
        if more:
            lines = LogStore([*lines.entries, *more])
        written = self._bounded([*self._rule_selections, *selections])
        of_rules = written_bounds(self._rule_selections).bounds
        if guessed.metrics or any(
            name in self._metrics and one != of_rules.get(name) for name, one in written.bounds.items()
        ):
            series = [
                *contract_series(self._metrics, self.now_ms, written, faults=self._faults),
                *contract_series(guessed.metrics, self.now_ms, written, guessed.label_sets),
            ]
            store = MadeUpStore(series, self._shape.records, lines, self.now_ms)
        apps = [value for contract in contracts for value in _listed(contract.log_labels.get("app"))]
        traces = SampleTraces(service_names(apps, reading.trace_queries))
        return SampleAnswers(store, lines, traces), bool(guessed.metrics or more)

    def variable_options(self, dashboard: Json, view: View) -> VariableOptions:
        """The options of the variables that are queried, from the labels of the data."""
        typed = typed_dashboard(dashboard)
        return self._options(typed, view, self.answers_of(typed))

    def _options(self, dashboard: Json, view: View, answers: SampleAnswers) -> VariableOptions:
        options: dict[str, Sequence[VariableOption]] = {}
        types = source_types(dashboard)
        window = panel_window(dashboard, {}, self.now_ms)
        for variable in every_variable(dashboard):
            if variable.get("type") == "query":
                # A query may name variables before it, so each is filled with the options up to it.
                filling = Interpolation(view_values(dashboard, options, view), window, dashboard)
                if listed := self._queried(variable, filling, (types, answers)):
                    options[text(variable.get("name"))] = listed
        return options

    def _queried(
        self, variable: Json, filling: Interpolation, answers: tuple[Mapping[str, str], SampleAnswers]
    ) -> list[VariableOption]:
        return chosen_options(variable, self._listed_values(variable, filling, *answers))

    def _listed_values(
        self, variable: Json, filling: Interpolation, types: Mapping[str, str], answers: SampleAnswers
    ) -> Sequence[str]:
        source = mapping(variable.get("datasource"))
        kind = text(source.get("type")) or types.get(text(source.get("uid")).strip("${}"), "prometheus")
        span = QuerySpan(0, self.now_ms / 1000)
        match kind:
            case "prometheus":
                metrics = SampleMetrics(answers.series, self.now_ms)
                return prometheus_values(metrics, filling(written_query(variable)), span)
            case "loki":
                return loki_values(SampleStreams(answers.lines), filling.tree(variable.get("query")), span)
            case "tempo":
                return tempo_values(answers.traces, filling.tree(variable.get("query")), span)
        name = text(variable.get("name"))
        return [f"{name}-{number}" for number in (1, 2, 3)]

    def panel_data(self, viewed: ViewedDashboard) -> Mapping[str, PanelData]:
        """What each panel shows, by its key."""
        dashboard = typed_dashboard(viewed.dashboard)
        reader = DashboardQueries(DashboardView(dashboard), moment_of(self.now_ms), {})
        types = source_types(dashboard)
        answers = self.answers_of(dashboard)
        panels = [replace(one, panel=typed_panel(one.panel, types)) for one in viewed.panels]
        data = {
            panel.key: self._data(panel, panel_plan(_with_fewer_points(panel), reader, dashboard), answers)
            for panel in panels
        }
        facts = SourceFacts(self._marks(viewed, answers), self._rules(viewed), dashboards=self._entries)
        return finished_data(viewed, data, facts)

    def _rules(self, viewed: ViewedDashboard) -> list[EvaluatedRule]:
        """The alerts that panels of a dashboard show; all of them where there is a list."""
        is_listed = any(panel.panel.get("type") == "alertlist" for panel in viewed.panels)
        uid = "" if is_listed else text(viewed.dashboard.get("uid"))
        return [EvaluatedRule(entry, panel) for entry, panel in self._alerts.of_dashboard(uid)]

    def _marks(
        self, viewed: ViewedDashboard, answers: SampleAnswers
    ) -> list[tuple[Json, list[AnnotationMark]]]:
        """The annotations of a dashboard with their events: queries are evaluated, others are made up."""
        marks = []
        for annotation in mappings(mapping(viewed.dashboard.get("annotations")).get("list")):
            if annotation.get("enable") is not True:
                continue
            if not annotation_query(annotation):
                marks.append((annotation, stored_events(annotation, viewed.context.time_range)))
                continue
            query = annotation_panel_query(annotation, viewed, self.now_ms, _POINTS)
            if query.source_type in EVALUATED:
                # Values that are one step apart are one event.
                coarse = {**annotation, "step": f"{query.window.step}s", "target": {}}
                marks.append((annotation, annotation_marks(coarse, answers.answer(query))))
        return marks

    def _data(self, viewed: ViewedPanel, plan: PanelPlan, answers: SampleAnswers) -> PanelData:
        queries = [query for query in plan.queries if query.source_type in EVALUATED]
        listed = [answers.answer(query) for query in queries]
        data = planned_data(PanelPlan(viewed, queries), listed)
        if exemplars := [frame for answer in listed for frame in _exemplars(answer)]:
            data = replace(data, exemplars=exemplars)
        hidden = {text(target.get("refId")) for target in plan.targets if target.get("hide") is True}
        others = [
            OtherQuery(query, viewed.panel, times_of(query))
            for query in plan.queries
            if query.source_type not in EVALUATED and query.ref_id not in hidden
        ]
        if not others:
            return data
        frames = [frame for other in others for frame in other_frames(other)]
        return replace(data, frames=[*data.frames, *frames], notices=[*data.notices, NOTICE])


def _dashboard_key(dashboard: Json) -> str:
    return text(dashboard.get("uid")) or text(dashboard.get("title"))


def _exemplars(answer: Answer) -> list[Frame]:
    query = answer.query
    if query.target.get("exemplar") is not True or query.instant:
        return []
    step = round(query.window.step * 1000)
    return exemplar_frames(sample_exemplars(answer), dict(query.target), step_ms=step)


def _has_queried_variables(dashboard: Json) -> bool:
    return any(variable.get("type") == "query" for variable in every_variable(dashboard))


def _listed(values: object) -> list[str]:
    return [one for one in values if isinstance(one, str)] if isinstance(values, list) else []


def _with_fewer_points(viewed: ViewedPanel) -> ViewedPanel:
    # The curves are smooth, and a page needs no more points than tell their shape.
    own = whole(viewed.panel.get("maxDataPoints"))
    return replace(viewed, panel={**viewed.panel, "maxDataPoints": min(own if own > 0 else _POINTS, _POINTS)})


def sample_source(
    inspection: Inspection, entries: Sequence[DashboardEntry] = (), now_ms: int = NOW
) -> SampleSource:
    """Data in the shape of a project.

    Args:
        inspection: its settled specs.
        entries: what lists of dashboards show.
        now_ms: the present.
    """
    contracts = [document.model for document in inspection.documents.of("Metrics")]
    return SampleSource(SampleShape(contracts, inspection.groups), entries, now_ms)
