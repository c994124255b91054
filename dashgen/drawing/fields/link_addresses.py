"""The links of fields with the values, names and times that their addresses refer to.

Source: field/fieldOverrides.ts (getLinksSupplier) and field/scopedVars of @grafana/data 12.4.3.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from dashgen.core.json_values import mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.drawing_context import DrawingContext
from dashgen.drawing.fields.field_display import FieldDisplay, ShownValue
from dashgen.drawing.fields.frames import Cell, Field, Frame
from dashgen.drawing.fields.value_mappings import cell_text

_REFERENCE = lazy_pattern(r"\$\{([^}]{1,200})\}|\$(\w+)|\[\[(\w+)(?::[^\]]*)?\]\]")
_FIELD = lazy_pattern(r"fields(?:\[(\d+)\]|\[[\"']([^\"']+)[\"']\]|\.(\w+))(?:\.(text|numeric))?")
_LABEL = lazy_pattern(r"labels(?:\.(.+)|\[[\"']?([^\]\"']+)[\"']?\])")


class LinkedValue(NamedTuple):
    """What a link is of: a cell of a field, or what a calculation made of the field.

    Attributes:
        row: of the cell; None for a calculation.
    """

    field: Field
    frame: Frame
    row: int | None
    shown: ShownValue


class ResolvedLink(NamedTuple):
    """A link with everything that it refers to filled in."""

    title: str
    address: str


def data_links(value: LinkedValue, frames: Sequence[Frame], context: DrawingContext) -> list[ResolvedLink]:
    """The links of a value.

    Args:
        value: what the links are of.
        frames: all frames of the panel.
        context: time range and variables.

    Returns:
        Links with their titles; an address that refers to nothing known keeps the reference.
    """
    resolver = _ReferenceReader(value, frames, context)
    return [
        ResolvedLink(resolver.filled(text(one.get("title")), is_address=False),
                 resolver.filled(text(one.get("url")), is_address=True))
        for one in mappings(value.field.config.get("links"))
        if text(one.get("url"))
    ]  # fmt: skip


def _encoded(part: str) -> str:
    return quote(part, safe="", errors="replace")


class _ReferenceReader:
    def __init__(self, value: LinkedValue, frames: Sequence[Frame], context: DrawingContext) -> None:
        self._value = value
        self._frames = frames
        self._context = context

    def filled(self, written: str, *, is_address: bool) -> str:
        def replaced(match: re.Match[str]) -> str:
            path, _, form = (match[1] or match[2] or match[3]).partition(":")
            value = self._text_of(path)
            if value is None:
                return match[0]
            # A reference that is the whole address, and one that is a part of a query string already, stays.
            is_whole = match[0] == written or path in {"__url_time_range", "__all_variables"}
            if form == "raw" or not is_address or is_whole:
                return value
            return _encoded(value) if form in {"", "percentencode"} else value

        return _REFERENCE.sub(replaced, written)

    def _text_of(self, path: str) -> str | None:
        head, _, rest = path.partition(".")
        readers = {
            "__value": self._of_value, "__field": self._of_field, "__data": self._of_data,
            "__series": self._of_series,
        }  # fmt: skip
        if head in readers and rest:
            return readers[head](rest)
        start, end = self._context.time_range
        times = {
            "__from": str(start), "__to": str(end), "__url_time_range": f"from={start}&to={end}",
            "__all_variables": "&".join(
                f"var-{_encoded(name)}={_encoded(value)}"
                for name, value in self._context.variables.items()
            ),
        }  # fmt: skip
        return times.get(path, self._context.variables.get(path))

    def _of_value(self, part: str) -> str | None:
        shown, row = self._value.shown, self._value.row
        cell = self._cell(self._value.field, row)
        number = "" if shown.number is None else cell_text(shown.number)
        raw = cell_text(cell) if row is not None else number or shown.text
        time = self._value.frame.first("time")
        moment = cell_text(self._cell(time, -1 if row is None else row)) if time else ""
        return {"raw": raw, "numeric": number, "text": shown.text, "time": moment}.get(part)

    @staticmethod
    def _cell(field: Field, row: int | None) -> Cell:
        return (
            field.values[row] if row is not None and -len(field.values) <= row < len(field.values) else None
        )

    def _of_field(self, part: str) -> str | None:
        field = self._value.field
        if part in {"name", "displayName"}:
            return field.name if part == "name" else field.title
        labels = field.labels or {}
        if part == "labels":
            return ", ".join(f"{name}={value}" for name, value in sorted(labels.items()))
        if part == "labels.__values":
            return ", ".join(value for _, value in sorted(labels.items()))
        match = _LABEL.fullmatch(part)
        return labels.get(match[1] or match[2], "") if match else None

    def _of_series(self, part: str) -> str | None:
        return (self._value.frame.name or self._value.field.title) if part == "name" else None

    def _of_data(self, part: str) -> str | None:
        if part in {"name", "refId"}:
            return self._value.frame.name if part == "name" else self._value.frame.ref_id
        match = _FIELD.fullmatch(part)
        if match is None:
            return None
        field = self._field_at(match[1], match[2] or match[3])
        row = self._value.row
        if field is None:
            return None
        cell = self._cell(field, -1 if row is None else row)
        if match[4] == "text":
            return FieldDisplay(field, self._context.palette, self._context.clock).shown(cell).text
        return cell_text(cell)

    def _field_at(self, index: str | None, name: str | None) -> Field | None:
        fields = self._value.frame.fields
        if index is not None:
            return fields[int(index)] if len(index) < 6 and int(index) < len(fields) else None
        return next((one for one in fields if name in {one.title, one.name}), None)
