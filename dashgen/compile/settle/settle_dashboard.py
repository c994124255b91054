"""Settle a dashboard: derive everything that its spec leaves out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from dashgen.compile.settle.alert_thresholds import AlertThreshold
from dashgen.compile.settle.check_dashboard import check_dashboard
from dashgen.compile.settle.check_drawing import drawing_of
from dashgen.compile.settle.check_panels import check_panel_values
from dashgen.compile.settle.check_titles import check_title
from dashgen.compile.settle.panel_queries import choices_of, repeat_problems, use_of
from dashgen.compile.settle.query_text import QueryContext, QueryUse, SoundQueries, place_faults, query_faults
from dashgen.compile.settle.settle_data_sources import GRAFANA, Sources
from dashgen.compile.settle.settle_queries import SettledQueries, check_queries, settle_queries
from dashgen.compile.settle.settle_rows import PlacedPanel, as_repeat, place_rows
from dashgen.compile.settle.settle_thresholds import settle_thresholds, thresholds_of_alerts, with_alerts
from dashgen.compile.settle.settle_units import MetricFacts, derive_unit, family
from dashgen.compile.settle.settle_variables import check_variables
from dashgen.core.diagnostics import Diagnostic, Severity, nearest
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.panel_identity import slug
from dashgen.model.panel_spec import Drawing, Link, Panel, Repeat
from dashgen.model.parse import ParsedDashboard
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
from dashgen.model.variable_spec import AdhocVariable, QueryVariable
from dashgen.query import describe
from dashgen.source.source import Path

TAG = "dashgen"


@dataclass(frozen=True, slots=True)
class Context:
    """What a dashboard needs to know of the other specs.

    Attributes:
        sources: the data sources.
        contract: what is known of each metric.
        described: what the contract says of series, labels and log streams; None without one.
        alerts: by dashboard uid and panel key, the alerts whose thresholds are drawn.
        sound: the queries that are known to be right by ``described``.
    """

    sources: Sources = field(default_factory=Sources)
    contract: Mapping[str, MetricFacts] = field(default_factory=dict)
    described: SeriesContract | None = None
    alerts: Mapping[str, Mapping[str, Sequence[AlertThreshold]]] = field(default_factory=dict)
    sound: SoundQueries | None = field(default=None, compare=False, repr=False)


def dashboard_uid(parsed: ParsedDashboard) -> str:
    """The uid of a dashboard: its own, or a slug of its title."""
    return parsed.dashboard.uid or slug(parsed.dashboard.title)[:40].strip("-")


def settle(parsed: ParsedDashboard, context: Context) -> tuple[SettledDashboard, list[Diagnostic]]:
    """Everything of a dashboard settled, and what is wrong with it."""
    settler = _Settler(parsed, context)
    dashboard, problems = settler.dashboard(), settler.problems
    problems += check_dashboard(parsed.dashboard, parsed.resolved)
    problems += check_panel_values(parsed)
    if len(settler.variable_names) < len(parsed.dashboard.variables):
        # A variable whose name could not be read may be the one that a query uses.
        problems = [
            one for one in problems if one.rule not in ("query/variable", "variable/unknown", "link/variable")
        ]
    return dashboard, problems


class _Settler:
    def __init__(self, parsed: ParsedDashboard, context: Context) -> None:
        self.parsed = parsed
        self.spec = parsed.dashboard
        self.resolved = parsed.resolved
        self.context = context
        self.problems: list[Diagnostic] = []
        self.uid = dashboard_uid(parsed)
        default = self.spec.datasource or context.sources.default
        sources = Sources(context.sources.known, default=default)
        self.sources = sources.with_variables(parsed.variables)
        # By the names as written: a variable with another mistake is still there for queries.
        names = [item.get("name") for item in self.spec.variables]
        self.variable_names = frozenset(name for name in names if isinstance(name, str))
        self.queries = QueryContext(context.described, self.variable_names, context.sound)
        self.choices = choices_of(parsed.variables)
        self.alerts = context.alerts.get(self.uid, {})

    def report(self, rule: str, message: str, path: Path, hint: str = "") -> None:
        self.problems.append(self.resolved.diagnostic(rule, message, path, hint))

    def warn(self, rule: str, message: str, path: Path, hint: str) -> None:
        self.problems.append(self.resolved.diagnostic(rule, message, path, hint, severity=Severity.WARNING))

    def dashboard(self) -> SettledDashboard:
        rows = []
        if self.spec.datasource is not None:
            self.source(self.spec.datasource, ())
        for row in place_rows(self.parsed, self.problems):
            self.repeats(row.repeat, row.path)
            panels = [self.panel(placed, row.repeat) for placed in row.panels]
            layout = (row.id, row.grid, row.collapsed, row.repeat)
            rows.append(SettledRow(row.title, row.path, *layout, panels, row.raw))
        variables, annotations = self.settled_variables(), self.annotations()
        return SettledDashboard(self.spec, self.uid, rows, variables, annotations, self.links(), self.tags())

    # Panels

    def panel(self, placed: PlacedPanel, row_repeat: Repeat | None = None) -> SettledPanel:
        panel, path, repeat = placed.panel, placed.path, as_repeat(placed.panel.repeat)
        settled_queries = settle_queries(
            panel, path, self.sources, self.resolved, self.problems, self.queries.variables
        )
        use = use_of(panel, self.choices, (repeat, row_repeat))
        self.problems += check_queries(settled_queries, panel, self.queries, use, self.resolved)
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
        self.derive(settled, settled_queries)
        self.link(settled, panel)
        self.repeats(settled.repeat, path)
        self.draw_alerts(settled)
        self.problems += check_title(settled, self.resolved)
        return settled

    def derive(self, settled: SettledPanel, settled_queries: SettledQueries) -> None:
        """Unit and description from what the queries read."""
        shapes = [
            describe(query.query.query)
            for query, parsed in zip(settled_queries.queries, settled_queries.parsed, strict=True)
            if parsed is not None and not parsed.error and query.datasource.type == "prometheus"
        ]
        if settled.unit is None and settled.panel.takes_queries and shapes:
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
        self.derive_looks(settled, drawing_of(settled, settled_queries.parsed, shapes))
        if (
            settled.description is None
            and len(shapes) == 1
            and (metric := shapes[0].metric or shapes[0].average_of)
        ):
            facts = self.context.contract.get(family(metric, self.context.contract.__contains__))
            if facts is not None and facts.help:
                settled.description = facts.help
                settled.derived["description"] = f"the help of `{metric}`"
        for query in settled.queries:
            if query.query.legend is None and query.legend != "__auto":
                settled.derived[f"legend of {query.ref}"] = "the labels that the query keeps"

    def derive_looks(self, settled: SettledPanel, drawing: Drawing) -> None:
        """Words of the panel's type that follow from what it draws."""
        if (rows := settled.panel.too_small_for(drawing)) is not None:
            message = f"{drawing.top} bars do not fit into a panel {drawing.height} grid rows high"
            self.warn("panel/bars", message, settled.path, f"make it {rows} rows high: `height: {rows}`")
        for word in settled.panel.derived_words(drawing):
            settled.panel = replace(settled.panel, **{word.name: word.value})
            settled.derived[word.name] = word.reason

    def thresholds(self, panel: Panel, path: Path) -> Thresholds | None:
        if panel.thresholds is None:
            return None
        try:
            return settle_thresholds(panel.thresholds)
        except ValueError as error:
            self.report(
                "panel/thresholds",
                str(error),
                (*path, "thresholds"),
                "write `thresholds: {green: 0, red: 80}`",
            )
            return None

    def link(self, settled: SettledPanel, panel: Panel) -> None:
        settled.links, settled.panel_links = list(panel.links), list(panel.panel_links)
        target = panel.drill_down
        if target is None:
            return
        link = (
            Link(title="Open " + target.replace("-", " "), dashboard=target)
            if isinstance(target, str)
            else target
        )
        settled.links.append(link)
        settled.panel_links.append(link)

    def repeats(self, repeat: Repeat | None, path: Path) -> None:
        """What repeats a panel or row is a variable of the dashboard that may have several values."""
        variables = self.queries.variables or frozenset()
        if repeat is not None and repeat.by not in variables:
            message = f"there is no variable `{repeat.by}` to repeat by"
            hint = nearest(repeat.by, variables) or "add it under `variables:`"
            self.report("variable/unknown", message, (*path, "repeat"), hint)
        self.problems += repeat_problems(repeat, path, self.choices, self.resolved)

    def draw_alerts(self, settled: SettledPanel) -> None:
        alerts = self.alerts.get(settled.key)
        if not alerts:
            return
        settled.threshold_lines = settled.panel.draws_thresholds
        if settled.thresholds is None:
            settled.thresholds = thresholds_of_alerts(alerts)
            names = ", ".join(sorted(f"`{alert.rule}`" for alert in alerts))
            settled.derived["thresholds"] = f"the alerts {names}"
        else:
            settled.thresholds = with_alerts(settled.thresholds, alerts)

    # The rest of the dashboard

    def settled_variables(self) -> list[SettledVariable]:
        variables = []
        for number, variable in enumerate(self.parsed.variables):
            path: Path = ("variables", number)
            source = None
            if isinstance(variable, QueryVariable | AdhocVariable):
                source = self.source(variable.datasource, path)
            variables.append(SettledVariable(variable, path, source))
        names = [variable.name for variable in self.parsed.variables]
        for number, name in enumerate(names):
            if name in names[:number]:
                self.report(
                    "variable/duplicate",
                    f"two variables are called `{name}`",
                    ("variables", number, "name"),
                    "rename one of them",
                )
        self.problems += check_variables(variables, self.queries, self.resolved)
        return variables

    def annotations(self) -> list[SettledAnnotation]:
        annotations = []
        for number, annotation in enumerate(self.spec.annotations):
            path: Path = ("annotations", number)
            named = annotation.datasource is not None or annotation.query
            source = self.source(annotation.datasource, path) if named else GRAFANA
            if source is None:
                continue
            if not annotation.query and not annotation.tags:
                self.report(
                    "annotation/empty",
                    f"the annotation `{annotation.name}` has neither a query nor tags",
                    path,
                    "add `query:` or `tags:`",
                )
            else:
                annotations.append(SettledAnnotation(annotation, path, source))
                use = QueryUse("an annotation", is_range=True, multi=self.choices.multi)
                text = annotation.query or ""
                faults = query_faults(text, source.type, self.queries, use) if text else []
                self.problems += place_faults(faults, self.resolved, (*path, "query"), text)
        return annotations

    def source(self, spec_name: str | None, path: Path) -> DataSourceRef | None:
        """The data source of a variable or annotation; that the dashboard's own does not exist was said of it."""
        name = spec_name or self.sources.default
        data_source = self.sources.find(name) if name else None
        if name is None:
            message = "no data source is named, and there is no default one"
            hint = "add `datasource:`, or `default: true` to a data source"
            self.report("datasource/missing", message, path, hint)
        elif data_source is None and spec_name is not None:
            message = f"there is no data source `{name}`"
            self.report("datasource/unknown", message, (*path, "datasource"), self.sources.hint(name))
        return data_source

    def links(self) -> list[SettledLink]:
        links = []
        for number, link in enumerate(self.spec.links):
            aims = [link.dashboard, link.url, link.tags or None]
            if sum(aim is not None for aim in aims) != 1:
                self.report(
                    "link/target",
                    "a link needs exactly one of `dashboard`, `url` and `tags`",
                    ("links", number),
                    "keep one of them",
                )
                continue
            title = (link.dashboard or "").replace("-", " ")
            links.append(
                SettledLink(
                    link, link.title or (title[:1].upper() + title[1:]) or link.url or ", ".join(link.tags)
                )
            )
        return links

    def tags(self) -> list[str]:
        return [*self.spec.tags, *([] if TAG in self.spec.tags else [TAG])]
