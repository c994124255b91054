"""Dashboards as the page has them: sections, panels, and the content of each in both themes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.json_values import Json, mappings, text, whole
from dashgen.doctor.live.live_queries import DashboardQueries, DashboardView
from dashgen.drawing.drawing_context import DrawingContext
from dashgen.drawing.fields.themes import ThemeName
from dashgen.drawing.markup.markdown_markup import markdown_markup
from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.panel_markup import themed_markup
from dashgen.drawing.panels.panel_chrome import HEADER, PADDING
from dashgen.preview.opened_view import OpenedView, opened_view
from dashgen.preview.page.page_data import (
    DataTable,
    PageContent,
    PageDashboard,
    PagePanel,
    PageSection,
    PageVariable,
    PageView,
)
from dashgen.preview.page.page_links import dashboard_link, panel_link
from dashgen.preview.page.panel_inspection import data_tables, panel_queries, transformation_names
from dashgen.preview.shown_dashboard import ShownDashboard
from dashgen.preview.sources.panel_source import PanelSource
from dashgen.preview.view_pictures import panel_size
from dashgen.preview.views.read_variables import read_variables
from dashgen.preview.views.view import View
from dashgen.preview.views.view_time import range_name, time_presets
from dashgen.preview.views.viewed_dashboard import (
    ViewedDashboard,
    ViewedPanel,
    ViewedSection,
    ViewedVariable,
)
from dashgen.project.build import no_collection

_BORDER: Final = 1
_HIDDEN: Final = 2
_ENCODER: Final = msgspec.json.Encoder(enc_hook=str)

ContentMemory: TypeAlias = dict[bytes, tuple[PanelData, PageContent]]
"""Contents that were made before, by all that they depend on but their data, which is beside them."""


class PageDetail(Struct, frozen=True):
    """How much of each panel the page has.

    Attributes:
        most_rows: how many rows of each result can be inspected.
        themes: the theme that contents are made for, and a second one where the page may switch to it.
        memory: where contents are kept for pages that are made later; None to keep them for one page.
    """

    most_rows: int = 40
    themes: Sequence[ThemeName] = ("dark", "light")
    memory: ContentMemory | None = None


@no_collection()
def page_dashboard(
    dashboard: ShownDashboard,
    views: Iterable[View],
    source: PanelSource,
    detail: PageDetail = PageDetail(),  # noqa: B008  # it cannot be changed
) -> PageDashboard:
    """A dashboard as the page has it.

    Args:
        dashboard: the dashboard.
        views: what of it is in the page; the first is what it opens with.
        source: where the data is from.
        detail: how much of each panel there is.
    """
    maker = _PageMaker(dashboard, source, detail)
    page_views = [maker.view(view) for view in views]
    opened = maker.opened[0]
    return PageDashboard(
        dashboard.uid,
        dashboard.title,
        text(dashboard.data.get("description")),
        dashboard.tags,
        dashboard.folder,
        dashboard.location,
        [link for one in opened.links if (link := dashboard_link(one)) is not None],
        [_variable(one) for one in opened.variables],
        page_views,
        maker.contents,
        maker.tables,
        whole(dashboard.data.get("graphTooltip"), 0),
        maker.presets,
    )


class _PageMaker:
    """Makes the views of one dashboard, which share their contents where these are the same."""

    def __init__(self, dashboard: ShownDashboard, source: PanelSource, detail: PageDetail) -> None:
        self._dashboard = dashboard
        self.detail = detail
        self.presets = time_presets(dashboard.data)
        self.memory: ContentMemory = {} if detail.memory is None else detail.memory
        self._source = source
        self._indices: dict[bytes, int] = {}
        self.contents: list[PageContent] = []
        self.tables: list[Sequence[DataTable]] = []
        self.opened: list[ViewedDashboard] = []

    def view(self, view: View) -> PageView:
        """One view."""
        opened = opened_view(self._dashboard.data, view, self._source)
        viewed = opened.viewed
        self.opened.append(viewed)
        start, end = viewed.view.time_from, viewed.view.time_to
        return PageView(
            start,
            end,
            viewed.context.time_range,
            range_name(self.presets, start, end),
            {one.name: one.values for one in viewed.variables},
            viewed.context.zone,
            list(_ViewMaker(self, self._dashboard, opened).sections(viewed.sections)),
        )

    def index_of(self, content: PageContent) -> int:
        """The index of a content, which is kept once."""
        index = self._indices.setdefault(msgspec.json.encode(content), len(self.contents))
        if index == len(self.contents):
            self.contents.append(content)
        return index

    def table_of(self, data: PanelData) -> int:
        """The index of the tables of a panel's data; -1 in views beside the first, which would double the page."""
        if len(self.opened) > 1:
            return -1
        self.tables.append(data_tables(data.frames, self.detail.most_rows))
        return len(self.tables) - 1


