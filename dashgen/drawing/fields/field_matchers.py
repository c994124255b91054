"""Which fields an override or a transformation is for.

Source: transformations/matchers of @grafana/data 12.4.3.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from dashgen.core.json_values import Json, items, mapping, mappings, text
from dashgen.drawing.fields.field_names import display_name
from dashgen.drawing.fields.frames import TIME_NAME, VALUE_NAME, Cell, Field, Frame
from dashgen.drawing.fields.reducers import reduce_field
from dashgen.drawing.values.javascript_numbers import number_text

FieldTest: TypeAlias = Callable[[Field, Frame, Sequence[Frame]], bool]


def field_test(matcher: Json) -> FieldTest:
    """The test that a matcher of Grafana's stands for; one that is not known matches nothing."""
    kind, options = text(matcher.get("id")), matcher.get("options")
    if kind == "byName":
        return _by_names({str(options)})
    if kind == "byNames":
        names = _by_names({str(name) for name in items(mapping(options).get("names"))})
        if mapping(options).get("mode") == "exclude":
            return lambda field, frame, frames: not names(field, frame, frames)
        return names
    if kind == "byRegexpOrNames":
        details = mapping(options)
        names = _by_names({str(name) for name in items(details.get("names"))})
        pattern = _by_pattern(text(details.get("pattern")))
        return lambda *field: names(*field) or pattern(*field)
    simple: dict[str, FieldTest] = {
        "byRegexp": _by_pattern(str(options)),
        "byType": lambda field, _frame, _frames: field.kind == options,
        "byTypes": lambda field, _frame, _frames: field.kind in items(options),
        "numeric": lambda field, _frame, _frames: field.kind == "number",
        "time": lambda field, _frame, _frames: field.kind == "time",
        "anyMatch": _combined(options, any),
        "allMatch": _combined(options, all),
        "invertMatch": _inverted(mapping(options)),
        "first": lambda field, frame, _frames: field is frame.fields[0],
        "firstTimeField": lambda field, frame, _frames: field is frame.first("time"),
        "byFrameRefID": lambda _field, frame, _frames: frame.ref_id == options,
        "byValue": _by_value(mapping(options)),
    }
    return simple.get(kind, lambda _field, _frame, _frames: False)


def _combined(options: object, combine: Callable[[Iterable[bool]], bool]) -> FieldTest:
    matchers = mappings(options)
    return lambda *field: combine(field_test(one)(*field) for one in matchers)


def _inverted(options: Json) -> FieldTest:
    return lambda *field: not field_test(options)(*field)


def _by_names(names: set[str]) -> FieldTest:
    def matches(field: Field, frame: Frame, frames: Sequence[Frame]) -> bool:
        if field.name in names or display_name(field, frame, frames) in names:
            return True
        if VALUE_NAME in names:
            return (field.labels or {}).get("__name__") == field.name
        return field.kind == "time" and bool(names & {TIME_NAME, "time"})

    return matches


def _by_pattern(pattern: str) -> FieldTest:
    compiled = script_pattern(pattern) if pattern else None
    return lambda field, frame, frames: (
        compiled is not None and compiled.search(display_name(field, frame, frames)) is not None
    )


@lru_cache(maxsize=64)
def script_pattern(pattern: str) -> re.Pattern[str] | None:
    """A pattern as Grafana's options have them; None when it cannot be compiled.

    `/abc/i` is looked for anywhere; a pattern without slashes is for the whole text, as `stringToJsRegex`
    (text/string.ts of @grafana/data 12.4.3) reads it.
    """
    if pattern.startswith("/") and "/" in pattern[1:]:
        body, _, letters = pattern[1:].rpartition("/")
        return unanchored_pattern(body, letters)
    return unanchored_pattern(f"^{pattern}$")


def is_global(pattern: str) -> bool:
    """Whether a pattern is for every match in a text, not for the first alone."""
    return pattern.startswith("/") and "g" in pattern[1:].rpartition("/")[2]


@lru_cache(maxsize=64)
def unanchored_pattern(pattern: str, letters: str = "") -> re.Pattern[str] | None:
    """A pattern of JavaScript that is looked for anywhere; None when it cannot be compiled."""
    flags = re.NOFLAG
    for letter, flag in (("i", re.IGNORECASE), ("m", re.MULTILINE), ("s", re.DOTALL)):
        flags |= flag if letter in letters else re.NOFLAG
    try:
        return re.compile(
            pattern.replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!"), flags
        )
    except re.error:
        return None


_OPERATIONS = {"eq": "==", "neq": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def _by_value(options: Json) -> FieldTest:
    calc, limit = text(options.get("reducer")), options.get("value")
    operation = _OPERATIONS.get(text(options.get("op")) or "eq", "")
    if calc in {"allIsZero", "allIsNull"}:
        return lambda field, _frame, _frames: bool(reduce_field(field, calc))
    return lambda field, _frame, _frames: is_compared(reduce_field(field, calc), operation, limit)


def _script_text(value: Cell) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return number_text(value) if isinstance(value, int | float) else str(value)


def is_compared(left: Cell, operation: str, right: Cell) -> bool:
    """Whether a comparison of two values holds, as JavaScript compares them."""
    if left is None or right is None:
        operation = {">=": "==", "<=": "=="}.get(operation, operation)
    if operation in {"==", "!=", "!=="}:
        return (_script_text(left) == _script_text(right)) is (operation == "==")
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        return False
    comparisons = {">": left > right, ">=": left >= right, "<": left < right, "<=": left <= right}
    return comparisons.get(operation, False)
