"""The parsers of log lines. Source: pkg/logql/log/{parser,jsonexpr,logfmt,pattern} of Loki 3.7."""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from re import Pattern
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.evaluate.logql.log_lines import PipedEntry

_INVALID: Final = lazy_pattern(r"[^a-zA-Z0-9_]")
_PAIR: Final = lazy_pattern(r'\s*([^\s="]+)(?:(=)("(?:[^"\\]|\\.)*"|[^\s"]*))?')
_CAPTURE: Final = lazy_pattern(r"<([a-zA-Z_]\w*)>")
_STEP: Final = lazy_pattern(r"""\.?([a-zA-Z_]\w*)|\[(?:"((?:[^"\\]|\\.)*)"|(\d+))\]""")

_LINES: Final = 4096
"""How many lines are kept with their fields."""


class _Number(str):
    """A number as it is written in JSON."""

    __slots__ = ()


def _loaded(line: str) -> object:
    return json.loads(line, parse_int=_Number, parse_float=_Number)


def parse_json(entry: PipedEntry) -> None:
    """Extract all fields of a JSON object but lists; those of nested objects have joined names."""
    fields = _line_fields(entry.line)
    if fields is None:
        entry.fail("JSONParserErr")
        return
    for name, value in fields:
        entry.extract(name, value)


@lru_cache(maxsize=_LINES)
def _line_fields(line: str) -> tuple[tuple[str, str], ...] | None:
    """The fields of a line, which most queries of a dashboard read; None where it is no object."""
    try:
        document = _loaded(line)
    except ValueError:
        return None
    return tuple(_fields("", document)) if isinstance(document, dict) else None


def _fields(prefix: str, value: dict[str, object]) -> Iterator[tuple[str, str]]:
    for key, part in value.items():
        name = label_name(f"{prefix}_{key}" if prefix else key)
        if isinstance(part, dict):
            yield from _fields(name, part)
        elif part is not None and not isinstance(part, list):
            yield name, _text(part)


def label_name(key: str) -> str:
    """A key as the name of a label."""
    if key.isidentifier() and key.isascii():
        return key
    name = _INVALID.sub("_", key)
    return f"_{name}" if name[:1].isdigit() else name


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # A number is a text of a class of its own, which nothing after this has to know.
    return (
        str(value) if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    )


def parse_json_paths(entry: PipedEntry, paths: Sequence[tuple[str, str]]) -> None:
    """Extract fields of a JSON object by their paths; one that is not there is empty."""
    try:
        document = _loaded(entry.line)
    except ValueError:
        entry.fail("JSONParserErr")
        return
    for label, path in paths:
        value = document
        for step in _STEP.finditer(path):
            value = _step(value, step[1] or step[2], step[3])
        entry.extract(label, "" if value is None else _text(value))


def _step(value: object, key: str | None, index: str | None) -> object:
    if key is not None:
        return value.get(key) if isinstance(value, dict) else None
    if isinstance(value, list) and index is not None and int(index) < len(value):
        return value[int(index)]
    return None


def logfmt_pairs(line: str, *, keeps_empty: bool) -> Iterator[tuple[str, str]]:
    """The keys and values of a line; keys without a value only where they are kept."""
    for pair in _PAIR.finditer(line):
        value = pair[3] or ""
        if value.startswith('"'):
            try:
                value = str(json.loads(value))
            except ValueError:
                value = value[1:-1]
        if value or keeps_empty:
            yield label_name(pair[1]), value


def parse_logfmt(entry: PipedEntry, paths: Sequence[tuple[str, str]], *, keeps_empty: bool) -> None:
    """Extract the pairs of a line, or only those that are named."""
    pairs = dict(logfmt_pairs(entry.line, keeps_empty=keeps_empty))
    if not paths:
        for name, value in pairs.items():
            entry.extract(name, value)
    for label, key in paths:
        entry.extract(label, pairs.get(label_name(key), ""))


def parse_regexp(entry: PipedEntry, pattern: Pattern[str]) -> None:
    """Extract the named groups of an expression that matches somewhere in the line."""
    match = pattern.search(entry.line)
    for name, value in (match.groupdict() if match else {}).items():
        entry.extract(name, value or "")


def parse_pattern(entry: PipedEntry, pattern: str) -> None:
    """Extract what stands between the texts of a pattern such as ``<ip> - <_> [<time>]``."""
    parts = _CAPTURE.split(pattern)
    rest = entry.line
    if parts[0]:
        start = rest.find(parts[0])
        if start < 0:
            return
        rest = rest[start + len(parts[0]) :]
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        end = rest.find(text) if text else len(rest)
        if name != "_":
            entry.extract(name, rest if end < 0 else rest[:end])
        if end < 0:
            return
        rest = rest[end + len(text) :]


def unpack(entry: PipedEntry) -> None:
    """Take labels and the line out of an object that `pack` of a collector made."""
    try:
        document = json.loads(entry.line)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        entry.fail("JSONParserErr")
        return
    for name, value in document.items():
        if isinstance(value, str) and name != "_entry":
            entry.extract(label_name(name), value)
    if isinstance(document.get("_entry"), str):
        entry.line = document["_entry"]
