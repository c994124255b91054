"""The page of a project's dashboards."""

from collections.abc import Callable, Collection, Mapping

from msgspec import Struct

from dashgen.core.json_values import Json, text
from dashgen.drawing.drawing_context import DrawingContext
from dashgen.drawing.fields.frames import Frame
from dashgen.drawing.panel_data import PanelData
from dashgen.preview.dashboard_pictures import project_data, range_of
from dashgen.preview.page.dashboard_data import DashboardReader
from dashgen.preview.page.page_data import DashboardListing, PageDashboard, PageIndex
from dashgen.preview.page.page_document import page_html
from dashgen.preview.panel_frames import frames_of_panels, variable_texts
from dashgen.project.inspection import Inspection


class ProjectDashboard(Struct, frozen=True):
    """A dashboard of a project: its JSON, and the title of its folder."""

    data: Json
    folder: str


def project_dashboards(inspection: Inspection, uids: Collection[str] = ()) -> list[ProjectDashboard]:
    """The dashboards of a project that compile.

    Args:
        inspection: the settled specs.
        uids: those that are wanted; all when there are none.
    """
    return [
        ProjectDashboard(data, inspection.compiler.folder(one.settled) or "")
        for one in inspection.dashboards
        if (not uids or one.settled.uid in uids) and (data := inspection.json_of(one)) is not None
    ]


def project_page(
    inspection: Inspection,
    dashboards: Collection[ProjectDashboard],
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
    pages: list[PageDashboard] = []
    for dashboard in dashboards:
        pages.append(_page(inspection, dashboard))
        step()
    listed = [DashboardListing(page.uid, page.title, page.folder, page.tags) for page in pages]
    return page_html(
        PageIndex(index.title, listed, index.source, index.sample, index.served, index.theme), pages
    )


def _page(inspection: Inspection, dashboard: ProjectDashboard) -> PageDashboard:
    data = project_data(inspection, dashboard.data)
    frames = frames_of_panels(dashboard.data, data)
    zone = text(dashboard.data.get("timezone")) or "UTC"
    context = DrawingContext(
        range_of(dashboard.data, data.now), data.now, "dark", zone, variable_texts(dashboard.data)
    )
    return DashboardReader(dashboard.data, dashboard.folder, _data_source(frames), context).page()


def _data_source(frames: Mapping[int, list[Frame]]) -> Callable[[Json], PanelData]:
    return lambda panel: PanelData(frames.get(panel.get("id", 0), []))
