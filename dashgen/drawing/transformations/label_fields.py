"""Labels as fields, and rows as fields."""

from collections.abc import Sequence

from msgspec.structs import replace

from dashgen.core.json_values import Json, items, text
from dashgen.drawing.fields.field_names import display_name
from dashgen.drawing.fields.frames import Cell, Field, Frame
from dashgen.drawing.fields.value_mappings import cell_text
from dashgen.drawing.transformations.field_mappings import LABEL, NAME, VALUE, handlers_of, row_config


def labels_to_fields(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Columns of the labels of each frame; with `mode: rows`, a table of labels for each field."""
    names = [text(name) for name in items(options.get("keepLabels"))]
    if options.get("mode") == "rows":
        return _label_tables(frames, names)
    return [_with_columns(frame, names, text(options.get("valueLabel"))) for frame in frames]


def _with_columns(frame: Frame, names: Sequence[str], value_label: str) -> Frame:
    fields: list[Field] = []
    columns: dict[tuple[str, str], Field] = {}
    for one in frame.fields:
        if not one.labels:
            fields.append(one)
            continue
        names_gone = {"displayName", "displayNameFromDS"}
        config = {key: value for key, value in one.config.items() if key not in names_gone}
        name = one.labels.get(value_label, one.name) if value_label else one.name
        fields.append(replace(one, name=name, config=config, labels=None))
        for label, value in one.labels.items():
            if label != value_label and (not names or label in names):
                values: list[Cell] = [value] * frame.length
                columns.setdefault((label, value), Field(label, "string", values))
    in_order = dict.fromkeys(label for label, _ in columns)
    labelled = [column for name in in_order for (label, _), column in columns.items() if label == name]
    return replace(frame, fields=[*fields, *labelled])


def _label_tables(frames: Sequence[Frame], labels: Sequence[str]) -> list[Frame]:
    tables = []
    for frame in frames:
        for one in frame.fields:
            names: list[Cell] = list(labels or one.labels or ())
            if one.labels and names:
                values: list[Cell] = [one.labels.get(str(name)) for name in names]
                columns = [Field("label", "string", names), Field("value", "string", values)]
                tables.append(Frame(columns, frame.ref_id, display_name(one, frame, frames)))
    return tables


def rows_to_fields(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """For each table of names and values a frame of one row, with a field for each row of the table."""
    return [_fields_of_rows(frame, options) for frame in frames]


def _fields_of_rows(frame: Frame, options: Json) -> Frame:
    handlers = handlers_of(frame, options)
    titles = {id(one): display_name(one, frame) for one in frame.fields}

    def column(handler: str, kind: str) -> Field | None:
        named = [one for one in frame.fields if handlers[titles[id(one)]] == handler]
        free = (one for one in frame.fields if one.kind == kind and not handlers[titles[id(one)]])
        return named[0] if named else next(free, None)

    names, values = column(NAME, "string"), column(VALUE, "number")
    if names is None or values is None:
        return frame
    others = [one for one in frame.fields if one is not names and one is not values]
    labelled = [one for one in others if handlers[titles[id(one)]] in {"", LABEL}]
    fields = []
    for row, name in enumerate(names.values):
        cells = {titles[id(one)]: one.values[row] for one in labelled}
        labels = {label: cell_text(cell) for label, cell in cells.items() if cell is not None}
        config = row_config(frame, row, handlers)
        fields.append(Field(cell_text(name), values.kind, [values.values[row]], labels or None, config))
    return Frame(fields, frame.ref_id)
