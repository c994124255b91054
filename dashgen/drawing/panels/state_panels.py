"""The panels `state-timeline` and `status-history`. Source: panel/state-timeline of Grafana 12.4.3."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from dashgen.core.json_values import mapping, text
from dashgen.drawing.fields.color_math import readable_on
from dashgen.drawing.fields.frames import Cell, Field, number_or_none
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.plots.legend import LegendItem, legend_marks, legend_of, split_box
from dashgen.drawing.plots.plot_area import AXIS_FONT, BOTTOM_AXIS, PlotArea, time_axis_marks
from dashgen.drawing.plots.plot_series import is_hidden_from
from dashgen.drawing.plots.spread import spread
from dashgen.drawing.svg.elements import Box, TextStyle, clip, line_of_text, rectangle
from dashgen.drawing.svg.text_widths import shortened, text_width

_RIGHT, _GAP, _MOST_LABEL = 9.0, 9.0, 0.4
_TEXT_PADDING, _ROOM_OF_A_LETTER = 2.0, 9.5
_MOST_ITEMS: Final = 20


class StateRow(NamedTuple):
    """A field with its times."""

    field: Field
    points: list[tuple[float, Cell]]


class StateStretch(NamedTuple):
    """A stretch of time in which a value stays."""

    start: float
    end: float
    value: Cell


def draw_state_timeline(drawing: PanelDrawing) -> list[str]:
    """A row for each series, with a bar for each stretch in which its value stays."""
    return _draw(drawing, is_merged=drawing.options.get("mergeValues") is not False)


def draw_status_history(drawing: PanelDrawing) -> list[str]:
    """A row for each series, with a cell for each value."""
    return _draw(drawing, is_merged=False, cell_width=share_option(drawing, "colWidth"))


def _draw(drawing: PanelDrawing, *, is_merged: bool, cell_width: float | None = None) -> list[str]:
    rows = list(state_rows(drawing))
    if not rows:
        return drawing.no_data()
    legend = legend_of(mapping(drawing.options.get("legend")), state_legend_items(drawing, rows))
    chart, legend_box = split_box(legend, drawing.box)
    widest = max(text_width(row.field.title, AXIS_FONT) for row in rows)
    left = min(widest, chart.width * _MOST_LABEL) + _GAP
    ends = drawing.context.time_range if cell_width is None else _ends_of_cells(drawing, rows)
    area = PlotArea(chart.inset(left, 4, _RIGHT, BOTTOM_AXIS), ends, [])
    share = share_option(drawing, "rowHeight")
    style = TextStyle(AXIS_FONT, drawing.theme.text, "end")
    marks, labels = [], []
    for row, (start, size) in zip(rows, spread(len(rows), share), strict=True):
        box = area.box
        room = Box(box.x, box.y + start * box.height, box.width, size * box.height)
        name = shortened(row.field.title, left - _GAP, AXIS_FONT)
        labels.append(line_of_text(name, area.box.x - _GAP, room.y + room.height / 2, style))
        states = states_of(
            row, drawing.context.time_range[1] if cell_width is None else math.inf, is_merged=is_merged
        )
        for state in states:
            marks += _state_marks(drawing, row.field, state, (area, room, cell_width))
    inside = clip(area.box, f"{drawing.identity}c", marks)
    axis = time_axis_marks(area, drawing.context)
    return [*axis, *labels, inside, *legend_marks(legend, legend_box, drawing.theme)]


def share_option(drawing: PanelDrawing, name: str) -> float:
    """The share of its room that a row or a cell takes; nine tenths where the options have none."""
    share = number_or_none(drawing.options.get(name)) or 0.9
    return min(max(share, 0.0), 1.0)


def _ends_of_cells(drawing: PanelDrawing, rows: Sequence[StateRow]) -> tuple[int, int]:
    # Half a column more where cells reach an end, so that the first and the last are whole.
    start, end = drawing.context.time_range
    places = sorted({at for row in rows for at, _ in row.points})
    step = min((after - before for before, after in pairwise(places)), default=end - start)
    first, last = round(places[0] - step / 2), round(places[-1] + step / 2)
    return first if start <= places[0] else start, last if end >= places[-1] else end


def state_rows(drawing: PanelDrawing) -> Iterator[StateRow]:
    """The fields that have times, each with its values."""
    for frame in drawing.frames:
        times = frame.first("time")
        if times is None:
            continue
        for field in frame.fields:
            if field.kind != "time" and not is_hidden_from(field, "viz"):
                pairs = zip(times.values, field.values, strict=False)
                points = [(at, value) for time, value in pairs if (at := number_or_none(time)) is not None]
                if points:
                    yield StateRow(field, points)


def states_of(row: StateRow, end: float, *, is_merged: bool) -> list[StateStretch]:
    """The stretches of a row up to the end of the axis; equal neighbours are one where they are merged."""
    edges = [at for at, _ in row.points]
    step = min((after - before for before, after in pairwise(edges)), default=end - edges[0])
    states: list[StateStretch] = []
    for (at, value), following in zip(row.points, [*edges[1:], min(edges[-1] + step, end)], strict=True):
        if is_merged and states and states[-1].value == value:
            states[-1] = states[-1]._replace(end=following)
        else:
            states.append(StateStretch(at, following, value))
    return [state for state in states if state.value is not None]


def _state_marks(
    drawing: PanelDrawing, field: Field, state: StateStretch, details: tuple[PlotArea, Box, float | None]
) -> list[str]:  # fmt: skip
    area, room, cell_width = details
    left, right = area.x(state.start), area.x(state.end)
    if cell_width is not None:
        # Cells are centred at their times.
        width = (right - left) * cell_width
        left, right = left - width / 2, left + width / 2
    shown = drawing.display(field).shown(state.value)
    custom = mapping(field.config.get("custom"))
    fill = number_or_none(custom.get("fillOpacity"))
    opacity = 0.7 if fill is None else fill / 100
    bar = Box(left, room.y, max(right - left, 1), room.height)
    marks = [rectangle(bar, shown.color, opacity=opacity)]
    mode = text(drawing.options.get("showValue")) or "auto"
    characters = int(bar.width // _ROOM_OF_A_LETTER)
    if cell_width is None and mode != "never" and (mode == "always" or characters >= 2):
        align = text(drawing.options.get("alignValue")) or "left"
        x = {"left": left + _TEXT_PADDING, "right": right - _TEXT_PADDING}.get(align, (left + right) / 2)
        anchor = {"left": "start", "right": "end"}.get(align, "middle")
        color = readable_on(shown.color) if opacity > 0.5 else drawing.theme.text
        style = TextStyle(AXIS_FONT, color, anchor, 500)
        marks.append(line_of_text(shown.text[:characters], x, room.y + room.height / 2, style))
    return marks


def state_legend_items(drawing: PanelDrawing, rows: Sequence[StateRow]) -> list[LegendItem]:
    """The texts of the states with their colours, each once."""
    entries: dict[str, LegendItem] = {}
    for row in rows:
        display = drawing.display(row.field)
        for _, value in row.points:
            shown = display.shown(value)
            if value is not None and shown.text and len(entries) < _MOST_ITEMS:
                entries.setdefault(shown.text, LegendItem(shown.text, shown.color))
    return list(entries.values())
