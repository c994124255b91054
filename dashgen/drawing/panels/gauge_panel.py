"""The panel `gauge`: an arc with a band of thresholds. Source: components/Gauge of @grafana/ui 12.4.3."""

import math
from typing import Final

from dashgen.core.json_values import mapping
from dashgen.drawing.fields.field_colors import is_by_value, value_color
from dashgen.drawing.fields.frames import number_or_none
from dashgen.drawing.fields.thresholds import thresholds_of
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.panel_values import FieldValue, field_values
from dashgen.drawing.panels.value_grid import cells
from dashgen.drawing.svg.elements import Box, TextStyle, line_of_text, path
from dashgen.drawing.svg.text_widths import shortened, size_that_fits

_START, _SWEEP = math.radians(-120), math.radians(240)
_WIDTH, _BAND, _GAP = 0.2, 0.04, 0.015
_TITLE: Final = 14.0


def draw_gauge(drawing: PanelDrawing) -> list[str]:
    """A gauge for each value."""
    values = field_values(drawing)
    if not values:
        return drawing.no_data()
    is_stacked = drawing.box.height > drawing.box.width
    marks = []
    for value, room in zip(values, cells(drawing.box, len(values), is_stacked=is_stacked), strict=True):
        marks += _gauge(drawing, value, room, is_titled=len(values) > 1)
    return marks


def _gauge(drawing: PanelDrawing, value: FieldValue, room: Box, *, is_titled: bool) -> list[str]:
    theme = drawing.theme
    title_height = _TITLE * 1.5 if is_titled else 0
    has_labels = drawing.options.get("showThresholdLabels") is True
    edge = 30 if has_labels else 4
    radius = max(min(room.width / 2 - edge, (room.height - title_height) / 1.55 - edge / 3), 4)
    center = (room.x + room.width / 2, room.y + radius + (room.height - title_height - radius * 1.5) / 2)
    band = radius * _BAND if drawing.options.get("showThresholdMarkers") is not False else 0
    outer = radius - band - radius * _GAP
    inner = outer - radius * _WIDTH
    share = min(max(value.shown.share, 0.0), 1.0) if value.shown.number is not None else 0.0
    marks = [path(_arc(center, (inner, outer), (0, 1)), theme.secondary)]
    if share > 0:
        marks.append(path(_arc(center, (inner, outer), (0, share)), value.shown.color))
    if band:
        marks += _band(drawing, value, center, (radius - band, radius))
    sizes = mapping(drawing.options.get("text"))
    shown = value.shown.text
    size = number_or_none(sizes.get("valueSize")) or size_that_fits(
        shown, inner * 1.6, inner * 0.8, weight=500, most=radius * 0.45
    )
    style = TextStyle(size, value.shown.color, "middle", 500)
    marks.append(line_of_text(shown, center[0], center[1] + size * 0.1, style))
    if is_titled:
        look = TextStyle(_TITLE, theme.text, "middle", 500)
        title = shortened(value.title, room.width, _TITLE, 500)
        marks.append(line_of_text(title, center[0], room.bottom - title_height / 2, look))
    if has_labels:
        marks += _labels(drawing, value, center, radius)
    return marks


def _band(
    drawing: PanelDrawing, value: FieldValue, center: tuple[float, float], radii: tuple[float, float]
) -> list[str]:  # fmt: skip
    low, high = value.field.bounds or (0.0, 100.0)
    steps = thresholds_of(value.field.config).placed((low, high))
    if not is_by_value(value.field) or not steps:
        return [path(_arc(center, radii, (0, 1)), value.shown.color)]
    shares = [min(max((step.value - low) / ((high - low) or 1), 0.0), 1.0) for step in steps]
    ends = [*shares[1:], 1.0]
    return [
        path(_arc(center, radii, (start, end)), drawing.theme.color(step.color))
        for step, start, end in zip(steps, shares, ends, strict=True)
        if end > start
    ]


def _labels(
    drawing: PanelDrawing, value: FieldValue, center: tuple[float, float], radius: float
) -> list[str]:
    low, high = value.field.bounds or (0.0, 100.0)
    marks = []
    for step in thresholds_of(value.field.config).placed((low, high))[1:]:
        share = (step.value - low) / ((high - low) or 1)
        if 0 <= share <= 1:
            angle = _START + _SWEEP * share
            at = (center[0] + math.sin(angle) * (radius + 10), center[1] - math.cos(angle) * (radius + 10))
            anchor = "end" if math.sin(angle) < -0.1 else "start" if math.sin(angle) > 0.1 else "middle"
            shown = drawing.display(value.field).shown(step.value).text
            color = value_color(value.field, step.value, drawing.theme)
            marks.append(line_of_text(shown, *at, TextStyle(11, color, anchor)))
    return marks


def _arc(center: tuple[float, float], radii: tuple[float, float], shares: tuple[float, float]) -> str:
    inner, outer = radii
    start, end = (_START + _SWEEP * share for share in shares)
    large = int(end - start > math.pi)

    def at(angle: float, distance: float) -> str:
        return f"{center[0] + math.sin(angle) * distance:.2f} {center[1] - math.cos(angle) * distance:.2f}"

    return (
        f"M{at(start, outer)}A{outer:.2f} {outer:.2f} 0 {large} 1 {at(end, outer)}"
        f"L{at(end, inner)}A{inner:.2f} {inner:.2f} 0 {large} 0 {at(start, inner)}Z"
    )
