"""Fields of another kind, and texts in another form."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from msgspec.structs import replace

from dashgen.core.json_values import Json, mappings, text, whole
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.fields.field_matchers import field_test
from dashgen.drawing.fields.field_names import display_name
from dashgen.drawing.fields.frames import Cell, Field, Frame, number_or_none
from dashgen.drawing.fields.value_mappings import cell_text
from dashgen.drawing.values.moment_formats import moment_text

_YEAR: Final = lazy_pattern(r"\d{4}")
_ISO: Final = "YYYY-MM-DDTHH:mm:ssZ"


def convert_field_types(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Make numbers, texts, times or truth values of fields."""
    current = list(frames)
    for conversion in mappings(options.get("conversions")):
        name = text(conversion.get("targetField"))
        if name:
            test = field_test({"id": "byName", "options": name})
            current = [
                replace(
                    frame,
                    fields=[
                        _converted(one, conversion) if test(one, frame, current) else one
                        for one in frame.fields
                    ],
                )
                for frame in current
            ]
    return current


def _converted(field: Field, conversion: Json) -> Field:
    kind, form = text(conversion.get("destinationType")), text(conversion.get("dateFormat"))
    if kind == "number":
        return replace(field, kind="number", values=[_number(value) for value in field.values])
    if kind == "time":
        return _as_times(field, form)
    if kind == "boolean":
        return replace(field, kind="boolean", values=[bool(value) for value in field.values])
    if kind == "string":
        joiner, zone = text(conversion.get("joinWith")), text(conversion.get("timezone"))
        return _as_texts(field, form, zone, joiner)
    if kind == "other":
        return replace(field, kind="other", values=[_parsed(value) for value in field.values])
    return field


def _number(value: Cell) -> float | None:
    if value is None or value == "":
        return 0
    if isinstance(value, str | int | float):
        try:
            number = float(value.replace(",", "").strip() or 0) if isinstance(value, str) else float(value)
        except ValueError:
            return None
        return number if math.isfinite(number) else None
    return None


def _as_times(field: Field, form: str) -> Field:
    first = field.values[0] if field.values else None
    if isinstance(first, int | float) and not isinstance(first, bool) and form != "X":
        return replace(field, kind="time")
    return replace(
        field, kind="time", values=[_time(value, is_seconds=form == "X") for value in field.values]
    )


def _time(value: Cell, *, is_seconds: bool) -> float | None:
    if not isinstance(value, str):
        number = number_or_none(value)
        return (number * 1000 if is_seconds else number) if number else None
    written = f"{value}-01-01" if _YEAR.fullmatch(value) else value
    if is_seconds and value.isdecimal():
        return float(value) * 1000
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000


def _as_texts(field: Field, form: str, zone: str, joiner: str) -> Field:
    values: list[Cell]
    if field.kind == "time":
        shown_zone = "UTC" if zone in {"", "utc", "browser"} else zone
        values = [
            "Invalid date"
            if (at := number_or_none(value)) is None
            else moment_text(at, form or _ISO, shown_zone)
            for value in field.values
        ]
    elif field.kind in {"string", "other"}:
        values = [_json_text(value, joiner) for value in field.values]
    else:
        values = ["null" if value is None else cell_text(value) for value in field.values]
    return replace(field, kind="string", values=values)


def _json_text(value: Cell, joiner: str) -> str:
    if joiner and isinstance(value, list):
        return joiner.join(cell_text(one) for one in value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _parsed(value: Cell) -> Cell:
    try:
        parsed: Cell = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None
    return parsed


def format_time(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Write the times of a field in a format."""
    name, form, zone = (text(options.get(key)) for key in ("timeField", "outputFormat", "timezone"))
    return [
        replace(
            frame,
            fields=[
                _as_texts(one, form, zone, "") if display_name(one, frame, frames) == name else one
                for one in frame.fields
            ],
        )
        for frame in frames
    ]


def _capital_words(value: str) -> list[str]:
    return [word[:1].upper() + word[1:].lower() for word in value.split(" ")]


def _camel(value: str) -> str:
    joined = "".join(_capital_words(value))
    return joined[:1].lower() + joined[1:]


_FORMS: Final[Mapping[str, Callable[[str], str]]] = {
    "Upper Case": str.upper,
    "Lower Case": str.lower,
    "Sentence Case": lambda value: value[:1].upper() + value[1:],
    "Title Case": lambda value: " ".join(_capital_words(value)),
    "Pascal Case": lambda value: "".join(_capital_words(value)),
    "Camel Case": _camel,
    "Snake Case": lambda value: value.lower().replace(" ", "_"),
    "Kebab Case": lambda value: value.lower().replace(" ", "-"),
    "Trim": str.strip,
}


def format_string(frames: Sequence[Frame], options: Json) -> list[Frame]:
    """Write the texts of a field in another case, or a part of them."""
    test = field_test({"id": "byName", "options": text(options.get("stringField"))})
    form = text(options.get("outputFormat"))
    start, end = whole(options.get("substringStart")), whole(options.get("substringEnd"), 100)
    write = (lambda value: value[start:end]) if form == "Substring" else _FORMS.get(form, str)
    formatted = []
    for frame in frames:
        fields = []
        for one in frame.fields:
            if test(one, frame, frames):
                values: list[Cell] = [write(cell_text(value)) for value in one.values]
                fields.append(replace(one, kind="string", values=values))
            else:
                fields.append(one)
        formatted.append(replace(frame, fields=fields))
    return formatted
