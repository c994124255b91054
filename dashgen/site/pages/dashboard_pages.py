"""The page of each dashboard: what it is for, how it looks, and every panel with its queries."""

import json
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from dashgen.drawing.values.value_formats import format_value
from dashgen.model.settled_dashboard import SettledPanel, SettledQuery, SettledRow, SettledVariable
from dashgen.model.target_spec import Query
from dashgen.model.variable_spec import ConstantVariable, CustomVariable, IntervalVariable, QueryVariable
from dashgen.project.explanation import panel_type
from dashgen.project.inspection import InspectedDashboard
from dashgen.site.plain_words import joined, threshold_words
from dashgen.site.site_page import SitePage
from dashgen.site.site_paths import DASHBOARD
from dashgen.site.site_project import SiteLink, SiteProject


class QueryView(NamedTuple):
    """A query: its name, its data source, its series' names and its text."""

    ref: str
    source: SiteLink
    legend: str
    text: str


class PanelView(NamedTuple):
    """A panel as people read of it."""

    anchor: str
    title: str
    type: str
    description: str
    facts: list[tuple[str, str]]
    queries: list[QueryView]
    series: list[SiteLink]
    alerts: list[SiteLink]
    location: SiteLink
    address: str


class SectionView(NamedTuple):
    """A row or tab with its panels."""

    title: str
    kind: str
    panels: list[PanelView]


class VariableView(NamedTuple):
    """A variable: the name above the dashboard, the one in queries, what it offers, and what it is for."""

    label: str
    name: str
    offers: str
    description: str


def dashboard_pages(project: SiteProject) -> Iterator[SitePage]:
    """A page for each dashboard."""
    for uid, dashboard in project.dashboards.items():
        yield _DashboardPage(project, uid, dashboard).page()


class _DashboardPage(NamedTuple):
    project: SiteProject
    uid: str
    dashboard: InspectedDashboard

    def page(self) -> SitePage:
        settled, spec = self.dashboard.settled, self.dashboard.settled.dashboard
        sections = [self.section(row) for row in settled.rows if row.panels]
        panels = [panel for section in sections for panel in section.panels]
        title_location = self.dashboard.resolved.origin(("title",)).location()
        values = {
            "description": spec.description,
            "folder": self.project.inspection.compiler.folder(settled) or "",
            "tags": settled.tags,
            "time": spec.time,
            "address": self.project.grafana_address(f"d/{self.uid}"),
            "uid": self.uid,
            "place": self.project.place(title_location),
            "sections": sections,
            "variables": [variable_view(one) for one in settled.all_variables()],
            "metrics": list(dict.fromkeys(link for panel in panels for link in panel.series)),
            "alerts": list(dict.fromkeys(link for panel in panels for link in panel.alerts)),
        }
        search = joined([self.uid, spec.description, *settled.tags, *(panel.title for panel in panels)], " ")
        path = self.project.paths.page(DASHBOARD, self.uid)
        return SitePage(path, spec.title, "dashboard", "dashboard.html", values, search)

    def section(self, row: SettledRow) -> SectionView:
        return SectionView(row.title or "", row.kind, [self.panel(panel) for panel in row.panels])

    def panel(self, panel: SettledPanel) -> PanelView:
        project = self.project
        queries = project.queries_of.get(("panel", f"{self.uid}/{panel.key}"), ())
        return PanelView(
            anchor=f"panel-{panel.id}",
            title=panel.panel.title or panel.key,
            type=panel_type(panel.panel),
            description=panel.description or "",
            facts=_facts(panel),
            queries=[self.query(query) for query in panel.queries],
            series=project.series_of(queries),
            alerts=project.alerts_of_panel.get(f"{self.uid}/{panel.key}", []),
            location=project.place(self.dashboard.resolved.origin(panel.path).location()),
            address=project.grafana_address(f"d/{self.uid}?viewPanel=panel-{panel.id}"),
        )

    def query(self, query: SettledQuery) -> QueryView:
        is_named = query.legend not in ("", "__auto")
        source = self.project.data_source_link(query.datasource.uid)
        return QueryView(query.ref, source, query.legend if is_named else "", query_text(query.query))


def query_text(query: Query) -> str:
    """The text of a query; of an expression its formula, of a plugin's query its fields."""
    if query.query.strip():
        return query.query.strip()
    if query.fields:
        return json.dumps(query.fields, ensure_ascii=False, indent=2, sort_keys=True)
    formula = query.math or query.reduce or query.resample or query.threshold
    return formula if isinstance(formula, str) else json.dumps(msgspec.to_builtins(formula), indent=2)


def _facts(panel: SettledPanel) -> list[tuple[str, str]]:
    facts = [("Unit", unit_words(panel.unit))] if panel.unit else []
    if panel.thresholds is not None and len(panel.thresholds.steps) > 1:
        facts.append(("Thresholds", threshold_words(panel.thresholds, panel.unit)))
    if panel.repeat is not None:
        facts.append(("Repeated", f"once for each value of `${panel.repeat.by}`"))
    if panel.panel.time_from:
        facts.append(("Time", f"its own range: {panel.panel.time_from}"))
    return facts


def unit_words(unit: str) -> str:
    """A unit with a number in it, as Grafana shows it: ``s, such as 1.50 mins``."""
    sample = format_value(0.25 if unit == "percentunit" else 90, unit).strip()
    return unit if sample == "90" or unit in sample.split() else f"{unit}, such as {sample}"


def variable_view(settled: SettledVariable) -> VariableView:
    """What a variable offers."""
    variable = settled.variable
    if isinstance(variable, QueryVariable):
        offers = f"the result of {variable.query}"
    elif isinstance(variable, (CustomVariable, IntervalVariable)):
        offers = joined(map(str, variable.values), ", ")
    elif isinstance(variable, ConstantVariable):
        offers = variable.value
    else:
        offers = getattr(variable, "type", "") or type(variable).__name__.removesuffix("Variable").lower()
    return VariableView(variable.label or variable.name, variable.name, offers, variable.description or "")
