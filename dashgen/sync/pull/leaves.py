"""Where a built dashboard still differs from what is wanted, part by part, in the normal form of comparisons."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeAlias

from dashgen.compare.list_order import ORDER
from dashgen.compare.matching import match_panels
from dashgen.formats.normal.normal_dashboard import normal_dashboard

Scope: TypeAlias = str
"""A part of a dashboard: ``panel 7``, ``variable tier``, ``annotation Deploys``, or a key at its top."""
Leaves: TypeAlias = dict[Scope, dict[tuple[Any, ...], Any]]
Differing: TypeAlias = dict[Scope, frozenset[tuple[Any, ...]]]
_NAMED = {"templating": "variable", "annotations": "annotation"}
_IDENTITY = {"targets": "refId"}
_SHOWN = 3


def panel_pairs(built: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[int, int]:
    """The ids of panels and rows that a built dashboard has, each with the id of the same panel in what is wanted."""
    sides = [normal_dashboard(dict(side)).get("panels", []) for side in (built, wanted)]
    return {old["id"]: new["id"] for old, new in match_panels(*sides).pairs if "id" in old and "id" in new}


def leaves(data: Mapping[str, Any], ids: Mapping[int, int] | None = None) -> Leaves:
    """Every value of a dashboard's normal form by its part and its path there.

    Args:
        data: the dashboard's JSON.
        ids: what panels are called here, by their ids.
    """
    normal = normal_dashboard(dict(data))
    found: Leaves = {}
    known = ids or {}
    for number, panel in enumerate(normal.pop("panels", [])):
        own = panel.get("id", f"#{number}")
        row = panel.get("row")
        place = {} if row is None else {"row": known.get(row, row)}
        found[f"panel {known.get(own, own)}"] = dict(_flat({**panel, **place}))
    for key, word in _NAMED.items():
        items = normal.pop(key, {}).get("list", [])
        for item in items:
            found[f"{word} {item.get('name')}"] = dict(_flat(item))
        found[f"{word}s"] = {("order",): [item.get("name") for item in items]}
    for key, value in normal.items():
        found[key] = dict(_flat(value))
    return found


def said_of(rest: Differing, data: Mapping[str, Any]) -> Iterator[str]:
    """What differs, by the names that people know; the places of panels, which push each other, in one sentence."""
    panels = normal_dashboard(dict(data)).get("panels", [])
    titles = {f"panel {panel.get('id')}": f'panel "{panel.get("title", "")}"' for panel in panels}
    elsewhere = [scope for scope, paths in rest.items() if any(path[:1] == ("gridPos",) for path in paths)]
    if elsewhere:
        shown = ", ".join(titles.get(scope, scope) for scope in elsewhere[:_SHOWN])
        more = f" and {len(elsewhere) - _SHOWN} more" if len(elsewhere) > _SHOWN else ""
        yield f"places that no row or `at:` gives: {shown}{more}"
    for scope, paths in rest.items():
        for path in sorted(paths, key=str):
            if path[:1] != ("gridPos",):
                yield f"{titles.get(scope, scope)}: {'.'.join(map(str, path))}"


def flat(panel: Any) -> dict[tuple[Any, ...], Any]:
    """Every value of a part of a normal form by its path."""
    return dict(_flat(panel))


def _flat(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _flat(item, (*path, key))
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        identity = _IDENTITY.get(str(path[-1]) if path else "")
        if identity and len(value) > 1:
            yield (*path, ORDER), [item.get(identity) for item in value]
        for number, item in enumerate(value):
            yield from _flat(item, (*path, item.get(identity, number) if identity else number))
    else:
        yield path, value


def differing(built: Leaves, wanted: Leaves) -> Differing:
    """The paths that differ, by part; parts that are the same are left out."""
    found: Differing = {}
    for scope in {**built, **wanted}:
        one, other = built.get(scope, {}), wanted.get(scope, {})
        if one == other and scope in built and scope in wanted:
            continue
        paths = frozenset(path for path in {**one, **other} if not _same(one, other, path))
        if paths:
            found[scope] = paths
    return found


def _same(one: Mapping[Any, Any], other: Mapping[Any, Any], path: tuple[Any, ...]) -> bool:
    if path not in one or path not in other:
        return False
    first, second = one[path], other[path]
    return bool(first == second) and isinstance(first, bool) == isinstance(second, bool)


def without(found: Differing, keys: Collection[str]) -> Differing:
    """The same without the paths that begin with some keys."""
    kept = {
        scope: frozenset(path for path in paths if not path or path[0] not in keys)
        for scope, paths in found.items()
    }
    return {scope: paths for scope, paths in kept.items() if paths}
