"""Which log lines a LogQL query would keep, as far as its stream labels and label filters tell."""

import json
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from dashgen.query.logql.stages import log_stages, stream_matchers

_FILTER = re.compile(r'^(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"$')
_LINE_FILTER = re.compile(r'^(\|=|\|~|!=|!~)\s*"((?:[^"\\]|\\.)*)"$')
_GROUPS = re.compile(r"\bby\s*\(([^)]*)\)")
_UNWRAP = re.compile(r"\bunwrap\s+(\w+)")


def fields_read(expr: str) -> set[str]:
    """The fields of lines that a query groups by, filters, or takes its numbers from."""
    named = {name.strip() for group in _GROUPS.findall(expr) for name in group.split(",")}
    named |= set(_UNWRAP.findall(expr))
    for stage in _stages(expr):
        if found := _FILTER.match(stage):
            named.add(found[1])
    return named - {"__error__"}


def kept(expr: str, lines: Iterable[Mapping[str, Any]], labels: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """The lines that pass a query's matchers and filters."""
    return [line for line in lines if _is_kept(expr, {**line, "__error__": ""}, labels)]


def _is_kept(expr: str, line: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    stream = {**labels, "level": str(line.get("level", ""))}
    for name, operator, value in stream_matchers(expr):
        if not _holds(stream.get(name, ""), operator, value):
            return False
    for stage in _stages(expr):
        if found := _FILTER.match(stage):
            value = line.get(found[1], "")
            if not _holds("" if value is None else str(value), found[2], found[3].replace("\\\\", "\\")):
                return False
        elif found := _LINE_FILTER.match(stage):
            there = re.search(found[2], json.dumps(line, ensure_ascii=False)) is not None
            if there != (found[1] in {"|=", "|~"}):
                return False
    return True


def _stages(expr: str) -> list[str]:
    """The stages of a pipeline one by one; those that filter fields without their bar."""
    queries = log_stages(expr)
    added = [longer[len(shorter) :].strip() for shorter, longer in pairwise(queries)]
    return [stage if _LINE_FILTER.match(stage) else stage.removeprefix("|").strip() for stage in added]


def _holds(value: str, operator: str, wanted: str) -> bool:
    if operator in {"=", "!="}:
        return (value == wanted) == (operator == "=")
    return (re.fullmatch(wanted, value) is not None) == (operator == "=~")
