"""Pictures of the dashboards in both themes, and the page to try them on, on made-up data."""

from collections.abc import Callable, Collection, Mapping
from typing import Final

import msgspec
from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.drawing.fields.themes import ThemeName
from dashgen.drawing.panel_data import DashboardEntry, PanelData
from dashgen.preview.opened_view import opened_view
from dashgen.preview.page.page_data import PageIndex
from dashgen.preview.page_views import ViewChoice
from dashgen.preview.preview_page import preview_page
from dashgen.preview.shown_dashboard import project_dashboards
from dashgen.preview.sources.panel_source import PanelSource
from dashgen.preview.sources.sample_source import sample_source
from dashgen.preview.view_pictures import view_svg
from dashgen.preview.views.view import VariableOptions, View
from dashgen.preview.views.viewed_dashboard import ViewedDashboard
from dashgen.project.inspection import Inspection
from dashgen.site.site_paths import file_stem

_THEMES: Final[tuple[ThemeName, ...]] = ("dark", "light")
_WIDTH: Final = 1200
_CHOICE: Final = ViewChoice(most_values=3, most_views=4)
PREVIEW: Final = "preview.html"
"""The page on which dashboards can be tried: `dashgen preview`."""


class RememberedSource(Struct, frozen=True):
    """A source that computes each view of a dashboard once: pictures and page show it in both themes."""

    source: PanelSource
    views: dict[bytes, Mapping[str, PanelData]] = {}

    @property
    def name(self) -> str:
        """What the page calls it."""
        return self.source.name

    @property
    def is_sample(self) -> bool:
        """Whether the data is made up."""
        return self.source.is_sample

    @property
    def now_ms(self) -> int:
        """The milliseconds of the present."""
        return self.source.now_ms

    def variable_options(self, dashboard: Json, view: View) -> VariableOptions:
        """What variables offer."""
        return self.source.variable_options(dashboard, view)

    def panel_data(self, viewed: ViewedDashboard) -> Mapping[str, PanelData]:
        """What each panel shows, by its key."""
        key = msgspec.json.encode((viewed.dashboard.get("uid"), viewed.view))
        if key not in self.views:
            self.views[key] = self.source.panel_data(viewed)
        return self.views[key]


def picture_files(inspection: Inspection, step: Callable[[str], None]) -> dict[str, bytes]:
    """The pictures by their paths, and the page on which dashboards can be tried.

    Args:
        inspection: the settled specs.
        step: called with what is drawn next.
    """
    dashboards = project_dashboards(inspection)
    entries = [DashboardEntry(one.title, one.uid, one.folder, one.tags) for one in dashboards]
    source = RememberedSource(sample_source(inspection, entries))
    contents = {}
    for dashboard in dashboards:
        step(f"drawing {dashboard.uid}")
        for theme in _THEMES:
            picture = view_svg(opened_view(dashboard.data, View(), source, theme), _WIDTH)
            contents[picture_path(dashboard.uid, theme)] = f"{picture}\n".encode()
    if dashboards:
        step("writing the preview")
        page = preview_page(dashboards, source, PageIndex(inspection.workspace.root.name, []), _CHOICE)
        contents[PREVIEW] = page.encode()
    return contents


def picture_path(uid: str, theme: ThemeName) -> str:
    """The path of a picture below the site."""
    return f"pictures/{file_stem(uid)}-{theme}.svg"


def picture_paths(uids: Collection[str], contents: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """The pictures that there are: for each dashboard its themes and their paths.

    Args:
        uids: the dashboards.
        contents: the paths of the pictures that were drawn.
    """
    return {
        uid: [(theme, picture_path(uid, theme)) for theme in _THEMES]
        for uid in uids
        if picture_path(uid, _THEMES[0]) in contents
    }
