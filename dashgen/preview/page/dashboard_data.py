"""A dashboard as the page has it: sections, panels and the content of each in both themes."""

from collections.abc import Callable, Iterator
from typing import Final

from msgspec.structs import replace

from dashgen.core.json_values import Json, items, mapping, mappings, text, whole
from dashgen.drawing.drawing_context import DrawingContext
from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.panel_markup import panel_markup
from dashgen.drawing.panels.panel_chrome import HEADER, PADDING
from dashgen.preview.page.page_data import (
    PageContent,
    PageDashboard,
    PagePanel,
    PageSection,
    PageView,
)

PAGE_WIDTH: Final = 1600
"""The width in pixels of the window that contents are made for; they fit themselves to others."""
MARGIN, CELL, GAP, COLUMNS = 16, 30, 8, 24
_SAFE_SCHEMES: Final = ("https://", "http://", "mailto:")


class DashboardReader:
    """Makes the page's form of one dashboard.

    Args:
        dashboard: Grafana's JSON at schemaVersion 42.
        folder: the title of its folder.
        data_of: gives what a panel shows.
        context: what its contents depend on.
    """

    def __init__(
        self, dashboard: Json, folder: str, data_of: Callable[[Json], PanelData], context: DrawingContext
    ) -> None:
        self._dashboard = dashboard
        self._folder = folder
        self._data_of = data_of
        self._context = context
        self._made: list[PageContent] = []

    def page(self) -> PageDashboard:
        """The dashboard with the view that it opens with."""
        time = mapping(self._dashboard.get("time"))
        view = PageView(
            text(time.get("from")) or "now-6h",
            text(time.get("to")) or "now",
            self._context.time_range,
            zone=self._context.zone,
            sections=list(self._sections()),
        )
        return PageDashboard(
            text(self._dashboard.get("uid")),
            text(self._dashboard.get("title")),
            tags=[str(tag) for tag in items(self._dashboard.get("tags"))],
            description=text(self._dashboard.get("description")),
            folder=self._folder,
            views=[view],
            contents=self._made,
        )

    def _sections(self) -> Iterator[PageSection]:
        row: Json | None = None
        panels: list[Json] = []
        for panel in sorted(mappings(self._dashboard.get("panels")), key=_position):
            if panel.get("type") == "row":
                yield from self._section(row, panels)
                row, panels = panel, mappings(panel.get("panels"))
            else:
                panels = [*panels, panel]
        yield from self._section(row, panels)

    def _section(self, row: Json | None, panels: list[Json]) -> Iterator[PageSection]:
        if row is None and not panels:
            return
        top = min((_position(panel)[0] for panel in panels), default=0)
        placed = [self._panel(panel, top) for panel in panels]
        rows = max((panel.y + panel.h for panel in placed), default=0)
        if row is None:
            yield PageSection("grid", rows=rows, panels=placed)
            return
        grid = [PageSection("grid", rows=rows, panels=placed)] if placed else []
        yield PageSection(
            "row", str(row.get("id")), text(row.get("title")), row.get("collapsed") is True, sections=grid
        )

    def _panel(self, panel: Json, top: int) -> PagePanel:
        grid = mapping(panel.get("gridPos"))
        x, y = whole(grid.get("x")), whole(grid.get("y")) - top
        w, h = whole(grid.get("w"), 24), whole(grid.get("h"), 1)
        return PagePanel(
            str(panel.get("id")),
            text(panel.get("type")),
            self._content(panel, w, h),
            x,
            y,
            w,
            h,
            text(panel.get("title")),
            text(panel.get("description")),
            panel.get("transparent") is True,
        )

    def _content(self, panel: Json, w: int, h: int) -> int:
        has_header = bool(text(panel.get("title")) or text(panel.get("description")))
        width = (PAGE_WIDTH - 2 * MARGIN + GAP) * w / COLUMNS - GAP - 2 * PADDING - 2
        height = h * (CELL + GAP) - GAP - (HEADER if has_header else PADDING) - PADDING - 2
        data = self._data_of(panel)
        context = replace(self._context, prefix=f"p{panel.get('id')}")
        dark = panel_markup(panel, data, (width, height), context)
        light = panel_markup(panel, data, (width, height), replace(context, theme="light"))
        light_html = light.html if light.html != dark.html else None
        light_chart = light.chart if light.chart != dark.chart else None
        self._made.append(PageContent(dark.html, dark.chart, light_html, light_chart))
        return len(self._made) - 1


def _position(panel: Json) -> tuple[int, int]:
    grid = mapping(panel.get("gridPos"))
    return whole(grid.get("y")), whole(grid.get("x"))
