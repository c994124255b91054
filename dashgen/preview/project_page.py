"""The page of a project's dashboards."""

from collections.abc import Callable, Collection

from msgspec.structs import replace

from dashgen.preview.dashboard_pictures import project_source
from dashgen.preview.page.page_data import DashboardListing, PageIndex
from dashgen.preview.page.page_document import page_html
from dashgen.preview.page.page_maker import page_dashboard
from dashgen.preview.shown_dashboard import ShownDashboard
from dashgen.preview.views.view import View
from dashgen.project.inspection import Inspection


def project_page(
    inspection: Inspection,
    dashboards: Collection[ShownDashboard],
    index: PageIndex,
    step: Callable[[], None],
) -> str:
    """The page as HTML.

    Args:
        inspection: the settled specs, from whose contract data is made up.
        dashboards: the dashboards.
        index: how the page is opened; its list of dashboards is filled in.
        step: called after each dashboard.
    """
    source = project_source(inspection)
    pages = []
    for dashboard in dashboards:
        pages.append(page_dashboard(dashboard, [View()], source))
        step()
    listed = [DashboardListing(page.uid, page.title, page.folder, page.tags) for page in pages]
    return page_html(replace(index, dashboards=listed), pages)
