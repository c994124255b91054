"""JSON text as data with a position for every value, found only when it is needed.

Dashboards are large and nearly always right, so the text is parsed by the standard library and scanned for
positions container by container, on demand.
"""

import json
import re
from bisect import bisect_right
from functools import partial
from itertools import accumulate
from math import isfinite
from typing import Any, TypeAlias

from msgspec import Struct

from dashgen.check.check_report import Path
from dashgen.core.diagnostics import Diagnostic, Location, Span
from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern

Range: TypeAlias = tuple[int, int]
Children: TypeAlias = dict[str | int, tuple[Range | None, Range]]

_TOKEN = lazy_pattern(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]', re.DOTALL)
_SURROGATE = lazy_pattern(r"\\u[dD][89a-fA-F]")
_LONG_NUMBER = lazy_pattern(r"[0-9]{19}|[eE]\+?[0-9]{3}")
_LONGEST_INTEGER = 19
_LONGEST_SHOWN = 30
_CONSTANT = lazy_pattern(r'"(?:[^"\\]|\\.)*"|(-?Infinity|NaN)', re.DOTALL)


class JsonDocument(Struct):
    """One JSON file: its data, and the text in which positions are looked up."""

    file: str
    text: str
    data: Any
    _children: dict[int, Children] = {}
    _lines: list[int] = []

    def location(self, path: Path = (), *, key: bool = False) -> Location:
        """The location of the value at ``path``, or with ``key`` that of its key.

        Without one, that of the value around it.
        """
        value_range = _value_range(self.text, 0, len(self.text))
        for depth, step in enumerate(path, start=1):
            child = self.children(value_range[0]).get(step)
            if child is None:
                break
            name, value_range = child
            if key and depth == len(path) and name:
                value_range = name
        return Location(self.file, self.span(*value_range))

    def span(self, start: int, end: int) -> Span:
        """Lines and columns of a range; of its first line when it covers several."""
        if not self._lines:
            self._lines = [0, *accumulate(len(line) + 1 for line in self.text.split("\n"))]
        line = bisect_right(self._lines, start) - 1
        first = self.text[start:end].split("\n", 1)[0].rstrip("\r")
        column = start - self._lines[line] + 1
        return Span(line + 1, column, line + 1, column + max(len(first), 1))

    def children(self, start: int) -> Children:
        """The ranges of keys and values of the list or object that starts at an offset."""
        if start not in self._children:
            self._children[start] = _scan(self.text, start)[0]
        return self._children[start]

    def repeated_keys(self) -> list[tuple[str, Range]]:
        """Keys that an object has twice, with the range of the later one."""
        todo, repeated = [_value_range(self.text, 0, len(self.text))[0]], []
        while todo:
            children, doubles = _scan(self.text, todo.pop())
            repeated += doubles
            todo += [value[0] for _key, value in children.values() if self.text[value[0]] in "{["]
        return repeated


def _scan(text: str, start: int) -> tuple[Children, list[tuple[str, Range]]]:
    """The ranges of the keys and values directly in a list or object, and of the keys that it has twice."""
    children: Children = {}
    repeated: list[tuple[str, Range]] = []
    if start >= len(text) or text[start] not in "{[":
        return children, repeated
    depth, begin, name = 0, start + 1, None
    is_object = text[start] == "{"
    for token in _TOKEN.finditer(text, start + 1):
        mark = text[token.start()]
        if mark in "{[":
            depth += 1
        elif mark in "]}" and depth:
            depth -= 1
        elif depth:
            # Tokens inside of a child are passed over: it is scanned when a path leads into it.
            continue
        elif mark == '"':
            name = name or token.span()
        elif mark == ":":
            begin = token.end()
        else:
            _add(text, children, repeated, name if is_object else None, (begin, token.start()))
            begin, name = token.end(), None
            if mark != ",":
                break
    return children, repeated


