"""The files of a site: its pages, its pictures, its style sheet, its scripts."""

from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files

from dashgen.project.inspection import Inspection
from dashgen.project.rule_tests.run_tests import Programs, run_rule_tests
from dashgen.site.flow_graph import flow_graph
from dashgen.site.flow_picture import flow_picture
from dashgen.site.page_html import SiteFrame, page_html
from dashgen.site.pages.alert_pages import alert_pages
from dashgen.site.pages.dashboard_pages import dashboard_pages
from dashgen.site.pages.data_source_pages import data_sources_page
from dashgen.site.pages.metric_pages import metric_pages, recordings_page
from dashgen.site.pages.notification_pages import notifications_page
from dashgen.site.pages.objective_pages import OBJECTIVES, objectives_page
from dashgen.site.pages.other_pages import ENVIRONMENTS, environments_page, reports_page, scalers_page
from dashgen.site.pages.start_pages import FLOW, navigation, start_pages
from dashgen.site.search_index import SEARCH_INDEX, search_index
from dashgen.site.site_page import SitePage
from dashgen.site.site_pictures import picture_files, picture_paths
from dashgen.site.site_project import (
    DATA_SOURCES,
    NOTIFICATIONS,
    RECORDINGS,
    REPORTS,
    SCALERS,
    SiteOptions,
    SiteProject,
)

_PAGES: Mapping[str, Callable[[SiteProject], SitePage]] = {
    RECORDINGS: recordings_page,
    DATA_SOURCES: data_sources_page,
    NOTIFICATIONS: notifications_page,
    OBJECTIVES: objectives_page,
    REPORTS: reports_page,
    SCALERS: scalers_page,
    ENVIRONMENTS: environments_page,
}


def site_files(
    inspection: Inspection, options: SiteOptions, step: Callable[[str], None] = lambda _what: None
) -> dict[str, bytes]:
    """The content of every file, by its path below the site.

    Args:
        inspection: the settled specs.
        options: what the site is made with.
        step: called with what is done next, for a progress line.
    """
    project = SiteProject(inspection)
    if options.has_tests:
        step("testing rules")
        report = run_rule_tests(inspection.groups, (), Programs())
        project.coverage = {one.alert.uid: one for one in report.coverage}
    contents = picture_files(inspection, step) if options.has_pictures else {}
    step("writing pages")
    frame = SiteFrame(site_name(inspection), navigation(project), picture_paths(project.dashboards, contents))
    pages = list(_pages(project, frame.name))
    for page in pages:
        contents[page.path] = page_html(page, frame).encode()
    contents[SEARCH_INDEX] = search_index(pages).encode()
    assets = files("dashgen.site") / "assets"
    for asset in ("site.css", "site.js"):
        contents[asset] = (assets / asset).read_bytes()
    return dict(sorted(contents.items()))


def site_name(inspection: Inspection) -> str:
    """The name of a project: the folder that all its dashboards are in, else that of its own folder."""
    folders = {inspection.compiler.folder(one.settled) for one in inspection.dashboards}
    folder = folders.pop() if len(folders) == 1 else None
    return folder or inspection.workspace.root.name


def _pages(project: SiteProject, name: str) -> Iterator[SitePage]:
    shown = {link.path for link in navigation(project)}
    yield from (page for page in start_pages(project, name) if page.path in shown)
    yield from dashboard_pages(project)
    yield from alert_pages(project)
    yield from metric_pages(project)
    yield from (make(project) for path, make in _PAGES.items() if path in shown)
    if FLOW in shown:
        picture = flow_picture(flow_graph(project), "")
        yield SitePage(FLOW, "Data flow", "list", "flow.html", {"picture": picture})
