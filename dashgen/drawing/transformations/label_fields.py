"""Labels as fields, and rows as fields."""

from collections.abc import Sequence

from msgspec.structs import replace

from dashgen.core.json_values import Json, items, mappings, text
from dashgen.drawing.fields.field_names import display_name
from dashgen.drawing.fields.frames import Cell, Field, Frame
from dashgen.drawing.fields.value_mappings import cell_text


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
    """A frame of one row, with a field for each row of a table of names and values."""
    if not frames:
        return []
    frame = frames[0]
    handled = {
        text(one.get("fieldName")): text(one.get("handlerKey")) for one in mappings(options.get("mappings"))
    }

    def column(handler: str, kind: str) -> Field | None:
        named = [one for one in frame.fields if handled.get(display_name(one, frame)) == handler]
        return named[0] if named else next((one for one in frame.fields if one.kind == kind), None)

    names, values = column("field.name", "string"), column("field.value", "number")
    if names is None or values is None:
        return list(frames)
    fields = [
        Field(cell_text(name), "number", [value])
        for name, value in zip(names.values, values.values, strict=True)
    ]
    return [replace(frame, fields=fields)]
