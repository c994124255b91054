"""The lines that a logs panel shows, with their levels and labels.

Source: panel/logs, features/logs/logsModel.ts and features/logs/utils.ts of Grafana 12.4.3.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from dashgen.core.json_values import Json, mapping, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.fields.frames import Cell, Frame, number_or_none
from dashgen.drawing.fields.value_mappings import cell_text
from dashgen.drawing.panels.panel_drawing import PanelDrawing

# Names of levels and their colours, by what they start with.
_LEVELS: Final = (
    (("crit", "fatal", "emerg", "alert"), "critical", "#705da0"), (("err", "eror"), "error", "#f2495c"),
    (("warn",), "warning", "#f2cc0c"), (("info", "notice"), "info", "#73bf69"),
    (("debug", "dbug"), "debug", "#5794f2"), (("trace",), "trace", "#6ed0e0"),
)  # fmt: skip
_UNKNOWN: Final = ("unknown", "#8e8e8e")
_LEVEL_LABELS: Final = ("detected_level", "level", "lvl", "severity", "loglevel")
_LEVEL_IN_LINE = lazy_pattern(
    r"(?i)\b(?:level|lvl|severity)\W{1,4}(\w+)|\b(critical|error|warn(?:ing)?|info|debug)\b"
)
_COLOR_CODES: Final = lazy_pattern(
    r"\x1b\[[0-9;:?]{0,40}[A-Za-z]|\x1b\][^\x07\x1b]{0,500}(?:\x07|\x1b\\)|\x1b.?"
)
_DATE: Final = lazy_pattern(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d[,.]\d+([+-][0-2]\d:?[0-5]\d|Z)")
_DIGITS, _WORDS = lazy_pattern(r"\d"), lazy_pattern(r"\w")
_LINE_NAMES: Final = ("Line", "line", "body", "message", "msg")
_LABEL_NAMES: Final = ("labels", "attributes")


class LogLine(NamedTuple):
    """A line with its labels.

    Attributes:
        at: milliseconds since 1970.
        line: as it came, with its control characters.
        labels: all labels.
        own_labels: those that do not have one value in all lines.
        repeats: how many lines like it follow it and are left out.
    """

    at: float
    line: str
    labels: Mapping[str, str]
    level: str
    color: str
    own_labels: Mapping[str, str] = {}
    repeats: int = 0

    @property
    def plain(self) -> str:
        """The line without its control characters."""
        return _COLOR_CODES.sub("", self.line)


class LogPage(NamedTuple):
    """The lines of a panel in their order, and the labels that all of them have."""

    lines: Sequence[LogLine]
    common_labels: Mapping[str, str]


def log_page(drawing: PanelDrawing) -> LogPage:
    """The lines of all frames, in the order and without the repeated ones that the options leave out."""
    options = drawing.options
    lines = [line for frame in drawing.frames for line in _lines(frame)]
    lines.sort(key=lambda line: line.at, reverse=options.get("sortOrder") != "Ascending")
    common = _common(lines)
    lines = [
        line._replace(own_labels={key: value for key, value in line.labels.items() if key not in common})
        for line in lines
    ]
    lines = _without_repeats(lines, text(options.get("dedupStrategy")))
    if options.get("prettifyLogMessage") is True:
        lines = [line._replace(line=_pretty(line.line)) for line in lines]
    return LogPage(lines, common)


def _lines(frame: Frame) -> list[LogLine]:
    time = frame.first("time")
    line = next((one for name in _LINE_NAMES if (one := frame.named(name))), None) or frame.first("string")
    labels = next((one for name in _LABEL_NAMES if (one := frame.named(name))), None)
    severity = frame.named("severity") or frame.named("level")
    if time is None or line is None:
        return []
    lines = []
    for row in range(frame.length):
        pairs = _labels_of(labels.values[row]) if labels else dict(line.labels or {})
        written = cell_text(line.values[row])
        own_level = cell_text(severity.values[row]) if severity else ""
        level, color = log_level(_COLOR_CODES.sub("", written), pairs, own_level)
        lines.append(LogLine(number_or_none(time.values[row]) or 0, written, pairs, level, color))
    return lines


def _labels_of(value: Cell) -> dict[str, str]:
    pairs: Json = mapping(value)
    if isinstance(value, str) and value.startswith("{"):
        try:
            pairs = mapping(json.loads(value))
        except (ValueError, RecursionError):
            pairs = {}
    return {key: cell_text(one) for key, one in pairs.items()}


def log_level(line: str, labels: Mapping[str, str], own: str = "") -> tuple[str, str]:
    """The name and the colour of a line's level, from a field, its labels or its text."""
    level = own or next((labels[name] for name in _LEVEL_LABELS if labels.get(name)), "")
    if not level and (match := _LEVEL_IN_LINE.search(line)):
        level = match[1] or match[2]
    level = level.lower()
    return next(((name, color) for starts, name, color in _LEVELS if level.startswith(starts)), _UNKNOWN)


def _common(lines: Sequence[LogLine]) -> dict[str, str]:
    if not lines:
        return {}
    common = dict(lines[0].labels)
    for line in lines[1:]:
        common = {key: value for key, value in common.items() if line.labels.get(key) == value}
    return common


_SIGNATURES: Final[Mapping[str, Callable[[str], str]]] = {
    "exact": lambda line: _DATE.sub("", line),
    "numbers": lambda line: _DIGITS.sub("", line),
    "signature": lambda line: _WORDS.sub("", line),
}


def _without_repeats(lines: Sequence[LogLine], strategy: str) -> list[LogLine]:
    """Lines without those that are like the line before them."""
    signature = _SIGNATURES.get(strategy)
    if signature is None:
        return list(lines)
    distinct: list[LogLine] = []
    last = None
    for line in lines:
        own = signature(line.line)
        if distinct and own == last:
            distinct[-1] = distinct[-1]._replace(repeats=distinct[-1].repeats + 1)
        else:
            distinct.append(line)
        last = own
    return distinct


def _pretty(line: str) -> str:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return line
    return json.dumps(value, indent=2, ensure_ascii=False) if isinstance(value, dict | list) else line


def labels_line(labels: Mapping[str, str]) -> str:
    """Labels in one line."""
    return " ".join(f"{key}={value}" for key, value in sorted(labels.items()) if not key.startswith("__"))
