"""Which turn of a loop made an item."""

from dataclasses import dataclass
from itertools import product
from typing import Any

from dashgen.core.json_values import at
from dashgen.source.expressions import MARK, ExpressionError, evaluate
from dashgen.source.provenance import Origin, Resolved
from dashgen.source.source import Path
from dashgen.sync.pull.pull_templates import literal
from dashgen.sync.pull.value_origins import writing_place


@dataclass(frozen=True, slots=True)
class Copies:
    """Where the item of a list is written, how many items are made there, and which of them it is."""

    place: Origin
    number: int
    count: int


def copies(resolved: Resolved, item: Path) -> Copies:
    """What one place made of itself: several items when it has a loop."""
    origin = writing_place(resolved, item)
    siblings = at(resolved.data, item[:-1])
    places = [writing_place(resolved, (*item[:-1], number)) for number in range(len(siblings))]
    same = [
        number
        for number, other in enumerate(places)
        if other.path == origin.path and other.document is origin.document
    ]
    return Copies(origin, same.index(int(item[-1])), len(same))


def iteration_paths(iteration: Copies) -> list[Path]:
    """Where the loop says the turn that made an item, when it is a list or has a single name."""
    loop = at(iteration.place.document.data, (*iteration.place.path, "for_each"))
    base: Path = (*iteration.place.path, "for_each")
    if isinstance(loop, dict) and len(loop) == 1:
        name = next(iter(loop))
        base, loop = (*base, name), loop[name]
    if isinstance(loop, list) and len(loop) == iteration.count:
        return [(*base, iteration.number)]
    return (
        [(*base, list(loop)[iteration.number])]
        if isinstance(loop, dict) and len(loop) == iteration.count
        else []
    )


def condition(resolved: Resolved, item: Path, variables: dict[str, Any]) -> str | None:
    """What holds, inside an expression, in the turn alone that made an item; nothing when that cannot be said."""
    if not item or not isinstance(item[-1], int):
        return None
    iteration = copies(resolved, item)
    turns = turns_of(iteration.place, variables)
    if turns is None or len(turns) != iteration.count or iteration.count < 2:
        return None
    own = turns[iteration.number]
    for name in own:
        if sum(turn[name] == own[name] for turn in turns) == 1:
            return _says(own, [name])
    return _says(own, list(own))


def turns_of(outer: Origin, variables: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The variables of each turn of the loop that an item has; nothing when they are not known."""
    written = at(outer.document.data, outer.path)
    loop = written.get("for_each") if isinstance(written, dict) else None
    try:
        loop = evaluated(loop, variables)
    except ExpressionError:
        return None
    if isinstance(loop, list):
        loop = {"item": loop}
    if not isinstance(loop, dict) or not all(isinstance(values, list | dict) for values in loop.values()):
        return None
    choices = [values if isinstance(values, list) else _pairs(values) for values in loop.values()]
    return [dict(zip(loop, turn, strict=True)) for turn in product(*choices)]


def evaluated(value: Any, variables: dict[str, Any]) -> Any:
    """Plain data with its expressions evaluated.

    Raises:
        ExpressionError: one of them cannot be.
    """
    if isinstance(value, str):
        return evaluate(value, variables) if MARK in value else value
    if isinstance(value, dict):
        parts = ((key, part, evaluated(part, variables)) for key, part in value.items())
        # As in a build: an expression that gives nothing says nothing.
        return {key: result for key, part, result in parts if result is not None or part is None}
    if isinstance(value, list):
        return [evaluated(part, variables) for part in value]
    return value


def _pairs(values: dict[str, Any]) -> list[Any]:
    return [{"key": key, "value": value} for key, value in values.items()]


def _says(own: dict[str, Any], names: list[str]) -> str | None:
    parts = []
    for name in names:
        value, steps = own[name], name
        if isinstance(value, dict):
            key = next((key for key, part in value.items() if isinstance(part, str)), None)
            if key is None or not key.isidentifier():
                return None
            value, steps = value[key], f"{name}.{key}"
        written = None if isinstance(value, list) else literal(value)
        if written is None:
            return None
        parts.append(f"{steps} == {written}")
    return " and ".join(parts)
