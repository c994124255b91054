"""The panels `state-timeline` and `status-history` as charts.

Source: core/components/TimelineChart of Grafana 12.4.3.
"""

from collections.abc import Iterator, Sequence

from dashgen.core.json_values import Json, mapping, text
from dashgen.drawing.fields.color_math import readable_on
from dashgen.drawing.fields.frames import number_or_none
from dashgen.drawing.markup.chart_markup import (
    LegendSeries,
    annotation_entries,
    chart_markup,
    tooltip_options,
    x_range,
)
from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.markup.message_markup import no_data_markup
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.state_panels import (
    StateRow,
    share_option,
    state_legend_items,
    state_rows,
    states_of,
)

_FILL = 70.0
_LEGIBLE = 0.5


def state_timeline_markup(drawing: PanelDrawing) -> ContentMarkup:
    """A row for each series, with a bar for each stretch in which its value stays."""
    is_merged = drawing.options.get("mergeValues") is not False
    return _states_markup(drawing, is_merged=is_merged, kind={})


def status_history_markup(drawing: PanelDrawing) -> ContentMarkup:
    """A row for each series, with a cell for each value."""
    width = share_option(drawing, "colWidth")
    return _states_markup(drawing, is_merged=False, kind={"cellWidth": width})


def _states_markup(drawing: PanelDrawing, *, is_merged: bool, kind: Json) -> ContentMarkup:
    rows = list(state_rows(drawing))
    if not rows:
        return no_data_markup(drawing)
    values = _Values()

    described = [_row(row, list(_stretches(drawing, row, values, is_merged=is_merged))) for row in rows]
    chart: Json = {
        "kind": "states", "range": x_range(drawing.context), "rows": described, "values": values.entries,
        "rowHeight": share_option(drawing, "rowHeight"),
        "showValue": text(drawing.options.get("showValue")) or "auto",
        "align": text(drawing.options.get("alignValue")) or "left",
        "tooltip": tooltip_options(drawing),
    } | kind  # fmt: skip
    annotations = annotation_entries(drawing)
    if annotations:
        chart["annotations"] = annotations
    entries = [LegendSeries(item, []) for item in state_legend_items(drawing, rows)]
    return chart_markup(chart, mapping(drawing.options.get("legend")), entries)


class _Values:
    """Each text with its colour once."""

    def __init__(self) -> None:
        self.entries: list[list[str]] = []
        self._places: dict[tuple[str, str], int] = {}

    def place(self, shown: str, color: str) -> int:
        """The number of a text in a colour."""
        if (shown, color) not in self._places:
            self._places[shown, color] = len(self.entries)
            self.entries.append([shown, color, readable_on(color)])
        return self._places[shown, color]


def _stretches(
    drawing: PanelDrawing, row: StateRow, values: _Values, *, is_merged: bool
) -> Iterator[list[float]]:
    display = drawing.display(row.field)
    for state in states_of(row, drawing.context.time_range[1], is_merged=is_merged):
        shown = display.shown(state.value)
        yield [state.start, state.end, values.place(shown.text, shown.color)]


def _row(row: StateRow, states: Sequence[list[float]]) -> Json:
    custom = mapping(row.field.config.get("custom"))
    fill, width = number_or_none(custom.get("fillOpacity")), number_or_none(custom.get("lineWidth"))
    opacity = (_FILL if fill is None else fill) / 100
    return {
        "name": row.field.title, "states": list(states), "fill": opacity, "width": width or 0,
        "isInked": opacity > _LEGIBLE,
    }  # fmt: skip
