"""Values of one shape: the same keys and lists everywhere, other scalars in some places."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from dashgen.core.json_values import walk
from dashgen.source.writing import mapping_lines

Place: TypeAlias = tuple[str | int, ...]
Scalar: TypeAlias = str | int | float | bool
Leaf: TypeAlias = tuple[Place, Scalar]


def shape(value: object) -> Any:
    """What two values that differ in scalars only have in common; None stands for any scalar."""
    if isinstance(value, dict):
        return tuple((key, shape(part)) for key, part in value.items())
    if isinstance(value, list):
        return ("", *(shape(part) for part in value))
    return "null" if value is None else None


def leaves(value: object) -> Iterator[Leaf]:
    """Every scalar with its path; null has none, because no argument of a component is null."""
    return ((path, leaf) for path, leaf in walk(value) if isinstance(leaf, str | int | float))


def filled(value: object, holes: Mapping[Place, Any], path: Place = ()) -> Any:
    """A copy with other scalars in some places."""
    if path in holes:
        return holes[path]
    if isinstance(value, dict):
        return {key: filled(part, holes, (*path, key)) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, holes, (*path, index)) for index, part in enumerate(value)]
    return value


def exact(value: object) -> str:
    """A text that two values share when they are the same, with their keys in the same order."""
    return json.dumps(value, ensure_ascii=False)


def height(key: str, value: object) -> int:
    """How many lines a key and its value take."""
    return sum(1 for _ in mapping_lines({key: value}, 4))
