"""Tries the ways in which a change of resolved data can be written into specs."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

from dashgen.sync.pull.data_changes import DataChange
from dashgen.sync.pull.pulled_project import Building, BuiltDashboard
from dashgen.sync.pull.spec_patch import CountedPaths, DocumentEdit, Patch
from dashgen.sync.pull.value_places import ways

_MOST = 12
_FEW = 3
_MOST_COMBINED = 24


def variables_of(building: Building, built: BuiltDashboard) -> dict[str, Any]:
    """What expressions of a dashboard see, apart from its loops."""
    own = built.resolved.data.get("vars")
    return {**building.compiler.scope.variables, **(own if isinstance(own, dict) else {})}


def make(
    patch: Patch,
    uid: str,
    scopes: Iterable[str],
    options: Iterable[Sequence[DataChange]],
    counted: CountedPaths = CountedPaths.VALUES,
) -> bool:
    """Make the first of several lists of changes that brings a dashboard nearer to its goal; whether there was one.

    Args:
        patch: the texts.
        uid: the dashboard.
        scopes: its parts that the changes are about.
        options: what to try, the smallest first.
        counted: what of the dashboard counts.
    """
    focus = [(uid, scope) for scope in scopes]
    return any(patch.attempt(spots, focus, counted) for spots in spellings(patch, uid, options))


def spellings(
    patch: Patch, uid: str, options: Iterable[Sequence[DataChange]]
) -> Iterable[list[DocumentEdit]]:
    """Every way in which one of several lists of changes can be written."""
    built = patch.dashboard(uid)
    variables = variables_of(patch.building, built)
    for changes in options:
        change_ways = [ways(built.resolved, change.path, change.value, variables) for change in changes]
        if not change_ways or not all(change_ways):
            continue
        yield from _combined(change_ways)


def _combined(change_ways: list[list[DocumentEdit]]) -> Iterator[list[DocumentEdit]]:
    """One way of each: of few changes every combination, those near the first ways before; of many all first, then all second ways."""
    together = [
        tuple(min(number, len(some) - 1) for some in change_ways)
        for number in range(min(max(map(len, change_ways)), _MOST))
    ]
    if len(change_ways) <= _FEW:
        every = sorted(
            product(*(range(len(some)) for some in change_ways)), key=lambda numbers: (sum(numbers), numbers)
        )
        together = [*every[:_MOST_COMBINED], *together]
    for numbers in dict.fromkeys(together):
        yield [some[number] for some, number in zip(change_ways, numbers, strict=True)]