class _ViewMaker:
    def __init__(self, maker: _PageMaker, dashboard: ShownDashboard, opened: OpenedView) -> None:
        self._maker = maker
        self._dashboard = dashboard
        self._opened = opened
        self._viewed = opened.viewed
        now = datetime.fromtimestamp(opened.viewed.context.now_ms / 1000, UTC)
        self._queries = DashboardQueries(DashboardView(opened.viewed.dashboard), now, {})
        self._numbers = {panel.key: number for number, panel in enumerate(self._viewed.panels)}

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
        data = self._opened.data_of(viewed)
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
            description_markup(text(panel.get("description"))),
            panel.get("transparent") is True,
            [link for link in links if link is not None],
            viewed.time_note,
            data.alert_state,
            data.error,
            viewed.time_range if own else None,
            self._dashboard.panel_locations.get(number, "") if isinstance(number, int) else "",
            panel_queries(viewed, self._queries),
            transformation_names(viewed),
            self._maker.table_of(data) if data.frames else -1,
            data.notices,
        )  # fmt: skip

    def _content(self, viewed: ViewedPanel, data: PanelData) -> int:
        size = content_size(viewed)
        context = replace(self._viewed.context_of(viewed), prefix=f"p{self._numbers[viewed.key]}")
        detail, memory = self._maker.detail, self._maker.memory
        written = _ENCODER.encode(viewed.panel)
        context = replace(context, variables=read_variables(written, context.variables))
        contexts = [replace(context, theme=theme) for theme in detail.themes]
        key = written + _ENCODER.encode([size, contexts])
        entry = memory.get(key)
        # Data that nobody queried again is the same object, and so are its frames where the rest is not.
        if entry is None or entry[0] != data:
            entry = memory[key] = data, _content(viewed.panel, data, size, contexts)
        return self._maker.index_of(entry[1])


def _content(
    panel: Json, data: PanelData, size: tuple[float, float], contexts: Sequence[DrawingContext]
) -> PageContent:
    first, *others = themed_markup(panel, data, size, contexts)
    content = PageContent(first.html, first.chart)
    for other in others:
        html = other.html if other.html != first.html else None
        # Of a chart only what the theme changes: its colours, and not its numbers.
        chart = {name: one for name, one in other.chart.items() if one != first.chart.get(name)}
        content = replace(content, light_html=html, light_chart=chart or None)
    return content


def description_markup(written: str) -> str:
    """A description, which is Markdown, as inert markup."""
    return markdown_markup(written) if written.strip() else ""


def content_size(viewed: ViewedPanel) -> tuple[float, float]:
    """The width and height of a panel's content in pixels, in a window of the usual width."""
    has_header = bool(text(viewed.panel.get("title")) or text(viewed.panel.get("description")))
    width, height = panel_size(viewed)
    frame = (HEADER if has_header else PADDING) + PADDING + 2 * _BORDER
    return max(width - 2 * (PADDING + _BORDER), 1), max(height - frame, 1)


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
