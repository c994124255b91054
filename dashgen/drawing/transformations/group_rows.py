"""Rows that agree in some fields, together."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from dashgen.core.json_values import Json, items, mapping, text
from dashgen.drawing.fields.field_names import display_name
from dashgen.drawing.fields.frames import Cell, Field, Frame, kind_of
from dashgen.drawing.fields.reducers import reduce_values
from dashgen.drawing.fields.value_mappings import cell_text


def group_by(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """One row for each group, with calculations of the other fields."""
    rules = {name: mapping(rule) for name, rule in mapping(options.get("fields")).items()}
    keys = [name for name, rule in rules.items() if rule.get("operation") == "groupby"]
    if not keys:
        return list(frames)
    grouped = []
    for frame in frames:
        columns = [one for one in frame.fields if display_name(one, frame) in keys]
        if columns:
            groups = _groups(frame, columns)
            fields = [replace(one, values=[one.values[rows[0]] for rows in groups]) for one in columns]
            for one in frame.fields:
                fields += _calculations(one, rules.get(display_name(one, frame), {}), groups)
            grouped.append(Frame(fields, frame.ref_id))
    return grouped


def _groups(frame: Frame, columns: Sequence[Field]) -> list[list[int]]:
    groups: dict[tuple[str, ...], list[int]] = {}
    for row in range(frame.length):
        groups.setdefault(tuple(cell_text(one.values[row]) for one in columns), []).append(row)
    return list(groups.values())


def _calculations(field: Field, rule: Json, groups: Sequence[Sequence[int]]) -> list[Field]:
    calcs = [text(calc) for calc in items(rule.get("aggregations"))]
    if rule.get("operation") == "groupby" and calcs != ["count"]:
        return []
    if rule.get("operation") not in {"aggregate", "groupby"}:
        return []
    calculated = []
    for calc in calcs:
        values = [reduce_values([field.values[row] for row in rows], calc) for rows in groups]
        kind = (
            field.kind
            if calc not in {"count", "distinctCount", "changeCount", "countAll"}
            else kind_of(values)
        )
        calculated.append(Field(f"{field.name} ({calc})", kind, values))
    return calculated


def partition_by_values(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """A frame for each group of rows of the first frame, told apart by labels or by their names."""
    names = [text(name) for name in items(options.get("fields"))]
    if not frames or not names:
        return list(frames)
    frame = frames[0]
    columns = [one for one in frame.fields if display_name(one, frame) in names]
    if not columns:
        return [frame]
    left = [
        one for one in frame.fields if options.get("keepFields") or all(one is not key for key in columns)
    ]
    naming = mapping(options.get("naming"))
    parts = []
    for rows in _groups(frame, columns):
        values = {one.name: cell_text(one.values[rows[0]]) for one in columns}
        own = values if naming.get("asLabels") is not False else {}
        fields = [
            replace(
                one, values=[one.values[row] for row in rows], labels={**(one.labels or {}), **own} or None
            )
            for one in left
        ]
        parts.append(
            replace(frame, fields=fields, name=frame.name if own else _part_name(frame, values, naming))
        )
    return parts


def _part_name(frame: Frame, values: Mapping[str, str], naming: Json) -> str:
    equals, space = text(naming.get("separator1")) or "=", text(naming.get("separator2")) or " "
    shown = [f"{name}{equals}{value}" if naming.get("withNames") else value for name, value in values.items()]
    name = space.join(shown)
    return f"{frame.name} {name}" if naming.get("append") and frame.name else name


_EMPTY: Final[dict[str, Cell]] = {"null": None, "zero": 0, "true": True, "false": False}


def grouping_to_matrix(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """A table with a row for each value of one field, and a column for each value of another."""
    row_name, column_name = (
        text(options.get("rowField")) or "Time",
        text(options.get("columnField")) or "Time",
    )
    value_name = text(options.get("valueField")) or "Value"
    if len(frames) != 1:
        return list(frames)
    frame = frames[0]
    rows, columns, values = (_field_shown_as(frame, name) for name in (row_name, column_name, value_name))
    if rows is None or columns is None or values is None:
        return list(frames)
    cells = {
        (cell_text(row), cell_text(column)): value
        for row, column, value in zip(rows.values, columns.values, values.values, strict=True)
    }
    row_values = list({cell_text(value): value for value in rows.values}.values())
    empty = _EMPTY.get(text(options.get("emptyValue")), "")
    config = {key: value for key, value in values.config.items() if key != "displayName"}
    fields = [Field(f"{row_name}\\{column_name}", rows.kind, row_values, config=dict(rows.config))]
    for column in dict.fromkeys(cell_text(value) for value in columns.values):
        column_values = [cells.get((cell_text(row), column)) for row in row_values]
        cells_of = [empty if value is None else value for value in column_values]
        fields.append(Field(column, values.kind, cells_of, config=dict(config)))
    return [Frame(fields)]


def _field_shown_as(frame: Frame, name: str) -> Field | None:
    return next((one for one in frame.fields if display_name(one, frame) == name), None)
