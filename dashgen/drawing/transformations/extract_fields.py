"""Fields out of the texts of a field: JSON, or pairs of names and values."""

import json
from collections.abc import Sequence

from msgspec.structs import replace

from dashgen.core.json_values import Json, items, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.fields.field_matchers import field_test
from dashgen.drawing.fields.frames import Cell, Field, Frame, kind_of

_PAIRS = lazy_pattern(r'([\w.-]+)[=:]\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;&|]+))')


def extract_fields(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Add a field for each name that the texts of the source have; with `replace`, leave the others out."""
    source = text(options.get("source"))
    if not source:
        return list(frames)
    test = field_test({"id": "byName", "options": source})
    extracted = []
    for frame in frames:
        column = next((one for one in frame.fields if test(one, frame, frames)), None)
        extracted.append(frame if column is None else _extracted(frame, column, options))
    return extracted


def _extracted(frame: Frame, column: Field, options: Json) -> Frame:
    rows = [_values(cell, text(options.get("format")) or "auto") for cell in column.values]
    paths = [(text(one.get("path")), text(one.get("alias"))) for one in mappings(options.get("jsonPaths"))]
    if paths and options.get("format") == "json":
        rows = [{alias or path: _at_path(row, path) for path, alias in paths} for row in rows]
    fields = []
    for name in dict.fromkeys(name for row in rows for name in row):
        values: list[Cell] = [row.get(name) for row in rows]
        fields.append(Field(name, kind_of(values), values))
    if not options.get("replace"):
        return replace(frame, fields=[*frame.fields, *fields])
    times = [one for one in frame.fields if one.kind == "time"] if options.get("keepTime") else []
    return replace(frame, fields=[*times, *fields])


def _values(cell: Cell, form: str) -> Json:
    if isinstance(cell, dict):
        return dict(cell)
    if not isinstance(cell, str):
        return {}
    if form in {"auto", "json"}:
        try:
            return mapping(json.loads(cell))
        except (ValueError, RecursionError):
            if form == "json":
                return {}
    return {match[1]: match[2] if match[2] is not None else match[3] for match in _PAIRS.finditer(cell)}


def _at_path(row: Json, path: str) -> Cell:
    value: object = row
    for step in path.replace("[", ".").replace("]", "").split("."):
        if isinstance(value, list):
            value = items(value)[int(step)] if step.isdecimal() and int(step) < len(value) else None
        else:
            value = mapping(value).get(step)
    return value if isinstance(value, int | float | str | dict) else None
