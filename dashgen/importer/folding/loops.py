"""Neighbours of one shape in a list become one item with ``for_each``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dashgen.importer.folding.holes import Template, template_of
from dashgen.importer.folding.shapes import height, shape
from dashgen.importer.values import Json

Proof = Callable[[list[Any], Sequence[Any]], bool]
_FEW = 2


@dataclass(frozen=True, slots=True)
class Kind:
    """A list whose items can be folded.

    Attributes:
        key: the list's key.
        each: what a loop calls one of its items.
        least: how many lines have to be saved.
        few: the same where there are only two items.
    """

    key: str
    each: str
    least: int
    few: int


PANELS = Kind("panels", "panel", 4, 8)
QUERIES = Kind("queries", "query", 3, 6)
OVERRIDES = Kind("overrides", "override", 3, 6)


def fold_list(items: list[Any], kind: Kind, proof: Proof) -> list[Any]:
    """The list with loops where they are shorter.

    Args:
        items: what the list has.
        kind: what kind of list it is.
        proof: whether folded items stand for some others exactly.
    """
    made: list[Any] = []
    start = 0
    while start < len(items):
        end, folded = _run(items, start, kind, proof)
        made.append(items[start] if folded is None else folded)
        start = end
    return made


def _run(items: list[Any], start: int, kind: Kind, proof: Proof) -> tuple[int, Json | None]:
    """The end of the longest run that one template covers, and the item that it becomes if that is worth it."""
    wanted = shape(items[start])
    end, template = start + 1, None
    while end < len(items) and isinstance(items[end], dict) and shape(items[end]) == wanted:
        longer = template_of(items[start : end + 1])
        if longer is None:
            break
        end, template = end + 1, longer
    run = items[start:end]
    if template is None or not template.parameters or "for_each" in run[0]:
        return start + 1, None
    folded = looped(template, len(run), kind.each)
    if not _worth(run, folded, kind) or not proof([folded], run):
        return start + 1, None
    return end, folded


def looped(template: Template, count: int, each: str) -> Json:
    """One item that stands for several."""
    rows = [template.arguments(number) for number in range(count)]
    if len(template.parameters) == 1:
        name = template.parameters[0].name
        return {"for_each": {name: [row[name] for row in rows]}, **template.body()}
    return {"for_each": {each: rows}, **template.body(each)}


def _worth(run: Sequence[Any], folded: Json, kind: Kind) -> bool:
    before, after = height(kind.key, list(run)), height(kind.key, [folded])
    least = kind.few if len(run) == _FEW else kind.least
    return before - after >= least and after <= 0.8 * before
