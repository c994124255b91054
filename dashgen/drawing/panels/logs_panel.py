"""The panel `logs`. Source: panel/logs and features/logs of Grafana 12.4.3."""

from typing import Final, NamedTuple

from dashgen.core.json_values import mapping
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.drawing_context import MONOSPACE
from dashgen.drawing.fields.frames import Frame, number_or_none
from dashgen.drawing.fields.value_mappings import cell_text
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.svg.elements import Box, Stroke, TextStyle, clip, line_of_text, path, rectangle
from dashgen.drawing.svg.text_widths import monospace_width
from dashgen.drawing.values.moment_formats import moment_text

_SIZE: Final = 12.0
_LINE: Final = 18.85
_ARROW, _BAR = 14.0, 3.0
# Colours of levels, by what their names start with.
_LEVELS = (
    (("crit", "fatal", "emerg", "alert"), "#705da0"), (("err",), "#f2495c"), (("warn",), "#f2cc0c"),
    (("info", "notice"), "#73bf69"), (("debug", "dbug"), "#5794f2"), (("trace",), "#6ed0e0"),
)  # fmt: skip
_UNKNOWN: Final = "#8e8e8e"
_LEVEL_IN_LINE = lazy_pattern(
    r"(?i)\b(?:level|lvl|severity)\W{1,4}(\w+)|\b(critical|error|warn(?:ing)?|info|debug)\b"
)
_CONTROL = lazy_pattern(r"\x1b\[[0-9;]*[A-Za-z]")


class _LogLine(NamedTuple):
    at: float
    line: str
    labels: dict[str, str]


def draw_logs(drawing: PanelDrawing) -> list[str]:
    """Lines of logs with their times, wrapped as the options say."""
    lines = [line for frame in drawing.frames for line in _lines(frame)]
    if not lines:
        return drawing.no_data()
    is_falling = drawing.options.get("sortOrder") != "Ascending"
    lines.sort(key=lambda line: line.at, reverse=is_falling)
    marks = []
    top = drawing.box.y + 2
    for line in lines:
        if top >= drawing.box.bottom:
            break
        drawn, height = _line_marks(drawing, line, top)
        marks += drawn
        top += height
    return [clip(drawing.box, f"{drawing.identity}c", marks)]


def _lines(frame: Frame) -> list[_LogLine]:
    time, line = frame.first("time"), frame.named("Line") or frame.first("string")
    labels = frame.named("labels")
    if time is None or line is None:
        return []
    return [
        _LogLine(
            number_or_none(time.values[row]) or 0,
            _CONTROL.sub("", cell_text(line.values[row])),
            {key: str(value) for key, value in mapping(labels.values[row]).items()} if labels else {},
        )
        for row in range(frame.length)
    ]


def level_color(line: str, labels: dict[str, str]) -> str:
    """The colour of a line's level, from its labels or its text."""
    level = labels.get("detected_level") or labels.get("level") or labels.get("severity") or ""
    if not level and (match := _LEVEL_IN_LINE.search(line)):
        level = match[1] or match[2]
    level = level.lower()
    return next((color for starts, color in _LEVELS if level.startswith(starts)), _UNKNOWN)


def _line_marks(drawing: PanelDrawing, line: _LogLine, top: float) -> tuple[list[str], float]:
    options, theme = drawing.options, drawing.theme
    style = TextStyle(_SIZE, theme.text, family=MONOSPACE)
    x = drawing.box.x + _BAR + 4
    marks = []
    if options.get("enableLogDetails") is not False:
        arrow = f"M{x + 2:.1f} {top + _LINE / 2 - 3:.1f}l3 3l-3 3"
        marks.append(path(arrow, stroke=Stroke(theme.text, 1.3)))
        x += _ARROW
    if options.get("showTime"):
        shown = moment_text(line.at, "YYYY-MM-DD HH:mm:ss", drawing.context.zone)
        marks.append(line_of_text(shown, x, top + _LINE / 2, style))
        x += monospace_width(shown, _SIZE) + 12
    if options.get("showLabels") and line.labels:
        shown = " ".join(f"{key}={value}" for key, value in sorted(line.labels.items()))
        marks.append(line_of_text(shown, x, top + _LINE / 2, style._replace(opacity=0.65)))
        x += monospace_width(shown, _SIZE) + 12
    width = max(drawing.box.right - x, _SIZE)
    rows = [line.line]
    if options.get("wrapLogMessage") is not False:
        rows = _broken(line.line, width)
    for index, row in enumerate(rows):
        marks.append(line_of_text(row, x, top + _LINE * (index + 0.5), style))
    height = _LINE * len(rows)
    bar = Box(drawing.box.x, top + 1, _BAR, height - 2)
    marks.append(rectangle(bar, level_color(line.line, line.labels)))
    return marks, height


def _broken(line: str, width: float) -> list[str]:
    # Lines break at any letter, as the stylesheet of Grafana's logs says.
    count = max(1, int(width / monospace_width("m", _SIZE)))
    rows = []
    for part in line.split("\n"):
        rows += [part[start : start + count] for start in range(0, len(part), count)] or [""]
    return rows
