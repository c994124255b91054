"""Settle a dashboard: derive everything that its spec leaves out."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from dashgen.compile.settle.alert_thresholds import AlertThreshold
from dashgen.compile.settle.check_dashboard import check_dashboard
from dashgen.compile.settle.check_panels import check_panel_values
from dashgen.compile.settle.check_sections import check_sections, section_title
from dashgen.compile.settle.check_titles import check_title
from dashgen.compile.settle.draw_scalers import draw_load, scaler_lines
from dashgen.compile.settle.panel_queries import Choices, choices_of, use_of
from dashgen.compile.settle.query_meaning import QueryUse
from dashgen.compile.settle.query_text import QueryContext, SoundQueries, query_faults, report_faults
from dashgen.compile.settle.settle_data_sources import GRAFANA, Sources
from dashgen.compile.settle.settle_drawing import drawing_of
from dashgen.compile.settle.settle_queries import SettledQueries, check_queries, settle_queries
from dashgen.compile.settle.settle_rows import PlacedPanel, PlacedRow, as_repeat, place_rows
from dashgen.compile.settle.settle_thresholds import settle_thresholds, thresholds_of_alerts, with_alerts
from dashgen.compile.settle.settle_variables import check_variables
from dashgen.compile.settle.settle_visibility import Known, settle_visibility
from dashgen.compile.settle.settle_warnings import settle_warnings, show_warnings
from dashgen.core.diagnostics import Diagnostic, Severity, nearest
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.derived_units import derive_unit
from dashgen.model.metric_units import MetricFacts, family
from dashgen.model.panel_identity import slug
from dashgen.model.panel_spec import Drawing, Link, Panel, Repeat
from dashgen.model.parse import ParsedDashboard
from dashgen.model.scaler_spec import ScalerTrigger
from dashgen.model.section_spec import Row
from dashgen.model.series_contract import SeriesContract
from dashgen.model.settled_dashboard import (
    SettledAnnotation,
    SettledDashboard,
    SettledLink,
    SettledPanel,
    SettledRow,
    SettledVariable,
    Thresholds,
)
from dashgen.model.spec_sections import section_path
from dashgen.model.variable_spec import AdhocVariable, QueryVariable, Variable
from dashgen.query import describe
from dashgen.query.required_versions import DEFAULT_TARGETS, TargetServers
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

TAG = "dashgen"


class Context(Struct, frozen=True):
    """What a dashboard needs to know of the other specs.

    Attributes:
        sources: the data sources.
        contract: what is known of each metric.
        described: what the contract says of series, labels and log streams; None without one.
        alerts: by dashboard uid and panel key, the alerts whose thresholds are drawn.
        sound: the queries that are known to be right by ``described``.
        targets: the servers that queries are written for.
        scalers: by dashboard uid and panel key, the scalers whose load and lines are drawn.
    """

    sources: Sources = field(default_factory=Sources)
    contract: Mapping[str, MetricFacts] = {}
    described: SeriesContract | None = None
    alerts: Mapping[str, Mapping[str, Sequence[AlertThreshold]]] = {}
    sound: SoundQueries | None = None
    targets: TargetServers = DEFAULT_TARGETS
    scalers: Mapping[str, Mapping[str, Sequence[ScalerTrigger]]] = {}


def dashboard_uid(parsed: ParsedDashboard) -> str:
    """The uid of a dashboard: its own, or a slug of its title."""
    return parsed.dashboard.uid or slug(parsed.dashboard.title)[:40].strip("-")


def settle(parsed: ParsedDashboard, context: Context) -> tuple[SettledDashboard, list[Diagnostic]]:
    """Everything of a dashboard settled, and what is wrong with it."""
    report = Reporter(parsed.resolved)
    settler = _Settler(parsed, context, report)
    dashboard = settler.dashboard()
    check_dashboard(parsed.dashboard, report)
    check_panel_values(parsed, report)
    if parsed.has_unread_names:
        # A variable whose name could not be read may be the one that a query or a link uses, unless it is
        # Grafana's.
        return dashboard, [
            one for one in report.diagnostics if one.rule not in _NAME_VARIABLES or "`$__" in one.message
        ]
    return dashboard, report.diagnostics


_NAME_VARIABLES = frozenset(("query/variable", "variable/unknown", "link/variable"))


class _Scope(Struct, frozen=True):
    """What queries at one place of a dashboard can use.

    Attributes:
        path: the section that they are in; empty for the dashboard itself.
        variables: the variables, by name; those that could not be read have no value.
        sources: the data sources, with those that variables stand for.
        queries: what query texts can read and name.
        choices: the variables from which people choose.
        uses: what queries are for; panels of one type mostly have one use.
    """

    path: Path
    variables: Mapping[str, Variable | None]
    sources: Sources
    queries: QueryContext
    choices: Choices
    uses: dict[Hashable, QueryUse]

    @property
    def names(self) -> frozenset[str]:
        """The names of the variables."""
        return self.queries.variables or frozenset()


class _Settler:
    def __init__(self, parsed: ParsedDashboard, context: Context, report: Reporter) -> None:
        self.parsed = parsed
        self.spec = parsed.dashboard
        self.context = context
        self.report = report
        self.uid = dashboard_uid(parsed)
        self.scopes: dict[Path, _Scope] = {}
        self.scope = self.scope_at(())
        self.alerts = context.alerts.get(self.uid, {})
        self.scalers = context.scalers.get(self.uid, {})

    def scope_at(self, path: Path) -> _Scope:
        """What queries in a section can use; sections without variables share what is around them."""
        while path and path not in self.parsed.names:
            path = path[:-2]
        if path not in self.scopes:
            names = self.parsed.names_at(path)
            holders = [path[:length] for length in range(0, len(path) + 1, 2)]
            variables: dict[str, Variable | None] = dict.fromkeys(names)
            # Inner ones come last, and hide those of the same name further out.
            for holder in holders:
                own = ((at, one) for at, one in self.parsed.variables.items() if at[:-2] == holder)
                variables |= {one.name: one for _, one in own}
            read = [one for one in variables.values() if one is not None]
            context = self.context
            default = self.spec.datasource or context.sources.default
            self.scopes[path] = _Scope(
                path=path,
                variables=variables,
                sources=Sources(context.sources.by_name, default=default).with_variables(read),
                queries=QueryContext(context.described, names, context.sound, context.targets),
                choices=choices_of(read),
                uses={},
            )
        return self.scopes[path]

    def dashboard(self) -> SettledDashboard:
        if self.spec.datasource is not None:
            # Once for the dashboard, and not for each panel that takes its data source from there.
            self.source(self.spec.datasource, ())
        check_sections(self.spec, self.report)
        placed = place_rows(self.parsed, self.report)
        rows = [self.row(row) for row in placed]
        self.scope = self.scope_at(())
        variables, annotations = self.settled_variables(()), self.annotations()
        tags = self.spec.tags if TAG in self.spec.tags else [*self.spec.tags, TAG]
        layout = None
        if len(rows) == 1 and rows[0].title is None:
            layout, rows[0].layout = rows[0].layout, None
        links = self.links()
        return SettledDashboard(self.spec, self.uid, rows, variables, annotations, links, tags, layout)

    def row(self, placed: PlacedRow) -> SettledRow:
        """A row or tab with its panels and variables."""
        section = placed.section
        self.scope = self.scope_at(section_path(placed.path))
        self.check_repeat(placed.repeat, placed.path)
        row = SettledRow(
            title=placed.title,
            path=placed.path,
            id=placed.id,
            grid=placed.grid,
            collapsed=placed.collapsed,
            repeat=placed.repeat,
            panels=[self.panel(panel, placed) for panel in placed.panels],
            raw=placed.raw,
            kind=placed.kind,
            level=placed.level,
            layout=placed.layout,
            hide_header=placed.hide_header,
        )
        if section is None:
            return row
        row.fill_screen = isinstance(section, Row) and section.fill_screen
        row.variables = self.settled_variables(placed.path) if section.variables else []
        kind: Literal["row", "tab"] = "tab" if placed.kind == "tab" else "row"
        report = self.report.at(placed.path)
        row.visibility = settle_visibility(
            section.show_when, section.hide_when, self.known(), report, kind=kind
        )
        return row

    def known(self) -> Known:
        """What conditions here can name."""
        elsewhere = {
            name: section_title(self.spec, path)
            for path, names in self.parsed.names.items()
            for name in names
            if path and self.scope.path[: len(path)] != path
        }
        return Known(self.scope.variables, elsewhere)

    # Panels

    def panel(self, placed: PlacedPanel, row: PlacedRow) -> SettledPanel:
        panel, path, repeat = placed.panel, placed.path, as_repeat(placed.panel.repeat)
        scope = self.scope
        settled_queries = settle_queries(panel, path, scope.sources, self.report, scope.names)
        use = self.use(panel, repeat, row.repeat)
        check_queries(settled_queries, panel, scope.queries, use, self.report)
        settled = SettledPanel(
            panel=panel,
            path=path,
            key=placed.key,
            id=placed.id,
            grid=placed.grid,
            datasource=settled_queries.datasource,
            queries=settled_queries.queries,
            description=panel.description,
            unit=panel.unit,
            thresholds=self.thresholds(panel, path),
            repeat=repeat,
        )
        self.derive(settled, settled_queries, is_arranged=row.layout is not None)
        if panel.warnings:
            # After everything is derived: the panel's unit and looks are those of its own queries.
            self.warn(settled, settled_queries, use)
        self.link(settled, panel)
        self.check_repeat(repeat, path)
        if panel.show_when is not None or panel.hide_when is not None:
            self.show(settled, row)
        self.draw_conditions(settled)
        if row.layout is None:
            # Panels that are arranged are as wide as the window allows.
            check_title(settled, self.report)
        return settled

    def show(self, settled: SettledPanel, row: PlacedRow) -> None:
        """Settle when a panel is shown, which Grafana knows of panels that it arranges itself."""
        panel, report = settled.panel, self.report.at(settled.path)
        settled.visibility = settle_visibility(
            panel.show_when, panel.hide_when, self.known(), report, kind="panel"
        )
        if row.layout is None:
            key = "show_when" if panel.hide_when is None else "hide_when"
            message = (
                "Grafana hides single panels only where it arranges them by itself, "
                f"and `{panel.title}` has a place"
            )
            hint = "write `layout: auto` in its row or tab, or the condition there"
            report.error("layout/condition", message, (key,), hint, key=True)

    def warn(self, settled: SettledPanel, own: SettledQueries, use: QueryUse) -> None:
        """Put the data warnings on a panel; the queries that they change stay as written beside an error."""
        count = len(self.report.diagnostics)
        warnings = settle_warnings(settled, self.scope.sources, self.report)
        warning_use = replace(use, name="a data warning", needs_numbers=True, counts_up=False)
        check_queries(warnings, settled.panel, self.scope.queries, warning_use, self.report)
        if all(one.severity is not Severity.ERROR for one in self.report.diagnostics[count:]):
            show_warnings(settled, warnings, own, self.report)

    def use(self, panel: Panel, *repeats: Repeat | None) -> QueryUse:
        """What the queries of a panel are for; panels of one type mostly have one use."""
        key = (panel.type_id, not panel.transformations, *(repeat and repeat.by for repeat in repeats))
        uses = self.scope.uses
        if key not in uses:
            uses[key] = use_of(panel, self.scope.choices, repeats)
        return uses[key]

    def derive(self, settled: SettledPanel, settled_queries: SettledQueries, *, is_arranged: bool) -> None:
        """Derive unit, decimals, description and looks from what the queries read, each with its reason."""
        shapes = [
            describe(query.query.query)
            for query, parsed in zip(settled_queries.queries, settled_queries.parsed, strict=True)
            if parsed is not None and not parsed.error and query.datasource.type == "prometheus"
        ]
        if settled.unit is None and settled.panel.takes_queries and shapes:
            # A panel has one unit for all its queries, so they have to agree.
            units = {derive_unit(shape, self.context.contract) for shape in shapes}
            unit_and_reason = units.pop() if len(units) == 1 else None
            if unit_and_reason is not None:
                settled.unit, settled.derived["unit"] = unit_and_reason
        counts = bool(shapes) and all(shape.increase for shape in shapes) and settled.unit in (None, "short")
        if settled.panel.decimals == "auto":
            settled.panel = replace(settled.panel, decimals=None)
        elif counts and settled.panel.decimals is None:
            settled.panel = replace(settled.panel, decimals=0)
            settled.derived["decimals"] = "a count: Prometheus extrapolates increases to fractions"
        self.derive_looks(
            settled, drawing_of(settled, settled_queries.parsed, shapes), is_arranged=is_arranged
        )
        metric = (shapes[0].metric or shapes[0].average_of) if len(shapes) == 1 else None
        if settled.description is None and metric:
            facts = self.context.contract.get(family(metric, self.context.contract.__contains__))
            if facts is not None and facts.help:
                settled.description = facts.help
                settled.derived["description"] = f"the help of `{metric}`"
        # `__auto` is a name that Grafana derives, not we.
        for query in settled.queries:
            if query.query.legend is None and query.legend != "__auto":
                settled.derived[f"legend of {query.ref}"] = "the labels that the query keeps"

    def derive_looks(self, settled: SettledPanel, drawing: Drawing, *, is_arranged: bool) -> None:
        """Derive the keys of the panel's type that follow from what it draws."""
        rows = None if is_arranged else settled.panel.too_small_for(drawing)
        if rows is not None:
            message = f"{drawing.top} bars do not fit into a panel {drawing.height} grid rows high"
            hint = f"make it {rows} rows high: `height: {rows}`"
            self.report.warn("panel/bars", message, settled.path, hint)
        for word in settled.panel.derived_keys(drawing):
            settled.panel = replace(settled.panel, **{word.name: word.value})
            settled.derived[word.name] = word.reason

    def thresholds(self, panel: Panel, path: Path) -> Thresholds | None:
        if panel.thresholds is None:
            return None
        try:
            return settle_thresholds(panel.thresholds)
        except ValueError as error:
            hint = "write `thresholds: {green: 0, red: 80}`"
            self.report.error("panel/thresholds", str(error), (*path, "thresholds"), hint)
            return None

    def link(self, settled: SettledPanel, panel: Panel) -> None:
        settled.links, settled.panel_links = list(panel.links), list(panel.panel_links)
        link = panel.drill_down
        if isinstance(link, str):
            link = Link(title="Open " + link.replace("-", " "), dashboard=link)
        if link is not None:
            settled.links.append(link)
            settled.panel_links.append(link)

    def check_repeat(self, repeat: Repeat | None, path: Path) -> None:
        """What repeats a panel or row is a variable of the dashboard that may have several values."""
        if repeat is not None and repeat.by not in self.scope.names:
            message = f"there is no variable `{repeat.by}` to repeat by"
            hint = nearest(repeat.by, self.scope.names) or "add it under `variables:`"
            self.report.error("variable/unknown", message, (*path, "repeat"), hint)
        elif repeat is not None and repeat.by in self.scope.choices.single:
            message = f"`${repeat.by}` has one value at a time, so there is one copy"
            hint = f"add `multi: true` to `{repeat.by}`"
            self.report.warn("panel/repeat", message, (*path, "repeat"), hint)

    def draw_conditions(self, settled: SettledPanel) -> None:
        """Draw the lines of the alerts and scalers that name the panel, and the load of scalers."""
        alerts, triggers = self.alerts.get(settled.key, ()), self.scalers.get(settled.key, ())
        for trigger in triggers:
            draw_load(settled, trigger, self.scope.sources, self.report)
        lines = [*alerts, *(line for trigger in triggers for line in scaler_lines(trigger))]
        if not lines:
            return
        settled.threshold_lines = settled.panel.draws_thresholds
        if settled.thresholds is None:
            settled.thresholds = thresholds_of_alerts(lines)
            names = ", ".join(sorted({f"`{line.rule}`" for line in lines}))
            settled.derived["thresholds"] = (
                f"the {'alerts' if not triggers else 'alerts and scalers'} {names}"
            )
        else:
            settled.thresholds = with_alerts(settled.thresholds, lines)

    # The rest of the dashboard

    def settled_variables(self, holder: Path) -> list[SettledVariable]:
        """The variables of the dashboard or of a section."""
        variables, names = [], set[str]()
        for path, variable in self.parsed.variables.items():
            if path[:-2] != holder:
                continue
            source = None
            if isinstance(variable, QueryVariable | AdhocVariable):
                source = self.source(variable.datasource, path)
            variables.append(SettledVariable(variable, path, source))
            if variable.name in names:
                message = f"two variables are called `{variable.name}`"
                self.report.error("variable/duplicate", message, (*path, "name"), "rename one of them")
            names.add(variable.name)
        check_variables(variables, self.scope.queries, self.report)
        return variables

    def annotations(self) -> list[SettledAnnotation]:
        annotations = []
        for number, annotation in enumerate(self.spec.annotations):
            path: Path = ("annotations", number)
            # Grafana's own annotations, which are found by their tags, come from its database.
            queried = annotation.datasource is not None or annotation.query
            source = self.source(annotation.datasource, path) if queried else GRAFANA
            if source is None:
                continue
            if not annotation.query and not annotation.tags:
                message = f"the annotation `{annotation.name}` has neither a query nor tags"
                self.report.error("annotation/empty", message, path, "add `query:` or `tags:`")
                continue
            annotations.append(SettledAnnotation(annotation, path, source))
            if text := annotation.query:
                use = QueryUse("an annotation", is_range=True, multi=self.scope.choices.multi)
                faults = query_faults(text, source.type, self.scope.queries, use)
                report_faults(faults, self.report.at((*path, "query")), text)
        return annotations

    def source(self, spec_name: str | None, path: Path) -> DataSourceRef | None:
        """The data source of a variable or annotation, or the dashboard's.

        That this one does not exist is reported once.
        """
        name = spec_name or self.scope.sources.default
        data_source = self.scope.sources.find(name) if name else None
        if name is None:
            message = "no data source is named, and there is no default one"
            hint = "add `datasource:`, or `default: true` to a data source"
            self.report.error("datasource/missing", message, path, hint)
        elif data_source is None and spec_name is not None:
            message = f"there is no data source `{name}`"
            self.report.error(
                "datasource/unknown", message, (*path, "datasource"), self.scope.sources.hint(name)
            )
        return data_source

    def links(self) -> list[SettledLink]:
        links = []
        for number, link in enumerate(self.spec.links):
            targets = [link.dashboard, link.url, link.tags or None]
            if sum(target is not None for target in targets) != 1:
                message = "a link needs exactly one of `dashboard`, `url` and `tags`"
                self.report.error("link/target", message, ("links", number), "keep one of them")
                continue
            name = (link.dashboard or "").replace("-", " ")
            title = link.title or name[:1].upper() + name[1:] or link.url or ", ".join(link.tags)
            links.append(SettledLink(link, title))
        return links
