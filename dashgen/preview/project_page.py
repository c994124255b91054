"""The page of a project's dashboards."""

from collections.abc import Callable, Collection, Mapping

from msgspec.structs import replace

from dashgen.core.json_values import Json
from dashgen.drawing.panel_data import PanelData
from dashgen.preview.dashboard_pictures import NOW, project_data
from dashgen.preview.page.page_data import DashboardListing, PageIndex
from dashgen.preview.page.page_document import page_html
from dashgen.preview.page.page_maker import ShownDashboard, page_dashboard
from dashgen.preview.panel_frames import frames_of_panels
from dashgen.preview.views.view import VariableOptions, View
from dashgen.preview.views.viewed_dashboard import ViewedDashboard
from dashgen.project.inspection import InspectedDashboard, Inspection


class ProjectSampleSource:
    """Data made up from a project's contract."""

    name = "sample data"
    is_sample = True
    now_ms = NOW

    def __init__(self, inspection: Inspection) -> None:
        self._inspection = inspection

    def variable_options(self, _dashboard: Json, _view: View) -> VariableOptions:
        """No options beside those that dashboards have."""
        return {}

    def panel_data(self, viewed: ViewedDashboard) -> Mapping[str, PanelData]:
        """What each panel shows, by its key."""
        frames = frames_of_panels(viewed.dashboard, project_data(self._inspection, viewed.dashboard))
        return {one.key: PanelData(frames.get(one.panel.get("id", 0), [])) for one in viewed.panels}


def project_dashboards(inspection: Inspection, uids: Collection[str] = ()) -> list[ShownDashboard]:
    """The dashboards of a project that compile.

    Args:
        inspection: the settled specs.
        uids: those that are wanted; all when there are none.
    """
    return [
        ShownDashboard(data, inspection.compiler.folder(one.settled) or "", _place(one), _panel_places(one))
        for one in inspection.dashboards
        if (not uids or one.settled.uid in uids) and (data := inspection.json_of(one)) is not None
    ]


def _place(dashboard: InspectedDashboard) -> str:
    location = dashboard.resolved.origin(()).location()
    return f"{location.file}:{location.span.line}" if location.span else location.file


def _panel_places(dashboard: InspectedDashboard) -> dict[int, str]:
    places = {}
    for row in dashboard.settled.rows:
        for panel in row.panels:
            location = dashboard.resolved.origin(panel.path).location()
            places[panel.id] = f"{location.file}:{location.span.line}" if location.span else location.file
    return places


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
    source = ProjectSampleSource(inspection)
    pages = []
    for dashboard in dashboards:
        pages.append(page_dashboard(dashboard, [View()], source))
        step()
    listed = [DashboardListing(page.uid, page.title, page.folder, page.tags) for page in pages]
    return page_html(replace(index, dashboards=listed), pages)
