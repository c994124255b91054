"""Several frames as one."""

from collections.abc import Sequence

from msgspec.structs import replace

from dashgen.core.json_values import Json, text
from dashgen.drawing.fields.field_names import display_name
from dashgen.drawing.fields.frames import TIME_NAME, VALUE_NAME, Cell, Field, Frame
from dashgen.drawing.fields.value_mappings import cell_text
from dashgen.drawing.transformations.filter_frames import sort_key, with_rows

_METRIC = "Metric"


def _ref_ids(frames: Sequence[Frame]) -> str:
    return "-".join(frame.ref_id for frame in frames)


def _bare(field: Field, values: list[Cell]) -> Field:
    config = {key: value for key, value in field.config.items() if key != "displayName"}
    return Field(field.name, field.kind, values, config=config)


def merge_frames(frames: Sequence[Frame], _options: Json) -> list[Frame]:
    """Put the rows of all frames in one table; rows that agree in their common fields become one."""
    if len(frames) < 2:
        return list(frames)
    filled = [frame for frame in frames if frame.fields]
    if not filled:
        return [frames[0]]
    fields = {one.name: one for frame in reversed(filled) for one in reversed(frame.fields)}
    order = list(dict.fromkeys(one.name for frame in filled for one in frame.fields))
    common = [name for name in order if all(frame.named(name) for frame in filled)]
    rows: list[dict[str, Cell]] = []
    by_key: dict[tuple[str, ...], list[dict[str, Cell]]] = {}
    for frame in filled:
        for index in range(frame.length):
            row = {one.name: one.values[index] for one in frame.fields}
            alike = by_key.setdefault(tuple(str(row[name]) for name in common), [])
            _add_row(row, alike, rows)
    columns = [_bare(fields[name], [row.get(name) for row in rows]) for name in order]
    return [Frame(columns, f"merge-{_ref_ids(filled)}")]


def _add_row(row: dict[str, Cell], alike: list[dict[str, Cell]], rows: list[dict[str, Cell]]) -> None:
    fitting = [
        one
        for one in alike
        if all(one.get(name) is None or one[name] == value for name, value in row.items())
    ]
    for one in fitting:
        one.update(row)
    if not fitting:
        alike.append(row)
        rows.append(row)


def append_frames(frames: Sequence[Frame], _options: Json) -> list[Frame]:
    """Put the rows of all frames under each other; fields of one name are one."""
    if len(frames) < 2:
        return list(frames)
    names = list(dict.fromkeys(one.name for frame in frames for one in frame.fields))
    columns = []
    for name in names:
        example = next(one for frame in frames if (one := frame.named(name)))
        values: list[Cell] = []
        for frame in frames:
            column = frame.named(name)
            values += column.values if column else [None] * frame.length
        columns.append(_bare(example, values))
    return [Frame(columns, frames[0].ref_id)]


