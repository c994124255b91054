"""Fields out of the texts of a field: JSON, pairs of names and values, parts, or groups of a pattern.

Source: features/transformers/extractFields of Grafana 12.4.3.
"""

import json
import re
from collections.abc import Callable, Sequence
from typing import Final

from msgspec.structs import replace

from dashgen.core.json_values import Json, items, mapping, mappings, text
from dashgen.drawing.fields.field_matchers import field_test, script_pattern
from dashgen.drawing.fields.frames import Cell, Field, Frame, kind_of

_SEPARATORS: Final = frozenset(",;&{}")
_SPACES: Final = frozenset(" \t\r\n")
_MOST_FIELDS: Final = 1000


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
    form = text(options.get("format")) or "auto"
    parse = _parser(form, options)
    rows = [_entries(parse(cell) if isinstance(cell, str) else cell) for cell in column.values]
    paths = [(text(one.get("path")), text(one.get("alias"))) for one in mappings(options.get("jsonPaths"))]
    paths = [(path, alias) for path, alias in paths if path]
    if paths and form == "json":
        rows = [{alias or path: _at_path(row, path) for path, alias in paths} for row in rows]
    names = list(dict.fromkeys(name for row in rows for name in row))[:_MOST_FIELDS]
    fields = []
    for name in names:
        values: list[Cell] = [row.get(name) for row in rows]
        fields.append(Field(name, kind_of(values), values))
    times = (
        [one for one in frame.fields if one.name in {"Time", "time"}][:1] if options.get("keepTime") else []
    )
    others = [] if options.get("replace") else frame.fields
    return replace(frame, fields=[*others, *times, *fields])


def _entries(value: Cell) -> Json:
    # In JavaScript the entries of a list are named by their numbers.
    return {str(index): one for index, one in enumerate(value)} if isinstance(value, list) else mapping(value)


def _parser(form: str, options: Json) -> Callable[[str], Cell]:
    if form == "kvp":
        return _pairs
    if form == "delimiter":
        delimiter = text(options.get("delimiter")) or ","
        return lambda line: dict.fromkeys(re.split(rf"\s*{re.escape(delimiter)}\s*", line.strip()), 1)
    if form == "regexp":
        written = text(options.get("regExp"))
        pattern = script_pattern(written) if written.startswith("/") else script_pattern("/(?<NewField>.*)/")
        return lambda line: match.groupdict() if pattern and (match := pattern.search(line)) else {}
    return (
        _parsed
        if form == "json"
        else lambda line: _pairs(line) if (parsed := _parsed(line)) is None else parsed
    )


def _parsed(line: str) -> Cell:
    try:
        value: Cell = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value


class _PairReader:
    """Reads `a=1 b: "two" c` into names and values; a name alone has an empty value."""

    def __init__(self) -> None:
        self.pairs: Json = {}
        self._name = ""
        self._letters: list[str] = []

    def add(self, letter: str) -> None:
        self._letters.append(letter)

    def equals(self) -> None:
        if self._letters:
            if self._name:
                self.pairs[self._name] = ""
            self._name = self._taken()

    def separate(self, *, is_space: bool) -> None:
        if is_space and self._letters and not self._name:
            self.pairs[self._taken()] = ""
        if self._letters:
            word = self._taken()
            if self._name:
                self.pairs[self._name], self._name = word, ""
            else:
                self._name = word

    def end(self) -> Json:
        if self._name:
            self.pairs[self._name] = self._taken()
        elif self._letters:
            self.pairs[self._taken()] = ""
        return self.pairs

    def _taken(self) -> str:
        word = "".join(self._letters)
        self._letters.clear()
        return word


def _pairs(line: str) -> Json:
    reader = _PairReader()
    quote = ""
    letters = iter(line)
    for letter in letters:
        if letter == "\\":
            reader.add(next(letters, ""))
        elif quote and letter != quote:
            reader.add(letter)
        elif quote:
            quote = ""
        elif letter in "\"'":
            quote = letter
            reader.separate(is_space=True)
        elif letter in ":=":
            reader.equals()
        elif letter in _SPACES or letter in _SEPARATORS:
            reader.separate(is_space=letter in _SPACES)
        else:
            reader.add(letter)
    return reader.end()


def _at_path(row: Json, path: str) -> Cell:
    value: object = row
    for step in path.replace("[", ".").replace("]", "").split("."):
        if isinstance(value, list):
            value = items(value)[int(step)] if step.isdecimal() and int(step) < len(value) else None
        else:
            value = mapping(value).get(step)
    return value if isinstance(value, int | float | str | dict | list) else "Not Found"
