"""The panel `piechart`. Source: panel/piechart of Grafana 12.4.3."""

import math
from collections.abc import Sequence
from typing import Final

from dashgen.core.json_values import items, mapping, text, whole
from dashgen.drawing.fields.color_math import lighter, turned
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.panel_values import FieldValue, field_values
from dashgen.drawing.plots.legend import Legend, LegendItem, legend_marks, legend_of, split_box
from dashgen.drawing.svg.elements import (
    Box,
    GradientStop,
    Stroke,
    TextStyle,
    element,
    escaped,
    line_of_text,
    number,
    path,
)

_FULL: Final = 2 * math.pi
_MARGIN: Final = 16.0
_LEAST_ANGLE: Final = 0.3
_MOST_LABELLED: Final = 12.0


def draw_pie(drawing: PanelDrawing) -> list[str]:
    """Slices for the values, the largest first, and their legend."""
    values = pie_values(drawing)
    if not values:
        return drawing.no_data()
    legend = pie_legend(drawing, values)
    chart, legend_box = split_box(legend, drawing.box)
    return [*pie_marks(drawing, values, chart), *legend_marks(legend, legend_box, drawing.theme)]


def pie_values(drawing: PanelDrawing) -> list[FieldValue]:
    """The values that have a slice, in their order."""
    values = [value for value in field_values(drawing) if 0 < (value.shown.number or 0) < math.inf]
    values = [value for value in values if not _is_hidden(value)]
    order = text(drawing.options.get("sort")) or "desc"
    if order != "none":
        values.sort(key=lambda value: value.shown.number or 0, reverse=order == "desc")
    return values


def _is_hidden(value: FieldValue) -> bool:
    return mapping(mapping(value.field.config.get("custom")).get("hideFrom")).get("viz") is True


def pie_legend(drawing: PanelDrawing, values: Sequence[FieldValue]) -> Legend:
    """The legend of a pie, with values and percentages as its options have them."""
    options = mapping(drawing.options.get("legend"))
    # A list has names alone (a running Grafana 12.4.3).
    is_table = options.get("displayMode") == "table"
    shown = [text(one) for one in items(options.get("values"))] if is_table else []
    total = _total(values)
    entries = []
    for value in values:
        if mapping(mapping(value.field.config.get("custom")).get("hideFrom")).get("legend") is True:
            continue
        cells = []
        if "value" in shown:
            cells.append(("Value", value.shown.text))
        if "percent" in shown:
            cells.append(("Percent", _percent(value, total)))
        entries.append(LegendItem(value.title, value.shown.color, tuple(cells)))
    return legend_of(options, entries)


def _total(values: Sequence[FieldValue]) -> float:
    return math.fsum(value.shown.number or 0 for value in values)


def _percent(value: FieldValue, total: float) -> str:
    decimals = min(max(whole(value.field.config.get("decimals")), 0), 20)
    return f"{(value.shown.number or 0) / total * 100:.{decimals}f}%"


def pie_marks(drawing: PanelDrawing, values: Sequence[FieldValue], box: Box) -> list[str]:
    """The slices in a room."""
    radius = max(min(box.width, box.height) / 2 - _MARGIN, 1)
    center = (box.x + box.width / 2, box.y + box.height / 2)
    hole = radius - max(radius / 3, 20) if drawing.options.get("pieType") == "donut" else 0.0
    hole = max(hole, 0.0)
    labels = [text(one) for one in items(drawing.options.get("displayLabels"))]
    total = _total(values)
    marks, texts = [], []
    angle = 0.0
    for index, value in enumerate(values):
        share = (value.shown.number or 0) / total
        identity = f"{drawing.identity}p{index}"
        marks.append(_radial(drawing, identity, (center, hole, radius), value.shown.color))
        commands = _slice_path(center, (hole, radius), (angle, angle + share * _FULL))
        hint = f"{value.title}: {value.shown.text} ({_percent(value, total)})"
        slice_of = path(commands, f"url(#{identity})", Stroke(drawing.theme.panel, 1.5))
        marks.append(element("g", {}, element("title", {}, escaped(hint)), slice_of))
        if labels and share * _FULL >= _LEAST_ANGLE:
            middle = angle + share * math.pi
            distance = ((hole or radius / 6) + radius) / 2
            at = (center[0] + math.sin(middle) * distance, center[1] - math.cos(middle) * distance)
            texts += _label(drawing, value, labels, (at, radius, _percent(value, total)))
        angle += share * _FULL
    return [*marks, *texts]


def _label(
    drawing: PanelDrawing, value: FieldValue, labels: Sequence[str],
    details: tuple[tuple[float, float], float, str],
) -> list[str]:  # fmt: skip
    at, radius, percent = details
    written = {"name": value.title, "value": value.shown.text, "percent": percent}
    lines = [written[one] for one in ("name", "value", "percent") if one in labels]
    share, most = (radius / 150, 30) if "name" in labels else (radius / 100, 36)
    size = min(max(share * 14, _MOST_LABELLED), most)
    style = TextStyle(size, drawing.theme.text, "middle", 500)
    top = at[1] - (len(lines) - 1) * size * 0.6
    return [line_of_text(line, at[0], top + size * 1.2 * index, style) for index, line in enumerate(lines)]


def _radial(
    drawing: PanelDrawing, identity: str, circle: tuple[tuple[float, float], float, float], color: str
) -> str:
    # Slices are darker towards the middle.
    center, hole, radius = circle
    factor = 1 if drawing.theme.name == "dark" else -0.7
    stops = (
        GradientStop(hole / radius, lighter(turned(color, 4), -20 * factor)),
        GradientStop(1, lighter(turned(color, -4), -10 * factor)),
    )
    inner = "".join(
        element("stop", {"offset": number(stop.share), "stop_color": stop.color}) for stop in stops
    )
    return element(
        "radialGradient",
        {
            "id": identity, "gradientUnits": "userSpaceOnUse", "cx": center[0], "cy": center[1], "r": radius,
        },
        inner,
    )  # fmt: skip


def _slice_path(
    center: tuple[float, float], radii: tuple[float, float], angles: tuple[float, float]
) -> str:  # fmt: skip
    hole, radius = radii
    start, end = angles
    # A whole circle has no arc from its start to its end.
    end = min(end, start + _FULL - 1e-4)
    large = int(end - start > math.pi)

    def at(angle: float, distance: float) -> str:
        return f"{center[0] + math.sin(angle) * distance:.2f} {center[1] - math.cos(angle) * distance:.2f}"

    arc = f"A{radius:.2f} {radius:.2f} 0 {large} 1 {at(end, radius)}"
    if not hole:
        return f"M{center[0]:.2f} {center[1]:.2f}L{at(start, radius)}{arc}Z"
    back = f"A{hole:.2f} {hole:.2f} 0 {large} 0 {at(start, hole)}"
    return f"M{at(start, radius)}{arc}L{at(end, hole)}{back}Z"
