"""Both sides' changes of a dashboard together: theirs wherever ours did not touch the same."""

from collections.abc import Callable
from typing import Any

from dashgen.core.json_values import ABSENT, Json, same

_NAMES: dict[str, Callable[[Json], Any]] = {
    "panels": lambda item: item.get("id"),
    "targets": lambda item: item.get("refId"),
    "list": lambda item: item.get("name"),
    "overrides": lambda item: repr(item.get("matcher")),
}
"""What tells the items of lists of a dashboard apart, by the key of the list."""


def merged(base: Any, ours: Any, theirs: Any, key: str = "") -> Any:
    """What both sides made of a base; where both changed the same value, it is ours.

    Args:
        base: the JSON that both started from.
        ours: what the specs build.
        theirs: what Grafana has.
        key: the key that the value has.
    """
    if same(base, theirs):
        return ours
    if same(base, ours) or same(ours, theirs):
        return theirs
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return _mappings(base if isinstance(base, dict) else {}, ours, theirs)
    sides = (base, ours, theirs)
    # Tags are a set: two people who each add one do not contradict each other.
    if key == "tags" and all(isinstance(side, list) for side in sides):
        return _sets(base, ours, theirs)
    # Without names the items of two lists cannot be paired, and the whole list is one value.
    name = _NAMES.get(key)
    if name is not None and all(_is_named(side, name) for side in sides):
        return _lists(*({name(item): item for item in side} for side in sides))
    return ours


def _mappings(base: Json, ours: Json, theirs: Json) -> Json:
    values = {
        key: merged(base.get(key, ABSENT), ours.get(key, ABSENT), theirs.get(key, ABSENT), key)
        for key in {**ours, **theirs}
    }
    # One side deleted it, and the other left it as it was.
    return {key: value for key, value in values.items() if value is not ABSENT}


def _sets(base: list[Any], ours: list[Any], theirs: list[Any]) -> list[Any]:
    our_items = [item for item in ours if item in theirs or item not in base]
    return [*our_items, *(item for item in theirs if item not in base and item not in our_items)]


def _is_named(side: object, name: Callable[[Json], Any]) -> bool:
    """Whether a value is a list of mappings that can be told apart."""
    if not isinstance(side, list) or not all(isinstance(item, dict) for item in side):
        return False
    names = [name(item) for item in side]
    return None not in names and len(set(names)) == len(names)


def _lists(base: dict[Any, Json], ours: dict[Any, Json], theirs: dict[Any, Json]) -> list[Json]:
    """Items, by name, in Grafana's order.

    Those that only we have come behind the one that they follow in ours.
    """
    order, ours_before = list(theirs), list[Any]()
    for key in ours:
        if key not in theirs:
            before = [other for other in ours_before if other in order]
            order.insert(order.index(before[-1]) + 1 if before else 0, key)
        ours_before.append(key)
    values = [merged(*(side.get(key, ABSENT) for side in (base, ours, theirs))) for key in order]
    return [value for value in values if value is not ABSENT]
