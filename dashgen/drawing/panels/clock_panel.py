"""The panel `grafana-clock-panel`. Its options are those that compile/lower/panels/clock.py writes."""

from typing import Final

from dashgen.core.json_values import mapping, text
from dashgen.drawing.fields.frames import number_or_none
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.svg.elements import TextStyle, line_of_text
from dashgen.drawing.svg.text_widths import size_that_fits
from dashgen.drawing.values.moment_formats import moment_text

_FORMATS: Final = {"12 hour": "h:mm:ss A", "24 hour": "HH:mm:ss"}


def draw_clock(drawing: PanelDrawing) -> list[str]:
    """The date and the time of the present, one below the other."""
    lines = clock_lines(drawing)
    box = drawing.box
    height = box.height / max(len(lines), 1)
    marks = []
    for index, line in enumerate(lines):
        size = size_that_fits(line, box.width * 0.9, height * 0.8, most=60)
        style = TextStyle(size, drawing.theme.text, "middle", 500)
        marks.append(line_of_text(line, box.x + box.width / 2, box.y + height * (index + 0.5), style))
    return marks


def clock_lines(drawing: PanelDrawing) -> list[str]:
    """The lines that a clock shows."""
    options = drawing.options
    zone = text(options.get("timezone")) or drawing.context.zone
    time, date = mapping(options.get("timeSettings")), mapping(options.get("dateSettings"))
    form = text(options.get("clockType")) or "24 hour"
    format_of_time = text(time.get("customFormat")) if form == "custom" else _FORMATS.get(form, "HH:mm:ss")
    at = number_or_none(drawing.context.now_ms) or 0
    lines = []
    if date.get("showDate") is True:
        lines.append(moment_text(at, text(date.get("dateFormat")) or "YYYY-MM-DD", zone))
    lines.append(moment_text(at, format_of_time or "HH:mm:ss", zone))
    if mapping(options.get("timezoneSettings")).get("showTimezone") is True:
        lines.append(zone)
    return lines
