"""JSON values: what of foreign data has the type that it should have, and where two values differ."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from dashgen.source.scalars import without_fraction

Json: TypeAlias = dict[str, Any]
Steps: TypeAlias = tuple[str, ...]
LONGEST_NUMBER = 18
ABSENT = object()
"""Stands for a key that is not there."""


def mapping(value: Any) -> Json:
    """A mapping; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """A list; anything else is an empty one."""
    return value if isinstance(value, list) else []


def mappings(value: Any) -> list[Json]:
    """The mappings of a list."""
    return [item for item in items(value) if isinstance(item, dict)]


def text(value: Any) -> str:
    """Text; anything else is empty text."""
    return value if isinstance(value, str) else ""


def whole(value: Any, default: int = 0) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    found = without_fraction(value)
    return found if isinstance(found, int) else default


def is_whole(word: str) -> bool:
    """Whether a text is a whole number that every reader of JSON can hold."""
    return word.isascii() and word.isdecimal() and len(word) <= LONGEST_NUMBER


def without_nulls(value: Any) -> Any:
    """A copy without keys whose value is null; lists keep theirs, as the base step of thresholds has one."""
    if isinstance(value, dict):
        return {key: without_nulls(part) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [without_nulls(part) for part in value]
    return value


def same(first: Any, second: Any) -> bool:
    """Whether two values are the same JSON: 1 and 1.0 are, 1 and true are not."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same, first, second))
    return bool(first == second) and isinstance(first, bool) == isinstance(second, bool)


def at(data: Any, steps: Steps) -> Any:
    """The value at a path of keys, or `ABSENT`."""
    for step in steps:
        if not isinstance(data, dict) or step not in data:
            return ABSENT
        data = data[step]
    return data


def differences(first: Any, second: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Any, Any]]:
    """The paths at which two mappings differ, with both values; lists are compared as a whole."""
    first = {} if first is ABSENT and isinstance(second, dict) and second else first
    second = {} if second is ABSENT and isinstance(first, dict) and first else second
    if not isinstance(first, dict) or not isinstance(second, dict):
        if not same(first, second):
            yield steps, first, second
        return
    for key in {**first, **second}:
        yield from differences(first.get(key, ABSENT), second.get(key, ABSENT), (*steps, key))


def patch(built: Any, wanted: Any) -> Json:
    """What has to be merged into ``built`` to make it ``wanted``: null removes a key."""
    found: Json = {}
    for key in {**built, **wanted}:
        there, needed = built.get(key, ABSENT), wanted.get(key, ABSENT)
        if needed is ABSENT:
            found[key] = None
        elif isinstance(there, dict) and isinstance(needed, dict):
            inner = patch(there, needed)
            if inner:
                found[key] = inner
        elif not same(there, needed):
            found[key] = needed
    return found


def size(value: Any) -> int:
    """How many values there are in a value, keys counted once."""
    if isinstance(value, dict):
        return sum(size(part) for part in value.values()) or 1
    if isinstance(value, list):
        return sum(size(part) for part in value) or 1
    return 1


def under(data: Json, defaults: Json) -> Json:
    """``data`` with everything of ``defaults`` that it does not say, at any depth."""
    made = dict(data)
    for key, value in defaults.items():
        if key not in made:
            made[key] = value
        elif isinstance(made[key], dict) and isinstance(value, dict):
            made[key] = under(made[key], value)
    return made
