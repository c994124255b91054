"""JSON values: typed parts of foreign data, differences of two values, and merge patches."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]
"""A JSON object that is read or passed on; what dashgen itself writes has a type of its own."""
Steps: TypeAlias = tuple[str, ...]
"""A path through objects only."""
JsonPath: TypeAlias = tuple[str | int, ...]
"""A path through objects, by key, and lists, by index."""
LONGEST_NUMBER: Final = 18
ABSENT: Final[Any] = object()
"""Stands for a value that is not there, which null is."""
# Beyond this a float does not hold every whole number.
_INEXACT = 2.0**53


def mapping(value: object) -> Json:
    """Return a mapping as it is; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """Return a list as it is; anything else is an empty one."""
    return value if isinstance(value, list) else []


def mappings(value: object) -> list[Json]:
    """Return the mappings of a list; anything but a list has none."""
    return [item for item in items(value) if isinstance(item, dict)]


def text(value: object) -> str:
    """Return text as it is; anything else is empty text."""
    return value if isinstance(value, str) else ""


def scalar_text(value: object) -> str:
    """Return text as it is and a number written out; anything else is empty text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def whole(value: object, default: int = 0) -> int:
    """Return a whole number, 8.0 as well as 8; anything else is the default."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    number = without_fraction(value)
    return number if isinstance(number, int) else default


def is_whole(digits: str) -> bool:
    """Whether a text is a whole number that every reader of JSON can hold."""
    return digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER


def is_numeric(digits: str) -> bool:
    """Whether a text is a number, as Python reads numbers."""
    try:
        float(digits)
    except ValueError:
        return False
    return True


def without_fraction(value: float) -> int | float:
    """Return a whole number as an integer, `80.0` as `80`.

    Numbers that a float does not hold exactly stay floats.
    """
    if isinstance(value, int) or not value.is_integer() or abs(value) >= _INEXACT:
        return value
    return int(value)


def without_nulls(value: object) -> Any:
    """Copy a value without keys whose value is null.

    Lists keep theirs, as the base step of thresholds has one.
    """
    if isinstance(value, dict):
        return {key: without_nulls(part) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [without_nulls(part) for part in value]
    return value


def same(first: object, second: object) -> bool:
    """Whether two values are the same JSON: 1 and 1.0 are, 1 and true are not."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same, first, second))
    # In Python 1 equals true, in JSON it does not.
    return bool(first == second) and isinstance(first, bool) == isinstance(second, bool)


def at(data: Any, path: Sequence[str | int], default: Any = ABSENT) -> Any:
    """Return the value at a path of keys and indices, or the default; an index below zero is no place."""
    for step in path:
        if isinstance(step, int):
            if not isinstance(data, list) or not 0 <= step < len(data):
                return default
        elif not isinstance(data, dict) or step not in data:
            return default
        data = data[step]
    return data


def walk(value: object, path: JsonPath = ()) -> Iterator[tuple[JsonPath, Any]]:
    """Yield every scalar, empty mapping and empty list in a value, with its path."""
    if isinstance(value, dict) and value:
        for key, part in value.items():
            yield from walk(part, (*path, key))
    elif isinstance(value, list) and value:
        for index, part in enumerate(value):
            yield from walk(part, (*path, index))
    else:
        yield path, value


def differences(first: object, second: object, steps: Steps = ()) -> Iterator[tuple[Steps, Any, Any]]:
    """Yield the paths at which two mappings differ, with both values or `ABSENT`.

    Lists are compared as a whole. A mapping that only one side has is all of its values, one by one.
    """
    # A key of a mapping that is missing on one side is walked into, so that each of its values is one
    # difference.
    first = {} if first is ABSENT and isinstance(second, dict) and second else first
    second = {} if second is ABSENT and isinstance(first, dict) and first else second
    if not isinstance(first, dict) or not isinstance(second, dict):
        if not same(first, second):
            yield steps, first, second
        return
    for key in {**first, **second}:
        yield from differences(first.get(key, ABSENT), second.get(key, ABSENT), (*steps, key))


def differing_parts(
    first: object, second: object, path: JsonPath = ()
) -> Iterator[tuple[JsonPath, Any, Any]]:
    """Yield the paths at which two values differ, with both values or `ABSENT`; lists by index.

    A mapping or list that only one side has is one difference.
    """
    if isinstance(first, dict) and isinstance(second, dict):
        for key in {**first, **second}:
            yield from differing_parts(first.get(key, ABSENT), second.get(key, ABSENT), (*path, key))
    elif isinstance(first, list) and isinstance(second, list):
        for index in range(max(len(first), len(second))):
            yield from differing_parts(at(first, (index,)), at(second, (index,)), (*path, index))
    elif not same(first, second):
        yield path, first, second


def dotted(path: JsonPath) -> str:
    """Write a path as people do: ``targets[0].expr``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def apply_patch(target: Json, patch: Mapping[str, Any]) -> Json:
    """Apply a merge patch (RFC 7386) to a mapping, which is changed and returned.

    The mappings inside the target are copied before they are changed, so that parts that several values share
    stay as they are in the others.
    """
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, Mapping):
            target[key] = apply_patch(dict(mapping(target.get(key))), value)
        else:
            target[key] = value
    return target


def make_patch(source: Mapping[str, Any], target: Mapping[str, Any]) -> Json:
    """Make the smallest merge patch (RFC 7386) that turns ``source`` into ``target``.

    A merge patch cannot set null, so `apply_patch` gives ``target`` back only if no mapping in it holds one
    where the two differ.
    """
    patch: Json = {}
    for key in {**source, **target}:
        old, new = source.get(key, ABSENT), target.get(key, ABSENT)
        if new is ABSENT:
            patch[key] = None
        elif isinstance(old, dict) and isinstance(new, dict):
            if inner := make_patch(old, new):
                patch[key] = inner
        elif not same(old, new):
            patch[key] = new
    return patch


def size(value: object) -> int:
    """Count the values in a value; an empty mapping or list counts as one."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(map(size, parts)) or 1


def under(data: Json, defaults: Json) -> Json:
    """Copy ``data`` with everything of ``defaults`` that it does not have, at any depth."""
    filled = dict(data)
    for key, value in defaults.items():
        if key not in filled:
            filled[key] = value
        elif isinstance(filled[key], dict) and isinstance(value, dict):
            filled[key] = under(filled[key], value)
    return filled
