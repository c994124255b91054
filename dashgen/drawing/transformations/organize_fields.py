"""Order, hide, rename and convert fields."""

import re
from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.drawing.fields.field_matchers import field_test, script_pattern
from dashgen.drawing.fields.field_names import display_name
from dashgen.drawing.fields.frames import Cell, Field, FieldKind, Frame
from dashgen.drawing.fields.value_mappings import cell_text
from dashgen.drawing.transformations.filter_frames import keep_fields

_LAST = 2**53


def organize(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Hide fields, put them in order and rename them, by the names that viewers see."""
    included = [name for name, value in mapping(options.get("includeByName")).items() if value]
    excluded = [name for name, value in mapping(options.get("excludeByName")).items() if value]
    filtered = list(frames)
    if excluded or included:
        filtered = keep_fields(
            frames,
            {"id": "byNames", "options": {"names": included}} if included else None,
            {"id": "byNames", "options": {"names": excluded}} if excluded else None,
        )
    return rename_fields(order_fields(filtered, options), options)


def order_fields(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Put fields in the order of their indices; those without one stay behind the others."""
    indices = mapping(options.get("indexByName"))

    def index_of(field: Field, frame: Frame) -> int:
        value = indices.get(display_name(field, frame, frames))
        return value if isinstance(value, int) else _LAST

    return [
        replace(frame, fields=sorted(frame.fields, key=lambda field: index_of(field, frame)))
        for frame in frames
    ]


def rename_fields(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Give fields new names."""
    names = mapping(options.get("renameByName"))
    return [
        _renamed(frame, [text(names.get(display_name(one, frame))) for one in frame.fields])
        for frame in frames
    ]


def rename_by_regex(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Give fields whose names match a pattern new ones; `$1` is a group of the pattern."""
    pattern = script_pattern(text(options.get("regex")) or "(.*)")
    if pattern is None:
        return list(frames)
    replacement = re.sub(r"\$(\d)", r"\\\1", text(options.get("renamePattern")).replace("\\", r"\\"))
    renamed = []
    for frame in frames:
        titles = [display_name(one, frame) for one in frame.fields]
        renamed.append(
            _renamed(frame, [_replaced(pattern, replacement, title) for title in titles]),
        )
    return renamed


def _replaced(pattern: re.Pattern[str], replacement: str, title: str) -> str:
    try:
        return pattern.sub(replacement, title, count=1) if pattern.search(title) else ""
    except (re.error, IndexError):
        return ""


def _renamed(frame: Frame, names: Sequence[str]) -> Frame:
    pairs = zip(frame.fields, names, strict=True)
    fields = [
        replace(one, config={**one.config, "displayName": name}) if name else one for one, name in pairs
    ]  # fmt: skip
    return replace(frame, fields=fields)


def convert_field_types(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Make numbers, texts, times or truth values of fields."""
    current = list(frames)
    for conversion in mappings(options.get("conversions")):
        test = field_test({"id": "byName", "options": text(conversion.get("targetField"))})
        kind = text(conversion.get("destinationType"))
        current = [
            replace(
                frame,
                fields=[_converted(one, kind) if test(one, frame, current) else one for one in frame.fields],
            )
            for frame in current
        ]
    return current


def _converted(field: Field, kind: str) -> Field:
    if kind == "number":
        return replace(field, kind="number", values=[_number(value) for value in field.values])
    if kind == "time":
        return replace(field, kind="time", values=[_time(value) for value in field.values])
    if kind == "boolean":
        return replace(field, kind="boolean", values=[bool(value) for value in field.values])
    if kind == "string":
        return replace(field, kind="string", values=[cell_text(value) for value in field.values])
    kind_of_values: FieldKind = "other" if kind == "other" else field.kind
    return replace(field, kind=kind_of_values)


def _number(value: Cell) -> float | None:
    if isinstance(value, str | int | float):
        try:
            return float(value.replace(",", "")) if isinstance(value, str) else float(value)
        except ValueError:
            return None
    return None


def _time(value: Cell) -> float | None:
    if isinstance(value, str) and not value.isdecimal():
        try:
            return datetime.fromisoformat(value).timestamp() * 1000
        except ValueError:
            return None
    return _number(value)
