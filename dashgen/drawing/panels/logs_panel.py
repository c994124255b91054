"""The panel `logs`. Source: panel/logs and features/logs of Grafana 12.4.3."""

from typing import Final

from dashgen.drawing.drawing_context import MONOSPACE
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.shown_log_lines import LogLine, labels_line, log_page
from dashgen.drawing.svg.elements import Box, Stroke, TextStyle, clip, line_of_text, path, rectangle
from dashgen.drawing.svg.text_widths import monospace_width
from dashgen.drawing.values.moment_formats import moment_text

_SIZE: Final = 12.0
_LINE: Final = 18.85
_ARROW, _BAR = 14.0, 3.0
TIME_FORMAT: Final = "YYYY-MM-DD HH:mm:ss"


def draw_logs(drawing: PanelDrawing) -> list[str]:
    """Lines of logs with their times, wrapped as the options have it."""
    lines = log_page(drawing).lines
    if not lines:
        return drawing.no_data()
    marks = []
    top = drawing.box.y + 2
    for line in lines:
        if top >= drawing.box.bottom:
            break
        drawn, height = _line_marks(drawing, line, top)
        marks += drawn
        top += height
    return [clip(drawing.box, f"{drawing.identity}c", marks)]


def _line_marks(drawing: PanelDrawing, line: LogLine, top: float) -> tuple[list[str], float]:
    options, theme = drawing.options, drawing.theme
    style = TextStyle(_SIZE, theme.text, family=MONOSPACE)
    x = drawing.box.x + _BAR + 4
    marks = []
    if options.get("enableLogDetails") is not False:
        arrow = f"M{x + 2:.1f} {top + _LINE / 2 - 3:.1f}l3 3l-3 3"
        marks.append(path(arrow, stroke=Stroke(theme.text, 1.3)))
        x += _ARROW
    if options.get("showTime"):
        shown = moment_text(line.at, TIME_FORMAT, drawing.context.zone)
        marks.append(line_of_text(shown, x, top + _LINE / 2, style))
        x += monospace_width(shown, _SIZE) + 12
    if options.get("showLabels") and line.own_labels:
        shown = labels_line(line.own_labels)
        marks.append(line_of_text(shown, x, top + _LINE / 2, style._replace(opacity=0.65)))
        x += monospace_width(shown, _SIZE) + 12
    width = max(drawing.box.right - x, _SIZE)
    rows = [line.plain]
    if options.get("wrapLogMessage") is not False:
        rows = _broken(line.plain, width)
    for index, row in enumerate(rows):
        marks.append(line_of_text(row, x, top + _LINE * (index + 0.5), style))
    height = _LINE * len(rows)
    bar = Box(drawing.box.x, top + 1, _BAR, height - 2)
    marks.append(rectangle(bar, line.color))
    return marks, height


def _broken(line: str, width: float) -> list[str]:
    # Lines break at any letter, as the stylesheet of Grafana's logs says.
    count = max(1, int(width / monospace_width("m", _SIZE)))
    rows = []
    for part in line.split("\n"):
        rows += [part[start : start + count] for start in range(0, len(part), count)] or [""]
    return rows
