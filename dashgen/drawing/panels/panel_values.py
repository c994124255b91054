"""The values that a stat, gauge, bar gauge or pie shows: one for each series, or one for each row.

Source: field/fieldDisplay.ts of @grafana/data 12.4.3.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from dashgen.core.json_values import Json, items, mapping, mappings, text, whole
from dashgen.drawing.fields.field_display import ShownValue
from dashgen.drawing.fields.field_matchers import field_test
from dashgen.drawing.fields.frames import Field, Frame
from dashgen.drawing.fields.reducers import reduce_field, reduced_number
from dashgen.drawing.panels.panel_drawing import PanelDrawing

_MOST_VALUES: Final = 25


class FieldValue(NamedTuple):
    """A value to show.

    Attributes:
        title: the name of its series or row.
        field: the field it is of, with its colours and bounds.
        frame: the frame of the field, for a sparkline.
        change: by how many percent the series changed; None when that is not asked for.
        row: of the value in its field; None for a value that is calculated of the field.
    """

    title: str
    shown: ShownValue
    field: Field
    frame: Frame
    change: float | None = None
    row: int | None = None


def field_values(drawing: PanelDrawing, frames: Sequence[Frame] | None = None) -> list[FieldValue]:
    """The values that the options of a panel choose; none for an empty answer."""
    options = mapping(drawing.options.get("reduceOptions"))
    chosen = text(options.get("fields"))
    takes = field_test({"id": "byRegexp", "options": chosen} if chosen else {"id": "numeric"})
    calcs = [text(calc) for calc in items(options.get("calcs"))] or ["last"]
    limit = whole(options.get("limit")) or _MOST_VALUES
    values: list[FieldValue] = []
    frames = drawing.frames if frames is None else frames
    for frame in frames:
        for field in frame.fields:
            if not takes(field, frame, frames):
                continue
            if options.get("values"):
                values += _of_rows(drawing, frame, field, len(values))[: max(limit - len(values), 0)]
            else:
                values += [_of_series(drawing, frame, field, calc) for calc in calcs]
    return values


def _of_series(drawing: PanelDrawing, frame: Frame, field: Field, calc: str) -> FieldValue:
    # Also what counts has the unit of the field here.
    shown = drawing.display(field).shown(reduce_field(field, calc))
    title = field.title.replace("${__calc}", calc).replace("$__calc", calc)
    change = reduced_number(field.values, "diffperc") if drawing.options.get("showPercentChange") else None
    return FieldValue(title, shown, field, frame, change)


def _of_rows(drawing: PanelDrawing, frame: Frame, field: Field, first: int) -> list[FieldValue]:
    values = []
    for row, value in enumerate(field.values):
        title = _row_title(drawing, frame, field, row)
        colored = replace(field, series_index=first + row)
        shown = drawing.display(colored).shown(value)
        color = _override_color(drawing, title)
        shown = shown._replace(color=color) if color else shown
        values.append(FieldValue(title, shown, colored, frame, row=row))
    return values


def _row_title(drawing: PanelDrawing, frame: Frame, field: Field, row: int) -> str:
    if field.config.get("displayName"):
        return field.title
    others = [one for one in frame.fields if one is not field]
    parts = [
        shown
        for one in others
        if one.kind == "string" and (shown := drawing.display(one).shown(one.values[row]).text)
    ]
    if any(one.kind == "number" for one in others) or not parts:
        parts.append(field.title)
    return " ".join(parts)


def _override_color(drawing: PanelDrawing, title: str) -> str | None:
    # Rows are no fields, so that Grafana looks for overrides by their titles itself.
    rules: list[Json] = mappings(mapping(drawing.panel.get("fieldConfig")).get("overrides"))
    for rule in rules:
        matcher = mapping(rule.get("matcher"))
        if matcher.get("id") == "byName" and matcher.get("options") == title:
            for one in mappings(rule.get("properties")):
                color = text(mapping(one.get("value")).get("fixedColor"))
                if one.get("id") == "color" and color:
                    return drawing.theme.color(color)
    return None
