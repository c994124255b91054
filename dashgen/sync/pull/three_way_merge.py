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


def merged(base: Any, ours: Any, theirs: Any, key: str = "") -> Any:
    """What both sides made of a base; where both changed the same value, it is ours.

    Args:
        base: the JSON that both started from.
        ours: what the specs build.
        theirs: what is there.
        key: what the value stands under.
    """
    if same(base, theirs):
        return ours
    if same(base, ours) or same(ours, theirs):
        return theirs
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return _mappings(base if isinstance(base, dict) else {}, ours, theirs)
    if key == "tags" and all(isinstance(side, list) for side in (base, ours, theirs)):
        return _sets(base, ours, theirs)
    name = _NAMES.get(key)
    if name is not None and all(_named(side, name) for side in (base, ours, theirs)):
        return _lists(base, ours, theirs, name)
    return ours


def _mappings(base: Json, ours: Json, theirs: Json) -> Json:
    values = {}
    for key in {**ours, **theirs}:
        value = merged(base.get(key, ABSENT), ours.get(key, ABSENT), theirs.get(key, ABSENT), key)
        if value is not ABSENT:
            values[key] = value
    return values


def _sets(base: list[Any], ours: list[Any], theirs: list[Any]) -> list[Any]:
    our_items = [item for item in ours if item in theirs or item not in base]
    return [*our_items, *(item for item in theirs if item not in base and item not in our_items)]


def _named(side: Any, name: Callable[[Json], Any]) -> bool:
    """Whether a value is a list of mappings that can be told apart."""
    if not isinstance(side, list) or not all(isinstance(item, dict) for item in side):
        return False
    names = [name(item) for item in side]
    return None not in names and len(set(names)) == len(names)


def _lists(base: list[Json], ours: list[Json], theirs: list[Json], name: Callable[[Json], Any]) -> list[Json]:
    """Items in their order, and those that only we have behind the one that they follow in ours."""
    old, mine, its = ({name(item): item for item in side} for side in (base, ours, theirs))
    order = list(its)
    for number, key in enumerate(mine):
        if key not in its:
            before = [other for other in list(mine)[:number] if other in order]
            order.insert(order.index(before[-1]) + 1 if before else 0, key)
    values = [merged(old.get(key, ABSENT), mine.get(key, ABSENT), its.get(key, ABSENT)) for key in order]
    return [value for value in values if value is not ABSENT]
