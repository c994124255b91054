"""The content of a panel as markup for a page of any width."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashgen.core.json_values import Json, mappings, text
from dashgen.drawing.drawing_context import DrawingContext
from dashgen.drawing.markup.bar_gauge_markup import bar_gauge_markup
from dashgen.drawing.markup.chart_markers import CHART_MARKERS
from dashgen.drawing.markup.content_markup import ContentMarker, ContentMarkup
from dashgen.drawing.markup.gauge_markup import gauge_markup
from dashgen.drawing.markup.html_elements import html
from dashgen.drawing.markup.list_markup import (
    alert_list_markup,
    annotation_list_markup,
    clock_markup,
    dashboard_list_markup,
    node_graph_markup,
    trace_markup,
    unsupported_markup,
)
from dashgen.drawing.markup.logs_markup import logs_markup
from dashgen.drawing.markup.message_markup import message_markup, with_note
from dashgen.drawing.markup.picture_markup import picture_markup
from dashgen.drawing.markup.pie_markup import pie_markup
from dashgen.drawing.markup.stat_markup import stat_markup
from dashgen.drawing.markup.table_markup import table_markup
from dashgen.drawing.markup.text_markup import text_markup
from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.panel_svg import DRAWERS, panel_drawing, unknown_note
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.svg.elements import Box
from dashgen.drawing.transformations.transform import unknown_transformations

MARKERS: Final[Mapping[str, ContentMarker]] = {
    **CHART_MARKERS,
    "alertlist": alert_list_markup,
    "annolist": annotation_list_markup,
    "bargauge": bar_gauge_markup,
    "dashlist": dashboard_list_markup,
    "gauge": gauge_markup,
    "grafana-clock-panel": clock_markup,
    "logs": logs_markup,
    "nodeGraph": node_graph_markup,
    "piechart": pie_markup,
    "stat": stat_markup,
    "table": table_markup,
    "text": text_markup,
    "traces": trace_markup,
}
"""The marker of each panel type that is not shown as a picture of a fixed width."""


# Contents that leave the room below the title themselves, or none.
_FROM_THE_EDGE: Final = frozenset({*CHART_MARKERS, "stat"})
_TITLE_GAP: Final = 8.0


def panel_markup(
    panel: Json, data: PanelData, size: tuple[float, float], context: DrawingContext
) -> ContentMarkup:  # fmt: skip
    """The content of a panel, without its surface and title.

    Args:
        panel: Grafana's JSON of the panel, at schemaVersion 42.
        data: what it shows.
        size: width and height of the content in pixels: the height is exact, the width that of a usual
            window.
        context: what the picture depends on beside.
    """
    return themed_markup(panel, data, size, [context])[0]


def themed_markup(
    panel: Json, data: PanelData, size: tuple[float, float], contexts: Sequence[DrawingContext]
) -> list[ContentMarkup]:  # fmt: skip
    """The content of a panel in several themes; what does not depend on the theme is computed once."""
    if data.error:
        return [message_markup(data.error)] * len(contexts)
    kind = text(panel.get("type"))
    is_below_title = kind not in _FROM_THE_EDGE and bool(text(panel.get("title")))
    box = Box(0, 0, *size).inset(top=_TITLE_GAP if is_below_title else 0)
    first = panel_drawing(panel, data, box._replace(y=0), contexts[0], contexts[0].prefix)
    shared: dict[str, Any] = {}
    return [
        _content(first._replace(context=context, shared=shared), is_below_title=is_below_title)
        for context in contexts
    ]


def _content(drawing: PanelDrawing, *, is_below_title: bool) -> ContentMarkup:
    panel, kind = drawing.panel, text(drawing.panel.get("type"))
    marker = MARKERS.get(kind)
    drawer = DRAWERS.get(kind)
    if marker:
        content = marker(drawing)
    else:
        content = picture_markup(drawing, drawer) if drawer else unsupported_markup(drawing)
    if is_below_title:
        content = ContentMarkup(html("div", {"class": "below-title"}, content.html), content.chart)
    unknown = unknown_transformations(mappings(panel.get("transformations")))
    return with_note(content, unknown_note(unknown)) if unknown else content
