"""A project with what several pages show: rules by name, series and who reads them, and routes."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple
from urllib.parse import quote

from msgspec import Struct

from dashgen.core.diagnostics import Location
from dashgen.model.data_source_spec import PlacedDataSource, placed_data_sources
from dashgen.model.document import SpecDocument
from dashgen.model.metrics_spec import Metric, Metrics, series_names
from dashgen.model.settled_alerts import SettledAlert, SettledGroup, SettledRecord
from dashgen.project.contact_routes import RouteBook, RoutedAlert
from dashgen.project.impact.impact_use import ImpactProject, ImpactUse
from dashgen.project.inspection import InspectedDashboard, Inspection
from dashgen.project.placed_queries import PlacedQuery
from dashgen.project.rule_tests.coverage import AlertCoverage
from dashgen.site.markdown_html import safe_address
from dashgen.site.site_paths import ALERT, DASHBOARD, METRIC, SitePaths, file_stem

RECORDINGS, DATA_SOURCES, NOTIFICATIONS = "recordings.html", "data-sources.html", "notifications.html"
REPORTS, SCALERS = "reports.html", "scalers.html"
_LISTS: Final = {"report": REPORTS, "scaler": SCALERS, "datasource": DATA_SOURCES}


class SiteLink(NamedTuple):
    """A text that leads somewhere; ``path`` is below the site, or an address when it has a scheme.

    A link without a path is only its text.
    """

    text: str
    path: str = ""


class ContractMetric(NamedTuple):
    """A metric of the contract, and the document that declares it."""

    name: str
    metric: Metric
    document: SpecDocument[Metrics]

    @property
    def location(self) -> Location:
        """Where it is declared."""
        return self.document.resolved.origin(("metrics", self.name)).location(key=True)


class SiteOptions(Struct, frozen=True):
    """What a site is made with.

    Attributes:
        has_pictures: whether dashboards are drawn.
        has_tests: whether the tests of rules run, for what they show of each alert.
    """

    has_pictures: bool = True
    has_tests: bool = True


class SiteProject(Struct, dict=True):
    """The settled specs, what the tests of alerts show by the alerts' uids, and the paths of pages."""

    inspection: Inspection
    coverage: Mapping[str, AlertCoverage] = {}

    @cached_property
    def paths(self) -> SitePaths:
        """The paths of pages."""
        return SitePaths()

    @cached_property
    def impact(self) -> ImpactProject:
        """The queries of the project, by the series that they read."""
        return ImpactProject(self.inspection)

    @cached_property
    def queries_of(self) -> Mapping[tuple[str, str], Sequence[PlacedQuery]]:
        """The queries by the kind and name of what asks them."""
        queries: dict[tuple[str, str], list[PlacedQuery]] = {}
        for query in self.impact.queries:
            queries.setdefault((query.asker.kind, query.asker.name), []).append(query)
        return queries

    @cached_property
    def book(self) -> RouteBook:
        """The contact points, policies and mute timings."""
        return self.impact.book

    @cached_property
    def alerts(self) -> list[tuple[SettledGroup, SettledAlert]]:
        """The alerts with their groups, in the order of their names."""
        pairs = [(group, alert) for group in self.inspection.groups for alert in group.alerts]
        return sorted(pairs, key=lambda pair: (pair[1].rule.alert.lower(), pair[1].uid, pair[0].name))

    @cached_property
    def records(self) -> list[tuple[SettledGroup, SettledRecord]]:
        """The recording rules with their groups."""
        return [
            (group, rule)
            for group in self.inspection.groups
            for rule in group.rules
            if isinstance(rule, SettledRecord)
        ]

    @cached_property
    def routes(self) -> Mapping[str, RoutedAlert]:
        """The ways of each alert, by its uid."""
        return {one.alert.uid: one for one in self.impact.alerts}

    @cached_property
    def metrics(self) -> list[ContractMetric]:
        """The metrics of the contract, in the order of their names."""
        documents = self.inspection.documents.of("Metrics")
        metrics = [
            ContractMetric(name, metric, document)
            for document in documents
            for name, metric in document.model.metrics.items()
        ]
        return sorted(metrics, key=lambda one: one.name)

    @cached_property
    def data_sources(self) -> list[PlacedDataSource]:
        """The data sources of the specs."""
        return list(placed_data_sources(self.inspection.documents.of("DataSources")))

    @cached_property
    def dashboards(self) -> Mapping[str, InspectedDashboard]:
        """The dashboards by their uids."""
        return {one.settled.uid: one for one in self.inspection.dashboards}

    @cached_property
    def _series_pages(self) -> Mapping[str, str]:
        pages = {rule.rule.record: f"{RECORDINGS}#{file_stem(rule.rule.record)}" for _, rule in self.records}
        for one in self.metrics:
            for name in (one.name, *series_names(one.name, one.metric)):
                pages[name] = self.paths.page(METRIC, one.name)
        return pages

    @cached_property
    def _alert_pages(self) -> Mapping[str, str]:
        return {alert.rule.alert: self.paths.page(ALERT, alert.uid) for _, alert in self.alerts}

    @cached_property
    def _panels(self) -> Mapping[tuple[str, str], tuple[str, int]]:
        return {
            (uid, panel.key): (panel.panel.title or panel.key, panel.id)
            for uid, dashboard in self.dashboards.items()
            for row in dashboard.settled.rows
            for panel in row.panels
        }

    @cached_property
    def alerts_of_panel(self) -> Mapping[str, list[SiteLink]]:
        """The alerts that name a panel, by the dashboard's uid and the panel's key."""
        links: dict[str, list[SiteLink]] = {}
        for _, alert in self.alerts:
            if alert.rule.panel:
                links.setdefault(alert.rule.panel, []).append(self.alert_link(alert.rule.alert))
        return links

    def dashboard_link(self, uid: str) -> SiteLink:
        """The page of a dashboard."""
        dashboard = self.dashboards.get(uid)
        if dashboard is None:
            return SiteLink(uid)
        return SiteLink(dashboard.settled.dashboard.title, self.paths.page(DASHBOARD, uid))

    def panel_link(self, uid: str, key: str) -> SiteLink:
        """A panel on the page of its dashboard."""
        title, number = self._panels.get((uid, key), ("", 0))
        if not title:
            return SiteLink(f"{uid}/{key}")
        return SiteLink(title, f"{self.paths.page(DASHBOARD, uid)}#panel-{number}")

    def alert_link(self, name: str) -> SiteLink:
        """The page of an alert."""
        return SiteLink(name, self._alert_pages.get(name, ""))

    def series_link(self, name: str) -> SiteLink:
        """The page of the metric that a series is of, or the recording rule that makes it."""
        return SiteLink(name, self._series_pages.get(name, ""))

    def contact_link(self, name: str) -> SiteLink:
        """A contact point."""
        return SiteLink(name, f"{NOTIFICATIONS}#{file_stem(name)}" if name in self.book.points() else "")

    def data_source_link(self, uid: str) -> SiteLink:
        """A data source, by its uid."""
        source = next((one for one in self.data_sources if one.uid == uid), None)
        return (
            SiteLink(source.name, f"{DATA_SOURCES}#{file_stem(uid)}") if source is not None else SiteLink(uid)
        )

    def use_link(self, use: ImpactUse) -> SiteLink:
        """What uses something."""
        uid, slash, key = use.name.partition("/")
        if use.kind == "panel":
            return self.panel_link(uid, key)
        if use.kind == "alert-rule":
            return self.alert_link(use.name)
        if use.kind == "recording-rule":
            return self.series_link(use.name)
        if use.kind in _LISTS:
            return SiteLink(use.name, f"{_LISTS[use.kind]}#{file_stem(uid)}")
        if use.kind == "policy":
            return self.contact_link(use.name)
        return SiteLink(key if slash else uid, self.dashboard_link(use.parent).path)

    def series_of(self, queries: Sequence[PlacedQuery]) -> list[SiteLink]:
        """The series that queries read, each once."""
        names = dict.fromkeys(
            use.name
            for query in queries
            if query.facts is not None
            for use in query.facts.metrics
            if use.is_literal
        )
        return [self.series_link(name) for name in names]

    def place(self, location: Location) -> SiteLink:
        """A place in the specs as ``file:line``; a link where the project says where its files are shown."""
        line = location.span.line if location.span else 0
        text = f"{location.file}:{line}" if line else location.file
        base = safe_address(self.inspection.workspace.project.docs_url or "")
        if not base or location.file.startswith("/") or ".." in location.file.split("/"):
            return SiteLink(text)
        address = f"{base.rstrip('/')}/{quote(location.file)}"
        return SiteLink(text, f"{address}#L{line}" if line else address)

    def grafana_address(self, path: str) -> str:
        """An address in Grafana; empty when the project names no Grafana."""
        base = safe_address(self.inspection.workspace.project.grafana_url or "")
        return f"{base.rstrip('/')}/{path}" if base else ""
