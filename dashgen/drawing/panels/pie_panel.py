"""The panel `piechart`. Source: panel/piechart of Grafana 12.4.3."""

import math
from collections.abc import Sequence
from typing import Final

from dashgen.core.json_values import items, mapping, text
from dashgen.drawing.fields.color_math import lighter
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.panel_values import FieldValue, field_values
from dashgen.drawing.plots.legend import LegendItem, legend_marks, legend_of, split_box
from dashgen.drawing.svg.elements import (
    Box,
    GradientStop,
    Stroke,
    TextStyle,
    element,
    line_of_text,
    number,
    path,
)

_FULL: Final = 2 * math.pi
_MARGIN: Final = 4.0
_HOLE: Final = 0.6
_LEAST_LABEL: Final = 0.05


def draw_pie(drawing: PanelDrawing) -> list[str]:
    """Slices for the values, the largest first, and their legend."""
    values = [value for value in field_values(drawing) if 0 < (value.shown.number or 0) < math.inf]
    if not values:
        return drawing.no_data()
    order = text(drawing.options.get("sort")) or "desc"
    if order != "none":
        values.sort(key=lambda value: value.shown.number or 0, reverse=order == "desc")
    total = math.fsum(value.shown.number or 0 for value in values)
    legend = legend_of(mapping(drawing.options.get("legend")), _legend_items(drawing, values, total))
    chart, legend_box = split_box(legend, drawing.box)
    marks = _slices(drawing, values, total, chart)
    return [*marks, *legend_marks(legend, legend_box, drawing.theme)]


def _legend_items(drawing: PanelDrawing, values: Sequence[FieldValue], total: float) -> list[LegendItem]:
    options = mapping(drawing.options.get("legend"))
    shown = [text(one) for one in items(options.get("values"))]
    is_table = options.get("displayMode") == "table"
    entries = []
    for value in values:
        cells = []
        if is_table and "value" in shown:
            cells.append(("Value", value.shown.text))
        if is_table and "percent" in shown:
            cells.append(("Percent", _percent(value, total)))
        entries.append(LegendItem(value.title, value.shown.color, tuple(cells)))
    return entries


def _percent(value: FieldValue, total: float) -> str:
    return f"{(value.shown.number or 0) / total * 100:.0f}%"


def _slices(drawing: PanelDrawing, values: Sequence[FieldValue], total: float, box: Box) -> list[str]:
    radius = max(min(box.width, box.height) / 2 - _MARGIN / 2, 1)
    center = (box.x + box.width / 2, box.y + box.height / 2)
    hole = radius * _HOLE if drawing.options.get("pieType") == "donut" else 0.0
    labels = [text(one) for one in items(drawing.options.get("displayLabels"))]
    marks, texts = [], []
    angle = 0.0
    for index, value in enumerate(values):
        share = (value.shown.number or 0) / total
        identity = f"{drawing.identity}p{index}"
        marks.append(_radial(identity, center, radius, value.shown.color))
        commands = _slice_path(center, (hole, radius), (angle, angle + share * _FULL))
        marks.append(path(commands, f"url(#{identity})", Stroke(drawing.theme.panel, 1.5)))
        if labels and share >= _LEAST_LABEL:
            middle = angle + share * math.pi
            distance = (hole + radius) / 2 if hole else radius * 0.68
            at = (center[0] + math.sin(middle) * distance, center[1] - math.cos(middle) * distance)
            texts += _label(value, labels, at, _percent(value, total))
        angle += share * _FULL
    return [*marks, *texts]


def _label(value: FieldValue, labels: Sequence[str], at: tuple[float, float], percent: str) -> list[str]:
    written = {"name": value.title, "value": value.shown.text, "percent": percent}
    lines = [written[one] for one in ("name", "value", "percent") if one in labels]
    style = TextStyle(12, "#ffffff", "middle", 500)
    top = at[1] - (len(lines) - 1) * 7
    return [line_of_text(line, at[0], top + 14 * index, style) for index, line in enumerate(lines)]


def _radial(identity: str, center: tuple[float, float], radius: float, color: str) -> str:
    # Slices are darker towards the middle.
    stops = (GradientStop(0, lighter(color, -15)), GradientStop(1, lighter(color, -2)))
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
