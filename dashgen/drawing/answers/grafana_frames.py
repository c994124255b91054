"""The data frames of an answer of Grafana's `/api/ds/query`.

Source: dataframe/DataFrameJSON.ts of @grafana/data 12.4.3, and the recordings in tests/grafana: values are
columns, in which NaN and infinities are null with their places in `entities`.
"""

import math
from collections.abc import Mapping
from typing import Final

from dashgen.core.json_values import Json, items, mapping, mappings, scalar_text, text, whole
from dashgen.drawing.fields.frames import Cell, Field, FieldKind, Frame

_KINDS: Final[Mapping[str, FieldKind]] = {
    "time": "time", "number": "number", "string": "string", "boolean": "boolean", "enum": "string",
}  # fmt: skip
_ENTITIES: Final = {"NaN": math.nan, "Inf": math.inf, "NegInf": -math.inf}


def grafana_frames(result: Json, ref_id: str = "") -> list[Frame]:
    """The frames of one query.

    Args:
        result: one of the `results` of an answer: `frames` with `schema` and `data` each.
        ref_id: of the query, where a frame does not have its own.
    """
    return [_frame(one, ref_id) for one in mappings(result.get("frames"))]


def _frame(frame: Json, ref_id: str) -> Frame:
    schema, data = mapping(frame.get("schema")), mapping(frame.get("data"))
    columns, entities = items(data.get("values")), items(data.get("entities"))
    enums = items(data.get("enums"))
    fields = []
    for index, field in enumerate(mappings(schema.get("fields"))):
        values = list(items(columns[index])) if index < len(columns) else []
        _put_entities(values, mapping(entities[index]) if index < len(entities) else {})
        names = [scalar_text(one) for one in items(enums[index])] if index < len(enums) else []
        names = names or _enum_texts(field)
        if names:
            values = [_enum_text(value, names) for value in values]
        fields.append(_field(field, values))
    longest = max((len(one.values) for one in fields), default=0)
    for one in fields:
        one.values += [None] * (longest - len(one.values))
    return Frame(
        fields, text(schema.get("refId")) or ref_id, text(schema.get("name")), mapping(schema.get("meta"))
    )


def _field(field: Json, values: list[Cell]) -> Field:
    labels = {name: scalar_text(value) for name, value in mapping(field.get("labels")).items()}
    kind = _KINDS.get(text(field.get("type")), "other")
    shape = text(mapping(field.get("typeInfo")).get("frame"))
    if kind == "other" and shape.startswith(("int", "uint", "float")):
        kind = "number"
    has_labels = isinstance(field.get("labels"), dict)
    return Field(
        text(field.get("name")), kind, values, labels if has_labels else None, mapping(field.get("config"))
    )


def _put_entities(values: list[Cell], entities: Json) -> None:
    for name, number in _ENTITIES.items():
        for position in items(entities.get(name)):
            index = whole(position, -1)
            if 0 <= index < len(values):
                values[index] = number


def _enum_texts(field: Json) -> list[str]:
    enum = mapping(mapping(mapping(field.get("config")).get("type")).get("enum"))
    return [scalar_text(one) for one in items(enum.get("text"))]


def _enum_text(value: Cell, names: list[str]) -> Cell:
    index = whole(value, -1)
    return names[index] if 0 <= index < len(names) else value
