"""Panels that are lists as HTML: alerts, dashboards, events, clocks, graphs, traces."""

from collections.abc import Sequence

from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.markup.html_elements import html, html_text, styles
from dashgen.drawing.markup.message_markup import message_markup, no_data_markup
from dashgen.drawing.markup.table_markup import table_markup
from dashgen.drawing.panels.alert_list_panel import NO_ALERTS, alert_rows, listed_alerts
from dashgen.drawing.panels.annotation_list_panel import NO_ANNOTATIONS, annotation_rows
from dashgen.drawing.panels.clock_panel import clock_lines
from dashgen.drawing.panels.dashboard_list_panel import DashboardListPart, dashboard_sections
from dashgen.drawing.panels.node_graph_panel import graph_marks, node_graph
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.panel_kinds import panel_description, shown_queries
from dashgen.drawing.panels.text_rows import TextRow
from dashgen.drawing.panels.trace_panel import TraceSpan, trace_spans
from dashgen.drawing.svg.elements import element, number


def alert_list_markup(drawing: PanelDrawing) -> ContentMarkup:
    """The alerts that pass the filters, or how many they are."""
    alerts = listed_alerts(drawing)
    if drawing.options.get("viewMode") == "stat":
        color = styles(color=drawing.theme.color("red" if alerts else "green"))
        return ContentMarkup(html("div", {"class": "big-number", "style": color}, str(len(alerts))))
    return _rows(alert_rows(drawing, alerts)) if alerts else message_markup(NO_ALERTS)


def annotation_list_markup(drawing: PanelDrawing) -> ContentMarkup:
    """The newest events, with their times and tags."""
    rows = annotation_rows(drawing)
    return _rows(rows) if rows else message_markup(NO_ANNOTATIONS)


def _rows(rows: Sequence[TextRow]) -> ContentMarkup:
    return ContentMarkup(html("div", {"class": "rows", "tabindex": "0"}, *map(_row, rows)))


def _row(row: TextRow) -> str:
    if row.is_heading:
        return html("h6", {"class": "rows-heading"}, html_text(row.title))
    mark = html("span", {"class": "rows-mark", "style": styles(background=row.color)}) if row.color else ""
    title = html("span", {"class": "rows-title", "title": row.title}, html_text(row.title))
    note = html("span", {"class": "rows-note"}, html_text(row.note)) if row.note else ""
    return html("div", {"class": "rows-row"}, mark, title, note)


def dashboard_list_markup(drawing: PanelDrawing) -> ContentMarkup:
    """The dashboards that the options choose; the page makes links of those that it has."""
    sections = dashboard_sections(drawing)
    if not sections:
        return message_markup("No dashboard groups configured")
    return ContentMarkup(html("div", {"class": "rows", "tabindex": "0"}, *map(_section, sections)))


def _section(section: DashboardListPart) -> str:
    heading = html("h6", {"class": "rows-heading"}, html_text(section.heading)) if section.heading else ""
    note = html("p", {"class": "rows-note"}, html_text(section.note)) if section.note else ""
    entries = [
        html(
            "div",
            {"class": "rows-row"},
            html("a", {"class": "link rows-title", "data-uid": one.uid}, html_text(one.title)),
            html("span", {"class": "rows-note"}, html_text(one.folder)),
        )
        for one in section.dashboards
    ]
    return heading + note + "".join(entries)


def clock_markup(drawing: PanelDrawing) -> ContentMarkup:
    """The date and the time of the present."""
    lines = [html("div", {}, html_text(line)) for line in clock_lines(drawing)]
    return ContentMarkup(html("div", {"class": "clock"}, *lines))


def node_graph_markup(drawing: PanelDrawing) -> ContentMarkup:
    """The graph, no larger than it is drawn."""
    graph = node_graph(drawing)
    if not graph.nodes:
        return no_data_markup(drawing)
    width, height = (number(length) for length in graph.size)
    picture = element(
        "svg",
        {
            "class": "graph-picture",
            "viewBox": f"0 0 {width} {height}",
            "role": "img",
            "aria-label": "node graph",
        },
        *graph_marks(drawing, graph),
    )
    most = styles(max_width=f"{width}px", max_height=f"{height}px")
    return ContentMarkup(
        html("div", {"class": "graph-room"}, html("div", {"class": "graph", "style": most}, picture))
    )


def trace_markup(drawing: PanelDrawing) -> ContentMarkup:
    """The spans of a trace with their names and bars; traces that were looked for are a table."""
    spans = trace_spans(drawing)
    if not spans:
        return table_markup(drawing)
    return ContentMarkup(html("div", {"class": "trace", "tabindex": "0"}, *map(_span, spans)))


def _span(span: TraceSpan) -> str:
    name = html(
        "div",
        {"class": "trace-name", "style": styles(padding_left=f"{min(span.depth, 20) * 14}px")},
        html("strong", {}, html_text(span.service)),
        html("span", {"class": "rows-note"}, html_text(span.operation)),
    )
    bar_style = styles(
        margin_left=f"{span.start * 100:.3f}%", width=f"{span.length * 100:.3f}%", background=span.color
    )
    bar = html("div", {"class": "trace-bar", "style": bar_style})
    duration = html("span", {"class": "rows-note"}, html_text(span.duration))
    state = "trace-row trace-failed" if span.is_failed else "trace-row"
    return html(
        "div",
        {"class": state, "title": f"{span.service} {span.operation} {span.duration}"},
        name,
        html("div", {"class": "trace-time"}, bar),
        duration,
    )


def unsupported_markup(drawing: PanelDrawing) -> ContentMarkup:
    """What the panel is, its queries, and their result as a small table."""
    sentence = html("p", {"class": "unsupported-what"}, html_text(panel_description(drawing)))
    queries = [
        html("pre", {"class": "unsupported-query"}, html("code", {}, html_text(query.text)))
        for query in shown_queries(drawing)
    ]
    table = table_markup(drawing).html if any(frame.length for frame in drawing.frames) else ""
    result = html("div", {"class": "unsupported-result"}, table) if table else ""
    return ContentMarkup(html("div", {"class": "unsupported"}, sentence, *queries, result))
