"""The start page, and the lists of dashboards, alerts and metrics."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from dashgen.core.sentence_parts import counted
from dashgen.site.pages.objective_pages import OBJECTIVES
from dashgen.site.pages.other_pages import ENVIRONMENTS
from dashgen.site.site_page import SitePage
from dashgen.site.site_paths import ALERT, METRIC
from dashgen.site.site_project import (
    DATA_SOURCES,
    NOTIFICATIONS,
    RECORDINGS,
    REPORTS,
    SCALERS,
    SiteLink,
    SiteProject,
)

START: Final = "index.html"
DASHBOARD_LIST, ALERT_LIST, METRIC_LIST, FLOW = "dashboards.html", "alerts.html", "metrics.html", "flow.html"


class DashboardRow(NamedTuple):
    """A dashboard in a list."""

    uid: str
    link: SiteLink
    folder: str
    description: str
    panels: str


class AlertRow(NamedTuple):
    """An alert in a list."""

    link: SiteLink
    severity: str
    summary: str
    condition: str
    contacts: list[SiteLink]
    group: str


class MetricRow(NamedTuple):
    """A metric in a list."""

    link: SiteLink
    type: str
    help: str
    is_deprecated: bool


def navigation(project: SiteProject) -> list[SiteLink]:
    """The pages that every page leads to: those that have something."""
    documents = project.inspection.documents
    has_objectives = any(rule.rule.record.startswith("slo:objective:") for _, rule in project.records)
    entries = (
        ("Start", START, True),
        ("Dashboards", DASHBOARD_LIST, bool(project.dashboards)),
        ("Alerts", ALERT_LIST, bool(project.alerts)),
        ("Objectives", OBJECTIVES, has_objectives),
        ("Metrics", METRIC_LIST, bool(project.metrics)),
        ("Recording rules", RECORDINGS, bool(project.records)),
        ("Data flow", FLOW, bool(project.impact.queries)),
        ("Data sources", DATA_SOURCES, bool(project.data_sources)),
        ("Notifications", NOTIFICATIONS, bool(documents.of("Notifications"))),
        ("Reports", REPORTS, bool(project.inspection.reports)),
        ("Scalers", SCALERS, bool(documents.of("Scaler"))),
        ("Environments", ENVIRONMENTS, bool(project.inspection.workspace.project.environments)),
    )
    return [SiteLink(title, path) for title, path, has_content in entries if has_content]


def start_pages(project: SiteProject, name: str) -> Iterator[SitePage]:
    """The start page and the lists.

    Args:
        project: the project.
        name: the project's name.
    """
    dashboards, alerts, metrics = list(_dashboards(project)), list(_alerts(project)), list(_metrics(project))
    counts = [
        counted(len(things), noun)
        for things, noun in ((dashboards, "dashboard"), (alerts, "alert"), (metrics, "metric"))
        if things
    ]
    critical = [one for one in alerts if one.severity == "critical"]
    values = {"dashboards": dashboards, "alerts": critical, "counts": counts, "name": name}
    yield SitePage(START, name, "start", "start.html", values)
    folders: dict[str, list[DashboardRow]] = {}
    for one in dashboards:
        folders.setdefault(one.folder, []).append(one)
    yield SitePage(DASHBOARD_LIST, "Dashboards", "list", "dashboards.html", {"folders": folders})
    groups: dict[str, list[AlertRow]] = {}
    for alert in alerts:
        groups.setdefault(alert.group, []).append(alert)
    yield SitePage(ALERT_LIST, "Alerts", "list", "alerts.html", {"groups": groups})
    yield SitePage(METRIC_LIST, "Metrics", "list", "metrics.html", {"metrics": metrics})


def _dashboards(project: SiteProject) -> Iterator[DashboardRow]:
    for uid, dashboard in project.dashboards.items():
        panels = sum(len(row.panels) for row in dashboard.settled.rows)
        folder = project.inspection.compiler.folder(dashboard.settled) or ""
        spec = dashboard.settled.dashboard
        yield DashboardRow(
            uid, project.dashboard_link(uid), folder, spec.description, counted(panels, "panel")
        )


def _alerts(project: SiteProject) -> Iterator[AlertRow]:
    for group, alert in project.alerts:
        routes = project.routes[alert.uid].routes.routes
        contacts = [project.contact_link(name) for name in dict.fromkeys(one.contact_point for one in routes)]
        yield AlertRow(
            SiteLink(alert.rule.alert, project.paths.page(ALERT, alert.uid)),
            alert.labels.get("severity", ""),
            alert.annotations.get("summary", ""),
            alert.rule.when,
            contacts,
            group.name,
        )


def _metrics(project: SiteProject) -> Iterator[MetricRow]:
    for one in project.metrics:
        link = SiteLink(one.name, project.paths.page(METRIC, one.name))
        yield MetricRow(link, one.metric.type, one.metric.help, one.metric.deprecated is not None)
