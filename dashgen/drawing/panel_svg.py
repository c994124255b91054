"""A panel as a picture."""

from collections.abc import Mapping, Sequence
from typing import Final

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.drawing.drawing_context import FONT, DrawingContext
from dashgen.drawing.fields.field_config import with_field_config
from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.panels.alert_list_panel import draw_alert_list
from dashgen.drawing.panels.annotation_list_panel import draw_annotation_list
from dashgen.drawing.panels.bar_chart_panel import draw_bar_chart
from dashgen.drawing.panels.bar_gauge_panel import draw_bar_gauge
from dashgen.drawing.panels.candlestick_panel import draw_candlestick
from dashgen.drawing.panels.clock_panel import draw_clock
from dashgen.drawing.panels.dashboard_list_panel import draw_dashboard_list
from dashgen.drawing.panels.gauge_panel import draw_gauge
from dashgen.drawing.panels.heatmap_panel import draw_heatmap
from dashgen.drawing.panels.histogram_panel import draw_histogram
from dashgen.drawing.panels.logs_panel import draw_logs
from dashgen.drawing.panels.node_graph_panel import draw_node_graph
from dashgen.drawing.panels.panel_chrome import content_box, panel_surface, with_variables
from dashgen.drawing.panels.panel_drawing import PanelDrawer, PanelDrawing
from dashgen.drawing.panels.pie_panel import draw_pie
from dashgen.drawing.panels.stat_panel import draw_stat
from dashgen.drawing.panels.state_panels import draw_state_timeline, draw_status_history
from dashgen.drawing.panels.table_panel import draw_table
from dashgen.drawing.panels.text_panel import draw_text
from dashgen.drawing.panels.timeseries_panel import draw_timeseries, draw_trend
from dashgen.drawing.panels.trace_panel import draw_trace
from dashgen.drawing.panels.unsupported_panel import draw_unsupported
from dashgen.drawing.panels.xy_chart_panel import draw_xy_chart
from dashgen.drawing.svg.elements import Box, document
from dashgen.drawing.transformations.transform import transform, unknown_transformations

DRAWERS: Final[Mapping[str, PanelDrawer]] = {
    "alertlist": draw_alert_list,
    "annolist": draw_annotation_list,
    "barchart": draw_bar_chart,
    "bargauge": draw_bar_gauge,
    "candlestick": draw_candlestick,
    "dashlist": draw_dashboard_list,
    "gauge": draw_gauge,
    "grafana-clock-panel": draw_clock,
    "graph": draw_timeseries,
    "heatmap": draw_heatmap,
    "histogram": draw_histogram,
    "logs": draw_logs,
    "nodeGraph": draw_node_graph,
    "piechart": draw_pie,
    "stat": draw_stat,
    "state-timeline": draw_state_timeline,
    "status-history": draw_status_history,
    "table": draw_table,
    "text": draw_text,
    "timeseries": draw_timeseries,
    "traces": draw_trace,
    "trend": draw_trend,
    "xychart": draw_xy_chart,
}
"""The drawer of each panel type."""


def panel_svg(
    panel: Json, data: PanelData, size: tuple[float, float], context: DrawingContext
) -> str:  # fmt: skip
    """A panel as an SVG document.

    Args:
        panel: Grafana's JSON of the panel, at schemaVersion 42.
        data: what it shows. Transformations and field config are applied here.
        size: width and height in pixels.
        context: what the picture depends on beside.

    Returns:
        The document. It refers to nothing outside itself, and the same input gives the same text.
    """
    box = Box(0, 0, *size)
    title = with_variables(text(panel.get("title")), context.variables)
    return document(size, FONT, title, panel_marks(panel, data, box, context, context.prefix))


def panel_marks(
    panel: Json, data: PanelData, box: Box, context: DrawingContext, identity: str
) -> list[str]:  # fmt: skip
    """A panel in a box of a larger picture, in which the ids of its elements start with `identity`."""
    drawing = panel_drawing(panel, data, content_box(panel, box), context, identity)
    surface = panel_surface(panel, box, context)
    if data.error:
        return [*surface, *drawing.message(data.error)]
    drawn = DRAWERS.get(text(panel.get("type")), draw_unsupported)(drawing)
    unknown = unknown_transformations(mappings(panel.get("transformations")))
    return [*surface, *drawn, *drawing.note(unknown_note(unknown))] if unknown else [*surface, *drawn]


def unknown_note(unknown: Sequence[str]) -> str:
    """A sentence about transformations that only Grafana computes."""
    names = ", ".join(unknown)
    return f"Not transformed by {names}: only Grafana computes that."


def panel_drawing(
    panel: Json, data: PanelData, box: Box, context: DrawingContext, identity: str
) -> PanelDrawing:  # fmt: skip
    """A panel with its transformations and field config applied, and the box for its content."""
    transformed = transform(data.frames, mappings(panel.get("transformations")))
    configured = with_field_config(transformed, mapping(panel.get("fieldConfig")))
    return PanelDrawing(panel, configured, box, context, identity, data)