def concatenate(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Put the fields of all frames beside each other."""
    if len(frames) < 2:
        return list(frames)
    length = max(frame.length for frame in frames)
    mode = text(options.get("frameNameMode"))
    label = text(options.get("frameNameLabel")) or "frame"
    fields = []
    for frame in frames:
        for one in frame.fields:
            padding: list[Cell] = [None] * (length - len(one.values))
            whole = replace(one, values=[*one.values, *padding])
            if frame.name and mode == "label":
                whole = replace(whole, labels={**(one.labels or {}), label: frame.name})
            elif frame.name and mode != "drop":
                is_nameless = one.name in {"", VALUE_NAME}
                whole = replace(whole, name=frame.name if is_nameless else f"{frame.name} · {one.name}")
            fields.append(whole)
    return [Frame(fields, _ref_ids(frames))]


def join_by_field(frames: Sequence[Frame], options: Json, absent: Cell = None) -> list[Frame]:
    """Put frames beside each other by a field that they share: times, when none is named.

    Args:
        frames: what is joined.
        options: `byField` and `mode`.
        absent: what stands in rows that a frame does not have.
    """
    name, mode = text(options.get("byField")), text(options.get("mode")) or "outer"
    sources = [(frame, _joined_by(frame, name)) for frame in frames]
    used = [(frame, column) for frame, column in sources if column is not None]
    if len(frames) < 2:
        return list(frames)
    if not used:
        return [Frame([], f"joinByField-{_ref_ids(frames)}")]
    if mode in {"inner", "outerTabular"}:
        return [_join_rows(used, f"joinByField-{_ref_ids(frames)}", is_outer=mode == "outerTabular")]
    rows = _join_keys([column for _, column in used])
    first = used[0][1]
    fields = [replace(first, values=list(rows))]
    for frame, column in used:
        at = {str(value): index for index, value in reversed(list(enumerate(column.values)))}
        for one in frame.fields:
            if one is not column:
                values = [one.values[at[str(row)]] if str(row) in at else absent for row in rows]
                fields.append(replace(one, values=values, labels=_labels_with_name(one, frame)))
    return [Frame(fields, f"joinByField-{_ref_ids(frames)}", meta={"joined": True})]


def _labels_with_name(field: Field, frame: Frame) -> dict[str, str] | None:
    # Fields of one name stay apart by the names of their frames.
    if field.labels or not frame.name:
        return field.labels
    return {"name": frame.name}


def _joined_by(frame: Frame, name: str) -> Field | None:
    if not name:
        return frame.first("time")
    return next((one for one in frame.fields if name in {one.name, display_name(one, frame)}), None)


def _join_rows(used: Sequence[tuple[Frame, Field]], ref_id: str, *, is_outer: bool) -> Frame:
    """Each row beside all rows of the others that have its key; those alone at the end, or left out."""
    first_frame, first = used[0]
    fields = [first, *(one for one in first_frame.fields if one is not first)]
    fields = [fields[0], *(replace(one, labels=_labels_with_name(one, first_frame)) for one in fields[1:])]
    rows: list[list[Cell]] = [[one.values[row] for one in fields] for row in range(first_frame.length)]
    for frame, column in used[1:]:
        others = [one for one in frame.fields if one is not column]
        right = [
            (column.values[row], [one.values[row] for one in others]) for row in range(len(column.values))
        ]
        matched, alone = _matched_rows(rows, right, (len(fields), len(others)))
        rows = [*matched, *alone] if is_outer else matched
        fields += [replace(one, labels=_labels_with_name(one, frame)) for one in others]
    return Frame(
        [replace(one, values=[row[index] for row in rows]) for index, one in enumerate(fields)], ref_id
    )


def _matched_rows(
    left: Sequence[list[Cell]], right: Sequence[tuple[Cell, list[Cell]]], widths: tuple[int, int]
) -> tuple[list[list[Cell]], list[list[Cell]]]:
    """Rows of two sides beside each other where their keys are the same, and those without a partner.

    Args:
        left: the rows of the left side, each with its key in front; a row without a key has no partner.
        right: the key and the other cells of each row of the right side.
        widths: how many cells a row has on the left, and on the right beside its key.
    """
    at: dict[str, list[tuple[Cell, list[Cell]]]] = {}
    for key, cells in right:
        at.setdefault(cell_text(key), []).append((key, cells))
    keyed = [row for row in left if row[0] is not None]
    matched = [[*row, *cells] for row in keyed for _, cells in at.get(cell_text(row[0]), [])]
    gap: list[Cell] = [None] * widths[1]
    alone = [[*row, *gap] for row in left if row[0] is None or cell_text(row[0]) not in at]
    left_keys = {cell_text(row[0]) for row in keyed}
    # Rows of one key stand together, as Grafana takes them from an index by key.
    alone += [
        [key, *([None] * (widths[0] - 1)), *cells]
        for name, listed in at.items()
        if name not in left_keys
        for key, cells in listed
    ]
    return matched, alone


def _join_keys(columns: Sequence[Field]) -> list[Cell]:
    keys = {str(value): value for column in columns for value in column.values}
    is_ordered = all(column.kind == "time" for column in columns)
    return sorted(keys.values(), key=sort_key) if is_ordered else list(keys.values())


def series_to_rows(frames: Sequence[Frame], _options: Json) -> list[Frame]:
    """Put the values of all series under each other, with their names, the newest first."""
    filled = [frame for frame in frames if frame.length]
    if not filled or not all(frame.first("time") for frame in filled):
        return filled
    times: list[Cell] = []
    names: list[Cell] = []
    values: list[Cell] = []
    for frame in filled:
        time, value = frame.first("time"), next((one for one in frame.fields if one.kind != "time"), None)
        if time and value:
            times += time.values
            values += value.values
            names += [frame.name or display_name(value, frame, filled)] * frame.length
    columns = [
        Field(TIME_NAME, "time", times),
        Field(_METRIC, "string", names),
        Field(VALUE_NAME, "number", values),
    ]
    joined = Frame(columns, f"seriesToRows-{_ref_ids(filled)}")
    return [with_rows(joined, sorted(range(len(times)), key=lambda row: sort_key(times[row]), reverse=True))]


def ensure_columns(frames: Sequence[Frame], _options: Json) -> list[Frame]:
    """Join series that have their times under one name; everything else stays."""
    names = {one.name if (one := frame.first("time")) else "" for frame in frames}
    if len(frames) > 1 and len(names) == 1 and "" not in names:
        return join_by_field(frames, {"byField": next(iter(names))})
    return list(frames)
