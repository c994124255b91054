"""Dashboards as the page has them: sections, panels, and the content of each in both themes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.json_values import Json, items, mappings, text
from dashgen.drawing.drawing_context import DrawingContext
from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.panel_markup import panel_markup
from dashgen.drawing.panels.panel_chrome import HEADER, PADDING
from dashgen.formats.panel_tree import COLUMNS
from dashgen.preview.page.page_data import (
    PageContent,
    PageDashboard,
    PagePanel,
    PageSection,
    PageVariable,
    PageView,
)
from dashgen.preview.page.page_links import dashboard_link, panel_link
from dashgen.preview.sources.panel_source import PanelSource
from dashgen.preview.views.view import View
from dashgen.preview.views.view_conditions import with_data
from dashgen.preview.views.view_dashboard import viewed_dashboard
from dashgen.preview.views.viewed_dashboard import (
    ViewedDashboard,
    ViewedPanel,
    ViewedSection,
    ViewedVariable,
)

PAGE_WIDTH: Final = 1600
"""The width in pixels of the window that contents are made for; they fit themselves to others."""
_MARGIN, _CELL, _GAP, _BORDER = 16, 30, 8, 1
_HIDDEN: Final = 2


class ShownDashboard(Struct, frozen=True):
    """A dashboard that the page shows.

    Attributes:
        data: Grafana's JSON in the extended classic form.
        folder: the title of its folder.
        place: the file and line of its spec.
        panel_places: the file and line of each panel's spec, by the panel's number.
    """

    data: Json
    folder: str = ""
    place: str = ""
    panel_places: Mapping[int, str] = {}

    @property
    def uid(self) -> str:
        """Its uid."""
        return text(self.data.get("uid"))

    @property
    def title(self) -> str:
        """Its title."""
        return text(self.data.get("title"))


def page_dashboard(dashboard: ShownDashboard, views: Iterable[View], source: PanelSource) -> PageDashboard:
    """A dashboard as the page has it.

    Args:
        dashboard: the dashboard.
        views: what of it is in the page; the first is what it opens with.
        source: where the data is from.
    """
    maker = _PageMaker(dashboard, source)
    made = [maker.view(view) for view in views]
    opened = maker.opened[0]
    return PageDashboard(
        dashboard.uid,
        dashboard.title,
        text(dashboard.data.get("description")),
        [tag for tag in items(dashboard.data.get("tags")) if isinstance(tag, str)],
        dashboard.folder,
        dashboard.place,
        [link for one in opened.links if (link := dashboard_link(one)) is not None],
        [_variable(one) for one in opened.variables],
        made,
        maker.contents,
    )


class _PageMaker:
    """Makes the views of one dashboard, which share their contents where these are the same."""

    def __init__(self, dashboard: ShownDashboard, source: PanelSource) -> None:
        self._dashboard = dashboard
        self._source = source
        self._indices: dict[bytes, int] = {}
        self.contents: list[PageContent] = []
        self.opened: list[ViewedDashboard] = []

    def view(self, view: View) -> PageView:
        """One view."""
        options = self._source.variable_options(self._dashboard.data, view)
        viewed = viewed_dashboard(self._dashboard.data, view, options, self._source.now_ms)
        data = self._source.panel_data(viewed)
        viewed = with_data(viewed, data)
        self.opened.append(viewed)
        return PageView(
            viewed.view.time_from,
            viewed.view.time_to,
            viewed.context.time_range,
            {one.name: one.values for one in viewed.variables},
            viewed.context.zone,
            list(_ViewMaker(self, self._dashboard, viewed, data).sections(viewed.sections)),
        )

    def index_of(self, content: PageContent) -> int:
        """The index of a content, which is kept once."""
        index = self._indices.setdefault(msgspec.json.encode(content), len(self.contents))
        if index == len(self.contents):
            self.contents.append(content)
        return index


class _ViewMaker:
    def __init__(
        self,
        maker: _PageMaker,
        dashboard: ShownDashboard,
        viewed: ViewedDashboard,
        data: Mapping[str, PanelData],
    ) -> None:
        self._maker = maker
        self._dashboard = dashboard
        self._viewed = viewed
        self._data = data
        self._numbers = {panel.key: number for number, panel in enumerate(viewed.panels)}

    def sections(self, sections: Sequence[ViewedSection]) -> Iterator[PageSection]:
        """Sections that stand below each other; neighbours that are tabs share one bar."""
        tabs: list[PageSection] = []
        for section in sections:
            if section.kind == "tab":
                tabs.append(self._section(section))
                continue
            yield from _tab_bar(tabs)
            tabs = []
            yield self._section(section)
        yield from _tab_bar(tabs)

    def _section(self, section: ViewedSection) -> PageSection:
        is_bare = section.kind == "row" and not section.has_header
        return PageSection(
            "grid" if is_bare else section.kind,
            section.key,
            section.title,
            section.is_folded,
            section.height,
            [self._panel(panel) for panel in section.panels],
            list(self.sections(section.sections)),
            [_variable(one) for one in section.variables],
        )

    def _panel(self, viewed: ViewedPanel) -> PagePanel:
        panel = viewed.panel
        data = self._data.get(viewed.key, PanelData())
        x, y, w, h = viewed.place
        own = viewed.time_range != self._viewed.context.time_range
        links = (panel_link(link) for link in mappings(panel.get("links")))
        number = panel.get("id")
        return PagePanel(
            viewed.key,
            text(panel.get("type")),
            self._content(viewed, data),
            x, y, w, h,
            text(panel.get("title")),
            text(panel.get("description")),
            panel.get("transparent") is True,
            [link for link in links if link is not None],
            viewed.time_note,
            data.alert_state,
            data.error,
            viewed.time_range if own else None,
            self._dashboard.panel_places.get(number, "") if isinstance(number, int) else "",
        )  # fmt: skip

    def _content(self, viewed: ViewedPanel, data: PanelData) -> int:
        size = content_size(viewed)
        context = replace(self._viewed.context_of(viewed), prefix=f"p{self._numbers[viewed.key]}")
        return self._maker.index_of(_both_themes(viewed.panel, data, size, context))


def content_size(viewed: ViewedPanel) -> tuple[float, float]:
    """The width and height of a panel's content in pixels, in a window of the usual width."""
    _, _, w, h = viewed.place
    has_header = bool(text(viewed.panel.get("title")) or text(viewed.panel.get("description")))
    width = (PAGE_WIDTH - 2 * _MARGIN + _GAP) * w / COLUMNS - _GAP - 2 * PADDING - 2 * _BORDER
    height = h * (_CELL + _GAP) - _GAP - (HEADER if has_header else PADDING) - PADDING - 2 * _BORDER
    return max(width, 1), max(height, 1)


def _both_themes(
    panel: Json, data: PanelData, size: tuple[float, float], context: DrawingContext
) -> PageContent:
    dark = panel_markup(panel, data, size, context)
    light = panel_markup(panel, data, size, replace(context, theme="light"))
    light_html = light.html if light.html != dark.html else None
    light_chart = light.chart if light.chart != dark.chart else None
    return PageContent(dark.html, dark.chart, light_html, light_chart)


def _tab_bar(tabs: list[PageSection]) -> Iterator[PageSection]:
    if tabs:
        opened = next((at for at, tab in enumerate(tabs) if not tab.folded), 0)
        yield PageSection("tabs", f"tabs:{tabs[0].key}", opened=opened, sections=tabs)


def _variable(variable: ViewedVariable) -> PageVariable:
    return PageVariable(
        variable.name,
        "" if variable.hide == 1 else variable.label,
        variable.description,
        variable.kind,
        hidden=variable.hide == _HIDDEN,
        multi=variable.is_multi,
        options=[(one.text, one.value) for one in variable.options],
        texts=variable.texts,
    )
