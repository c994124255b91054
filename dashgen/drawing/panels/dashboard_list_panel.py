"""The panel `dashlist`. Source: panel/dashlist (DashList.tsx) of Grafana 12.4.3."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from dashgen.core.json_values import items, text, whole
from dashgen.drawing.panel_data import DashboardEntry
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.text_rows import TextRow, row_marks

_MOST: Final = 10


class DashboardListPart(NamedTuple):
    """A part of a list of dashboards; `note` stands where nothing is known of them without a Grafana."""

    heading: str
    dashboards: Sequence[DashboardEntry]
    note: str = ""


def draw_dashboard_list(drawing: PanelDrawing) -> list[str]:
    """The dashboards that the options choose, below their headings."""
    rows: list[TextRow] = []
    for section in dashboard_sections(drawing):
        if section.heading:
            rows.append(TextRow(section.heading, is_heading=True))
        if section.note:
            rows.append(TextRow("", section.note))
        rows += [TextRow(one.title, one.folder) for one in section.dashboards]
    return row_marks(drawing, rows) if rows else drawing.message("No dashboard groups configured")


def dashboard_sections(drawing: PanelDrawing) -> list[DashboardListPart]:
    """The parts of the list that the options show."""
    options = drawing.options
    has_headings = options.get("showHeadings") is not False
    sections = []
    for key, heading, what in (
        ("showStarred", "Starred dashboards", "starred"),
        ("showRecentlyViewed", "Recently viewed dashboards", "viewed recently"),
    ):
        if options.get(key) is True:
            note = f"Which dashboards are {what} is known to Grafana only."
            sections.append(DashboardListPart(heading if has_headings else "", (), note))
    if options.get("showSearch") is True:
        sections.append(DashboardListPart("Search" if has_headings else "", _listed_dashboards(drawing)))
    return sections


def _listed_dashboards(drawing: PanelDrawing) -> list[DashboardEntry]:
    options = drawing.options
    query = text(options.get("query")).lower()
    tags = {text(tag) for tag in items(options.get("tags"))}
    folder = text(options.get("folderUID")) or text(options.get("folderTitle"))
    dashboards = [
        one
        for one in drawing.data.dashboards
        if query in one.title.lower()
        and tags <= set(one.tags)
        and (not folder or folder == "general" or folder in {one.folder, _folder_uid(one.folder)})
    ]
    dashboards.sort(key=lambda one: one.title.lower())
    return dashboards[: whole(options.get("maxItems"), _MOST)]


def _folder_uid(folder: str) -> str:
    return folder.lower().replace(" ", "-")
