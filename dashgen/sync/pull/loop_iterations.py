"""Which iteration of a loop made an item."""

from itertools import product
from typing import Any

from msgspec import Struct

from dashgen.core.json_values import Json, at
from dashgen.source.edit import MoveItem
from dashgen.source.expressions import MARK, ExpressionError, evaluate
from dashgen.source.provenance import Origin, Resolved
from dashgen.source.source import Path
from dashgen.sync.pull.document_edits import DocumentEdit, edit_at
from dashgen.sync.pull.pull_templates import literal
from dashgen.sync.pull.value_origins import ScopedDocument, item_origin, written


class Iteration(Struct, frozen=True):
    """Where the item of a list is written, the number of its iteration there, and how many there are.

    What is written without a loop is one iteration.
    """

    origin: Origin
    number: int
    count: int


def iteration_of(resolved: Resolved, item: Path) -> Iteration:
    """The iteration that made an item of a list."""
    # A component that is used in the document is the item there, however many iterations its body has.
    origin = item_origin(resolved, item)
    siblings = at(resolved.data, item[:-1])
    origins = [item_origin(resolved, (*item[:-1], number)) for number in range(len(siblings))]
    # Resolved data does not say that it came from a loop; its items are those that one place made several of.
    same = [
        number
        for number, other in enumerate(origins)
        if other.path == origin.path and other.document is origin.document
    ]
    return Iteration(origin, same.index(int(item[-1])), len(same))


def loop_paths(iteration: Iteration) -> list[Path]:
    """Where the loop gives the values of an iteration, when it is a list or has a single name.

    Else nothing.
    """
    base: Path = (*iteration.origin.path, "for_each")
    loop = at(iteration.origin.document.data, base)
    if isinstance(loop, dict) and len(loop) == 1:
        name = next(iter(loop))
        base, loop = (*base, name), loop[name]
    if not isinstance(loop, list | dict) or len(loop) != iteration.count:
        return []
    return [(*base, iteration.number if isinstance(loop, list) else list(loop)[iteration.number])]


def moved_item(iterations: list[Iteration], index: int, to: int) -> DocumentEdit | None:
    """The edit that moves an item of a list, when each of its items is written by itself in one list.

    Else nothing.

    Args:
        iterations: the items.
        index: which of them moves.
        to: the number of the item whose place it takes.
    """
    lists = {
        (one.origin.document.file, one.origin.document.index, one.origin.path[:-1]) for one in iterations
    }
    if len(lists) != 1 or any(one.count != 1 for one in iterations):
        return None
    source, target = iterations[index].origin.path[-1], iterations[to].origin.path[-1]
    if not isinstance(source, int) or not isinstance(target, int):
        return None
    origin = iterations[0].origin
    return edit_at(origin, MoveItem(origin.path[:-1], source, target))


def condition(document: ScopedDocument, item: Path) -> str | None:
    """What holds, inside an expression, only in the iteration that made an item.

    Nothing when that cannot be expressed.
    """
    if not item or not isinstance(item[-1], int):
        return None
    iteration = iteration_of(document.resolved, item)
    iterations = loop_variables(iteration.origin, document.variables)
    if iterations is None or len(iterations) != iteration.count or iteration.count < 2:
        return None
    own = iterations[iteration.number]
    # One variable that tells it from all others reads better than all of them.
    for name in own:
        if sum(other[name] == own[name] for other in iterations) == 1:
            return _comparisons(own, [name])
    return _comparisons(own, list(own))


def loop_variables(origin: Origin, variables: Json) -> list[Json] | None:
    """The variables of each iteration of the loop of an item.

    Nothing when they are not known or there is no loop.
    """
    item = written(origin)
    try:
        loop = evaluated(item.get("for_each") if isinstance(item, dict) else None, variables)
    except ExpressionError:
        return None
    if isinstance(loop, list):
        loop = {"item": loop}
    if not isinstance(loop, dict) or not all(isinstance(values, list | dict) for values in loop.values()):
        return None
    # Several variables make every combination, the last one changing fastest, as in the build.
    choices = [
        values
        if isinstance(values, list)
        else [{"key": key, "value": value} for key, value in values.items()]
        for values in loop.values()
    ]
    return [dict(zip(loop, choice, strict=True)) for choice in product(*choices)]


def evaluated(value: object, variables: Json) -> Any:
    """Plain data with its expressions evaluated.

    Raises:
        ExpressionError: one of them cannot be.
    """
    if isinstance(value, str):
        return evaluate(value, variables) if MARK in value else value
    if isinstance(value, dict):
        parts = ((key, part, evaluated(part, variables)) for key, part in value.items())
        # As in a build: a key whose expression gives nothing is left out.
        return {key: result for key, part, result in parts if result is not None or part is None}
    if isinstance(value, list):
        return [evaluated(part, variables) for part in value]
    return value


def _comparisons(own: Json, names: list[str]) -> str | None:
    parts = []
    for name in names:
        value, reference = own[name], name
        if isinstance(value, dict):
            # Mappings are compared by one of their texts, which reads better than the whole.
            key = next((key for key, part in value.items() if isinstance(part, str)), None)
            if key is None or not key.isidentifier():
                return None
            value, reference = value[key], f"{name}.{key}"
        constant = None if isinstance(value, list) else literal(value)
        if constant is None:
            return None
        parts.append(f"{reference} == {constant}")
    return " and ".join(parts)
