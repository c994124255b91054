"""Reports, scalers and environments, each on one page."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from dashgen.core.diagnostics.redaction import redacted
from dashgen.core.sentence_parts import listed
from dashgen.model.scaler_spec import Scaler
from dashgen.model.settled_report import SettledReport
from dashgen.site.plain_words import joined
from dashgen.site.site_page import SitePage
from dashgen.site.site_paths import file_stem
from dashgen.site.site_project import REPORTS, SCALERS, SiteLink, SiteProject

ENVIRONMENTS: Final = "environments.html"


class ReportView(NamedTuple):
    """A report: when it is sent to whom, and what is in it."""

    anchor: str
    title: str
    text: str
    facts: list[tuple[str, str]]
    sections: list[tuple[str, list[str]]]
    location: SiteLink


class ScalerView(NamedTuple):
    """A scaler."""

    anchor: str
    name: str
    facts: list[tuple[str, str]]
    load: str
    panel: SiteLink
    location: SiteLink


class EnvironmentView(NamedTuple):
    """An environment and the Grafanas that its resources are pushed to."""

    name: str
    facts: list[tuple[str, str]]
    targets: list[tuple[str, str]]


def reports_page(project: SiteProject) -> SitePage:
    """The page of all reports."""
    reports = [_report(project, report) for report in project.inspection.reports]
    names = joined([one.title for one in reports], " ")
    return SitePage(REPORTS, "Reports", "list", "reports.html", {"reports": reports}, names)


def _report(project: SiteProject, report: SettledReport) -> ReportView:
    spec = report.document.model
    facts = [
        ("About", f"the last full {spec.period}, {spec.timezone}"),
        ("Sent", str(spec.schedule) if spec.schedule else "by hand"),
        ("Recipients", joined([one for one in report.recipients if "$" not in one], ", ") or "none"),
        ("Compared to", listed([f"the {word}" for word in report.compare])),
    ]
    sections = []
    for section in report.sections:
        titles = [figure.spec.title for figure in section.figures]
        titles += [table.spec.title for table in section.tables]
        titles += [
            chart.spec.title or project.panel_link(chart.dashboard, chart.key).text
            for chart in section.charts
        ]
        sections.append((section.title, titles))
    uid_location = report.document.resolved.origin(("uid",)).location()
    return ReportView(
        file_stem(spec.uid), spec.title, spec.text or "", [fact for fact in facts if fact[1]], sections,
        project.place(uid_location),
    )  # fmt: skip


def scalers_page(project: SiteProject) -> SitePage:
    """The page of all scalers."""
    scalers = [
        _scaler(project, document.model, project.place(document.resolved.origin(("name",)).location()))
        for document in project.inspection.documents.of("Scaler")
    ]
    names = joined([one.name for one in scalers], " ")
    return SitePage(SCALERS, "Scalers", "list", "scalers.html", {"scalers": scalers}, names)


def _scaler(project: SiteProject, scaler: Scaler, link: SiteLink) -> ScalerView:
    workload = scaler.workload
    replicas = scaler.replicas
    facts = [
        ("Scales", f"{workload.kind} {workload.name}"),
        ("One replica takes", f"{scaler.threshold:g} of the load"),
        ("Replicas", f"{replicas.min} to {replicas.max}"),
    ]
    dashboard, _, key = (scaler.panel or "").partition("/")
    panel = project.panel_link(dashboard, key) if scaler.panel else SiteLink("")
    load = scaler.query or scaler.record or ""
    return ScalerView(file_stem(scaler.name), scaler.name, facts, load.strip(), panel, link)


def environments_page(project: SiteProject) -> SitePage:
    """The page of all environments; of their variables only the names."""
    workspace = project.inspection.workspace
    views = []
    for name, environment in workspace.project.environments.items():
        facts = [
            ("Uids begin with", environment.uid_prefix),
            ("Folders begin with", environment.folder_prefix),
            (
                "Data sources",
                joined([f"{alias} is {uid}" for alias, uid in environment.datasources.items()], ", "),
            ),
            ("Variables", joined(environment.vars, ", ")),
        ]
        views.append(
            EnvironmentView(name, [fact for fact in facts if fact[1]], list(_targets(project, name)))
        )
    values = {
        "environments": views,
        "targets": list(_targets(project, None)),
        "current": workspace.environment or "",
        "servers": [("Grafana", workspace.project.grafana)],
    }
    names = joined([one.name for one in views], " ")
    return SitePage(ENVIRONMENTS, "Environments", "list", "environments.html", values, names)


def _targets(project: SiteProject, environment: str | None) -> Iterator[tuple[str, str]]:
    for name, target in project.inspection.workspace.project.targets.items():
        if target.env == environment:
            yield name, redacted(target.url)
