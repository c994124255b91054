"""Variables and annotations that a component of the project makes become its use."""

from typing import Any

from dashgen.formats.json_values import Json, same
from dashgen.importer.folding.proof import Prover
from dashgen.source.components import ITEM_KINDS, Component


def use_known(items: list[Json], key: str, prover: Prover) -> list[Json]:
    """The list with uses where the project has components that need no arguments and say the same.

    Args:
        items: the list.
        key: its key, ``variables`` or ``annotations``.
        prover: expands components.
    """
    made = items
    for name, component in prover.scope.components.items():
        if _fits(component, key):
            use = {"use": name}
            made = _replaced(made, prover.expanded(key, [use], prover.scope) or [], use)
    return made


def _fits(component: Component, key: str) -> bool:
    kind = ITEM_KINDS.get(component.kind, component.kind)
    return kind == ITEM_KINDS[key] and not any(p.required for p in component.parameters.values())


def _replaced(items: list[Json], wanted: list[Any], use: Json) -> list[Json]:
    """The list with a use instead of the first neighbours that are what it makes."""
    for start in range(len(items) - len(wanted) + 1) if wanted else ():
        if same(items[start : start + len(wanted)], wanted):
            return [*items[:start], use, *items[start + len(wanted) :]]
    return items
