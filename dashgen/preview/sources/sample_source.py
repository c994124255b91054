"""Data that is made up: in the shape of a project's metric contract, or as queries of foreign dashboards need it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.json_values import Json, mapping, text
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
from dashgen.doctor.live.variable_options import VariableOption
from dashgen.drawing.panel_data import DashboardEntry, PanelData
from dashgen.formats.panel_tree import every_variable
from dashgen.model.metrics_spec import Metrics, series_names
from dashgen.model.settled_alerts import SettledGroup, SettledRecord
from dashgen.preview.sample.contract_series import contract_series
from dashgen.preview.sample.dashboard_selections import DashboardReading, dashboards_reading
from dashgen.preview.sample.guessed_metrics import LabelPools, guessed_metrics
from dashgen.preview.sample.made_up_lines import made_up_lines
from dashgen.preview.sample.made_up_store import NOW, MadeUpStore
from dashgen.preview.sample.sample_answers import EVALUATED, SampleAnswers
from dashgen.preview.sample.sample_labels import SampleMetrics, SampleStreams
from dashgen.preview.sample.sample_traces import SampleTraces, service_names
from dashgen.preview.sample.typed_targets import source_types, typed_dashboard, typed_panel
from dashgen.preview.sources.panel_plan import PanelPlan, panel_plan, planned_data
from dashgen.preview.sources.shared_results import with_shared_results
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
        groups: the settled rule groups, whose recording rules are evaluated.
        folders: the title of the folder of each dashboard, by its uid.
    """

    contracts: Sequence[Metrics] = ()
    groups: Sequence[SettledGroup] = ()
    folders: Mapping[str, str] = {}


class SampleSource:
    """Makes data up.

    Args:
        dashboards: all dashboards that are shown, in the extended classic form; what they read beside the
            contract is guessed from their queries.
        shape: what is known of the project.
        now_ms: the present, which is fixed so that the same specs give the same data.
    """

    name = "sample data"
    is_sample = True

    def __init__(
        self, dashboards: Iterable[Json], shape: SampleShape | None = None, now_ms: int = NOW
    ) -> None:
        self.now_ms = now_ms
        self._dashboards = list(dashboards)
        self._shape = shape or SampleShape()

    @cached_property
    def _reading(self) -> DashboardReading:
        return dashboards_reading(self._dashboards, self.now_ms)

    @cached_property
    def answers(self) -> SampleAnswers:
        """What evaluates queries, on all data of the dashboards."""
        contracts, now = self._shape.contracts, self.now_ms
        metrics = {name: metric for contract in contracts for name, metric in contract.metrics.items()}
        rules = [
            rule for group in self._shape.groups for rule in group.rules if isinstance(rule, SettledRecord)
        ]
        known = {one for name, metric in metrics.items() for one in series_names(name, metric)}
        known |= {rule.rule.record for rule in rules}
        reading = self._reading
        pools = LabelPools(reading.selections, reading.chosen)
        guessed = guessed_metrics(reading.selections, known, pools)
        lines = made_up_lines(contracts, reading.log_queries, now, _LINES_SPAN)
        series = contract_series({**guessed.metrics, **metrics}, now, guessed.label_sets)
        store = MadeUpStore(series, rules, lines, now)
        apps = [value for contract in contracts for value in _listed(contract.log_labels.get("app"))]
        return SampleAnswers(store, lines, SampleTraces(service_names(apps, reading.trace_queries)))

    @cached_property
    def _metrics(self) -> SampleMetrics:
        return SampleMetrics(self.answers.series)

    def variable_options(self, dashboard: Json, view: View) -> VariableOptions:
        """The options of the variables that are queried, from the labels of the data."""
        options: dict[str, Sequence[VariableOption]] = {}
        types = source_types(dashboard)
        window = panel_window(dashboard, {}, self.now_ms)
        for variable in every_variable(dashboard):
            if variable.get("type") == "query":
                # A query may name variables before it, so each is filled with the options up to it.
                filling = Interpolation(view_values(dashboard, options, view), window, dashboard)
                if listed := self._queried(variable, filling, types):
                    options[text(variable.get("name"))] = listed
        return options

    def _queried(
        self, variable: Json, filling: Interpolation, types: Mapping[str, str]
    ) -> list[VariableOption]:
        return chosen_options(variable, self._listed_values(variable, filling, types))

    def _listed_values(
        self, variable: Json, filling: Interpolation, types: Mapping[str, str]
    ) -> Sequence[str]:  # fmt: skip
        source = mapping(variable.get("datasource"))
        kind = text(source.get("type")) or types.get(text(source.get("uid")).strip("${}"), "prometheus")
        span = QuerySpan(0, self.now_ms / 1000)
        match kind:
            case "prometheus":
                return prometheus_values(self._metrics, filling(written_query(variable)), span)
            case "loki":
                return loki_values(
                    SampleStreams(self.answers.lines), filling.tree(variable.get("query")), span
                )
            case "tempo":
                return tempo_values(self.answers.traces, filling.tree(variable.get("query")), span)
        name = text(variable.get("name"))
        return [f"{name}-{number}" for number in (1, 2, 3)]

    def panel_data(self, viewed: ViewedDashboard) -> Mapping[str, PanelData]:
        """What each panel shows, by its key."""
        dashboard = typed_dashboard(viewed.dashboard)
        reader = DashboardQueries(DashboardView(dashboard), moment_of(self.now_ms), {})
        types = source_types(dashboard)
        panels = [replace(one, panel=typed_panel(one.panel, types)) for one in viewed.panels]
        data = {panel.key: self._data(panel, reader, dashboard) for panel in panels}
        return with_shared_results(panels, data)

    def _data(self, viewed: ViewedPanel, reader: DashboardQueries, dashboard: Json) -> PanelData:
        if viewed.panel.get("type") == "dashlist":
            return PanelData(dashboards=self._entries)
        plan = panel_plan(replace(viewed, panel=_with_fewer_points(viewed.panel)), reader, dashboard)
        queries = [query for query in plan.queries if query.source_type in EVALUATED]
        return planned_data(PanelPlan(viewed, queries), [self.answers.answer(query) for query in queries])

    @cached_property
    def _entries(self) -> list[DashboardEntry]:
        return [
            DashboardEntry(
                text(one.get("title")),
                text(one.get("uid")),
                self._shape.folders.get(text(one.get("uid")), ""),
                [tag for tag in one.get("tags") or () if isinstance(tag, str)],
            )
            for one in self._dashboards
        ]


def _listed(values: object) -> list[str]:
    return [one for one in values if isinstance(one, str)] if isinstance(values, list) else []


def _with_fewer_points(panel: Json) -> Json:
    # The curves are smooth, and a page needs no more points than tell their shape.
    own = panel.get("maxDataPoints")
    return {**panel, "maxDataPoints": min(own if isinstance(own, int) and own > 0 else _POINTS, _POINTS)}


def sample_source(inspection: Inspection, now_ms: int = NOW) -> SampleSource:
    """Data in the shape of a project.

    Args:
        inspection: its settled specs.
        now_ms: the present.
    """
    dashboards = {
        one.settled.uid: (data, inspection.compiler.folder(one.settled) or "")
        for one in inspection.dashboards
        if (data := inspection.json_of(one)) is not None
    }
    shape = SampleShape(
        [document.model for document in inspection.documents.of("Metrics")],
        inspection.groups,
        {uid: folder for uid, (_, folder) in dashboards.items()},
    )
    return SampleSource([data for data, _ in dashboards.values()], shape, now_ms)
