"""The page of several dashboards."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from dashgen.preview.page.page_data import DashboardListing, PageIndex
from dashgen.preview.page.page_document import page_html
from dashgen.preview.page.page_maker import page_dashboard
from dashgen.preview.page_views import ViewChoice, page_views
from dashgen.preview.shown_dashboard import ShownDashboard
from dashgen.preview.sources.panel_source import PanelSource


def preview_page(
    dashboards: Sequence[ShownDashboard],
    source: PanelSource,
    index: PageIndex,
    choice: ViewChoice,
    step: Callable[[], None] = lambda: None,
) -> str:
    """The page as HTML.

    Args:
        dashboards: what it shows.
        source: where the data is from.
        index: how the page is opened; its list and its source are filled in.
        choice: what it has of each dashboard.
        step: called after each dashboard.
    """
    pages = []
    for dashboard in dashboards:
        pages.append(page_dashboard(dashboard, page_views(dashboard.data, source, choice), source))
        step()
    return page_html(page_index(dashboards, source, index), pages)


def page_index(dashboards: Sequence[ShownDashboard], source: PanelSource, index: PageIndex) -> PageIndex:
    """The index of a page with its list of dashboards."""
    listed = [DashboardListing(one.uid, one.title, one.folder, one.tags) for one in dashboards]
    return replace(index, dashboards=listed, source=source.name, sample=source.is_sample)