def _add(
    text: str, children: Children, repeated: list[tuple[str, Range]], name: Range | None, around: Range
) -> None:
    value = _value_range(text, *around)
    if value[0] >= value[1]:
        return
    step = len(children) if name is None else str(json.loads(text[slice(*name)], strict=False))
    if name is not None and step in children:
        repeated.append((str(step), name))
    children[step] = (name, value)


def _value_range(text: str, start: int, end: int) -> Range:
    while start < end and text[start] in " \t\r\n":
        start += 1
    while end > start and text[end - 1] in " \t\r\n":
        end -= 1
    return start, end


def read_json(file: str, text: str) -> tuple[JsonDocument | None, list[Diagnostic]]:
    """Parse JSON as Grafana does: what it refuses or what it would silently drop is reported."""
    odd: list[str] = []
    large: list[str] = []
    # Calling back for each number takes time, and nearly no file has such ones.
    number = partial(_number, large) if _LONG_NUMBER.search(text) else None
    try:
        data = json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=_unique(odd),
            parse_constant=odd.append,
            parse_int=number,
            parse_float=number,
        )
    except json.JSONDecodeError as error:
        return None, [_broken(file, error)]
    except RecursionError:
        message = "the JSON is nested too deeply to be read"
        return None, [Diagnostic("json/depth", message, Location(file), "flatten it")]
    if _SURROGATE.search(text):
        data = _whole(data)
    document = JsonDocument(file, text.removeprefix("\ufeff"), data)
    problems = _oddities(document) if odd else []
    problems += [_too_large(document, written) for written in dict.fromkeys(large)]
    if text.startswith("\ufeff"):
        message = "the file starts with a byte-order mark, which Grafana's parser refuses"
        problems.append(
            Diagnostic("json/byte-order-mark", message, document.location(), "save it as UTF-8 without BOM")
        )
    return document, problems


def _whole(value: object) -> Any:
    """The value with U+FFFD for halves of surrogate pairs, as Go reads them; no output could write those."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return value


def _unique(odd: list[str]) -> Any:
    def build(pairs: list[tuple[str, Any]]) -> Json:
        data = dict(pairs)
        if len(data) != len(pairs):
            odd.append("")
        return data

    return build


def _number(large: list[str], written: str) -> float:
    """A number as Go reads it; one beyond the range of a float is zero here, and added to ``large``."""
    if len(written) <= _LONGEST_INTEGER and written.lstrip("-").isdecimal():
        return int(written)
    number = float(written)
    if isfinite(number):
        return number
    large.append(written)
    return 0


def _too_large(document: JsonDocument, written: str) -> Diagnostic:
    start = document.text.find(written)
    shown = written if len(written) <= _LONGEST_SHOWN else f"{written[:_LONGEST_SHOWN]}…"
    where = Location(document.file, document.span(start, start + len(written)))
    message = f"`{shown}` is too large: Grafana cannot read the file"
    return Diagnostic("json/number", message, where, "write a smaller number")


def _oddities(document: JsonDocument) -> list[Diagnostic]:
    problems = []
    for name, position in document.repeated_keys():
        message = f"duplicate key `{name}` in one object: only the last one counts"
        where = Location(document.file, document.span(*position))
        problems.append(Diagnostic("json/duplicate-key", message, where, "remove one of them"))
    for match in _CONSTANT.finditer(document.text):
        if match[1]:
            where = Location(document.file, document.span(*match.span()))
            message = f"`{match[1]}` is not JSON: Grafana cannot read the file"
            problems.append(Diagnostic("json/constant", message, where, "write a number"))
    return problems


def _broken(file: str, error: json.JSONDecodeError) -> Diagnostic:
    text = error.msg[:1].lower() + error.msg[1:]
    at_end = not error.doc[error.pos :].strip()
    message = f"not valid JSON: {'unexpected end of the file' if at_end else text}"
    span = Span(error.lineno, error.colno, error.lineno, error.colno + 1)
    hint = "close every bracket and quote" if at_end else "look for a missing comma, quote or bracket here"
    return Diagnostic("json/syntax", message, Location(file, span), hint)
