"""Pictures of dashboards as they are looked at: 24 columns, lines of 30 px, gaps of 8 px."""

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from dashgen.core.json_values import text
from dashgen.drawing.drawing_context import FONT, DrawingContext
from dashgen.drawing.panel_svg import panel_marks, panel_svg
from dashgen.drawing.svg.elements import (
    Box,
    Stroke,
    TextStyle,
    document,
    element,
    line_of_text,
    path,
    rectangle,
)
from dashgen.drawing.svg.text_widths import text_width
from dashgen.formats.panel_tree import COLUMNS
from dashgen.preview.compare_pictures import PANEL_MARK
from dashgen.preview.opened_view import OpenedView
from dashgen.preview.views.viewed_dashboard import ViewedPanel, ViewedSection

PAGE_WIDTH: Final = 1600
"""The width in pixels of the window that pictures and contents of panels are made for."""
MARGIN, CELL, GAP = 16, 30, 8
_ROW_TITLE, _ROW_NOTE = 16, 12
_TAB_BAR, _TAB_PADDING, _TAB_LINE = 38, 12, 3
_TAB_COLOR: Final = "#ff8833"


class ViewPicture(NamedTuple):
    """A picture, and its size in pixels."""

    svg: str
    width: int
    height: int


def view_svg(opened: OpenedView, width: int = PAGE_WIDTH) -> str:
    """A dashboard as an SVG document; `view_picture` has its size too."""
    return view_picture(opened, width).svg


def view_picture(opened: OpenedView, width: int = PAGE_WIDTH) -> ViewPicture:
    """A dashboard as an SVG document; its height follows from the panels.

    Args:
        opened: the dashboard, with the theme and time that the picture has.
        width: of the picture, in pixels.
    """
    pen = _Pen(opened, width - 2 * MARGIN)
    bottom = pen.stack(opened.viewed.sections, MARGIN)
    height = math.ceil(max(bottom - GAP, MARGIN) + MARGIN)
    canvas = rectangle(Box(0, 0, width, height), opened.viewed.context.palette.canvas)
    title = text(opened.viewed.dashboard.get("title"))
    return ViewPicture(document((width, height), FONT, title, [canvas, *pen.marks]), width, height)


def viewed_panel_svg(opened: OpenedView, panel: ViewedPanel, width: int = PAGE_WIDTH) -> str:
    """One panel as an SVG document, as large as it is on the dashboard.

    Args:
        opened: the dashboard.
        panel: one of its panels.
        width: of the dashboard, in pixels.
    """
    box = _box(panel, Box(0, 0, width - 2 * MARGIN, 0))
    context = opened.viewed.context_of(panel)
    return panel_svg(panel.panel, opened.data_of(panel), (box.width, box.height), context)


class PixelSize(NamedTuple):
    """A width and a height in pixels."""

    width: float
    height: float


def panel_size(panel: ViewedPanel, width: int = PAGE_WIDTH) -> PixelSize:
    """How large a panel is on a dashboard of a width."""
    box = _box(panel, Box(0, 0, width - 2 * MARGIN, 0))
    return PixelSize(box.width, box.height)


def _box(panel: ViewedPanel, area: Box) -> Box:
    column = (area.width + GAP) / COLUMNS
    x, y, w, h = panel.place
    return Box(
        round(area.x + x * column, 2),
        round(area.y + y * (CELL + GAP), 2),
        round(w * column - GAP, 2),
        round(h * (CELL + GAP) - GAP, 2),
    )


class _Pen:
    """Draws sections below each other.

    Args:
        opened: the dashboard.
        width: of its grid, in pixels.
    """

    def __init__(self, opened: OpenedView, width: float) -> None:
        self._opened = opened
        self._width = width
        self._context: DrawingContext = opened.viewed.context
        self._count = 0
        self.marks: list[str] = []

    def stack(self, sections: Sequence[ViewedSection], top: float) -> float:
        """Draw sections from a height on; gives the height below them, with the gap to what follows."""
        for group in _groups(sections):
            is_bar = group[0].kind == "tab"
            top = self._tabs(group, top) if is_bar else self._section(group[0], top)
        return top

    def _section(self, section: ViewedSection, top: float) -> float:
        if section.kind != "row":
            return self._grid(section, top)
        if section.has_header:
            self._row_title(section, Box(MARGIN, top, self._width, CELL))
            top += CELL + GAP
        return top if section.is_folded else self.stack(section.sections, top)

    def _grid(self, section: ViewedSection, top: float) -> float:
        area = Box(MARGIN, top, self._width, 0)
        for panel in section.panels:
            context = self._opened.viewed.context_of(panel)
            identity = f"{context.prefix}{self._count}"
            self._count += 1
            data = self._opened.data_of(panel)
            marks = panel_marks(panel.panel, data, _box(panel, area), context, identity)
            # What a comparison of two pictures names it by.
            self.marks.append(element("g", {PANEL_MARK: text(panel.panel.get("title"))}, *marks))
        return top + section.height * (CELL + GAP)

    def _tabs(self, tabs: Sequence[ViewedSection], top: float) -> float:
        theme = self._context.palette
        x = float(MARGIN)
        for tab in tabs:
            width = text_width(tab.title, 14) + 2 * _TAB_PADDING
            opacity = theme.text_opacity_secondary if tab.is_folded else 1
            style = TextStyle(14, theme.text, opacity=opacity)
            self.marks.append(line_of_text(tab.title, x + _TAB_PADDING, top + _TAB_BAR / 2, style))
            if not tab.is_folded:
                line = Box(x, top + _TAB_BAR - _TAB_LINE, width, _TAB_LINE)
                self.marks.append(rectangle(line, _TAB_COLOR, radius=2))
            x += width
        edge = Box(MARGIN, top + _TAB_BAR - 1, self._width, 1)
        self.marks.append(rectangle(edge, theme.border, opacity=theme.border_opacity))
        top += _TAB_BAR + MARGIN
        opened = next((tab for tab in tabs if not tab.is_folded), None)
        return self.stack(opened.sections, top) if opened else top

    def _row_title(self, row: ViewedSection, box: Box) -> None:
        theme = self._context.palette
        middle = box.y + box.height / 2
        if row.is_folded:
            self.marks.append(rectangle(box, theme.panel, radius=2))
        folded, unfolded = f"M{box.x + 12} {middle - 3}l3 3l-3 3", f"M{box.x + 11} {middle - 1.5}l3 3l3 -3"
        self.marks.append(path(folded if row.is_folded else unfolded, stroke=Stroke(theme.text, 1.5)))
        x = box.x + 22
        self.marks.append(line_of_text(row.title, x, middle, TextStyle(_ROW_TITLE, theme.text, weight=500)))
        if row.is_folded:
            count = sum(1 for _ in row.all_panels)
            note = f"({count} panel{'s' * (count != 1)})"
            style = TextStyle(_ROW_NOTE, theme.text, opacity=theme.text_opacity_secondary, is_italic=True)
            x += text_width(row.title, _ROW_TITLE, 500) + 16
            self.marks.append(line_of_text(note, x, middle, style))


def _groups(sections: Sequence[ViewedSection]) -> Iterator[list[ViewedSection]]:
    """Each section alone, and the tabs beside each other together."""
    group: list[ViewedSection] = []
    for section in sections:
        if group and (section.kind != "tab" or group[0].kind != "tab"):
            yield group
            group = []
        group.append(section)
    if group:
        yield group
