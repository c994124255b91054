"""The panel `traces`: the spans of a trace below each other, each where it was in time.

Source: panel/traces of Grafana 12.4.3, and the frames of its Tempo data source.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from dashgen.drawing.fields.frames import Cell, Frame, number_or_none
from dashgen.drawing.fields.themes import CLASSIC_PALETTE
from dashgen.drawing.fields.value_mappings import cell_text
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.svg.elements import Box, TextStyle, clip, line_of_text, rectangle
from dashgen.drawing.svg.text_widths import shortened
from dashgen.drawing.values.value_formats import format_value

_ROW: Final = 26.0
_NAMES: Final = 0.4
_INDENT: Final = 14.0
_MOST_SPANS: Final = 500
_SERVICES, _OPERATIONS = ("serviceName", "service"), ("operationName", "name")


class TraceSpan(NamedTuple):
    """A span: where it is in the tree, and between which shares of the trace's time it was."""

    service: str
    operation: str
    depth: int
    start: float
    length: float
    duration: str
    color: str
    is_failed: bool


def draw_trace(drawing: PanelDrawing) -> list[str]:
    """The spans with their names and bars."""
    spans = trace_spans(drawing)
    if not spans:
        return drawing.no_data()
    box = drawing.box
    names = box.width * _NAMES
    marks = []
    for index, span in enumerate(spans):
        top = box.y + _ROW * index
        if top + _ROW > box.bottom + 1:
            break
        left = box.x + min(span.depth * _INDENT, names / 2)
        label = shortened(f"{span.service} {span.operation}", names - (left - box.x) - 8, 12)
        marks.append(line_of_text(label, left, top + _ROW / 2, TextStyle(12, drawing.theme.text)))
        room = Box(box.x + names, top + 5, box.width - names, _ROW - 10)
        bar = room._replace(x=room.x + span.start * room.width, width=max(span.length * room.width, 2))
        marks.append(rectangle(bar, span.color, radius=2))
        weak = TextStyle(11, drawing.theme.text, "end", opacity=drawing.theme.text_opacity_secondary)
        marks.append(line_of_text(span.duration, box.right - 2, top + _ROW / 2, weak))
    return [clip(box, f"{drawing.identity}c", marks)]


def is_trace(frame: Frame) -> bool:
    """Whether a frame has the spans of a trace."""
    return frame.named("spanID") is not None


def trace_spans(drawing: PanelDrawing) -> list[TraceSpan]:
    """The spans of the first trace, each below the one that called it."""
    frame = next((one for one in drawing.frames if one.length and is_trace(one)), None)
    if frame is None:
        return []
    rows = [
        {one.name: one.values[row] for one in frame.fields} for row in range(min(frame.length, _MOST_SPANS))
    ]
    starts = [number_or_none(row.get("startTime")) or 0.0 for row in rows]
    lengths = [max(number_or_none(row.get("duration")) or 0.0, 0.0) for row in rows]
    first = min(starts)
    whole = (
        max((start + length for start, length in zip(starts, lengths, strict=True)), default=1.0) - first
        or 1.0
    )
    services = list(dict.fromkeys(_named(row, _SERVICES) for row in rows))
    spans = []
    for row, depth in _in_order(rows):
        own = rows[row]
        service = _named(own, _SERVICES)
        shade = CLASSIC_PALETTE[services.index(service) % len(CLASSIC_PALETTE)]
        spans.append(
            TraceSpan(
                service, _named(own, _OPERATIONS), depth, (starts[row] - first) / whole, lengths[row] / whole,
                format_value(lengths[row], "ms"), drawing.theme.color(shade), own.get("statusCode") == 2,
            )
        )  # fmt: skip
    return spans


def _named(row: Mapping[str, Cell], names: Sequence[str]) -> str:
    return next((cell_text(row[name]) for name in names if row.get(name)), "")


def _in_order(rows: Sequence[Mapping[str, Cell]]) -> list[tuple[int, int]]:
    """The rows of a tree from its root down, with their depths; a tree in a circle ends."""
    identities = {cell_text(row.get("spanID")): index for index, row in enumerate(rows)}
    children: dict[int | None, list[int]] = {}
    for index, row in enumerate(rows):
        parent = identities.get(cell_text(row.get("parentSpanID")))
        children.setdefault(None if parent == index else parent, []).append(index)
    ordered: list[tuple[int, int]] = []
    seen: set[int] = set()
    for start in [*children.get(None, []), *range(len(rows))]:
        waiting = [(start, 0)]
        while waiting:
            row_index, depth = waiting.pop()
            if row_index not in seen:
                seen.add(row_index)
                ordered.append((row_index, depth))
                waiting += [(one, depth + 1) for one in reversed(children.get(row_index, []))]
    return ordered
