"""Where a built dashboard still differs from its goal, part by part, in the normal form of comparisons."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from dashgen.compare.compared_sections import panel_name
from dashgen.compare.list_order import ORDER
from dashgen.compare.match_sections import match_sections
from dashgen.compare.matching import match_panels
from dashgen.core.json_values import ABSENT, Json, JsonPath, same
from dashgen.formats.normal.normal_dashboard import normal_dashboard

PartName: TypeAlias = str
"""A part of a dashboard: ``panel 7``, ``variable tier``, ``annotation Deploys``, or a key at its top."""
Leaves: TypeAlias = dict[PartName, dict[JsonPath, Any]]
Differing: TypeAlias = dict[PartName, frozenset[JsonPath]]
_NAMED = {"templating": "variable", "annotations": "annotation"}
_IDENTITY = {"targets": "refId", "variables": "name"}
_SHOWN = 3
_NAMES_OF_HEADERS = frozenset(("id", "key"))
"""What identifies rows and tabs, and is no difference by itself: a title that changed is one."""


def panel_pairs(built: Mapping[str, Any], goal: Mapping[str, Any]) -> dict[int, int]:
    """The ids of panels, rows and tabs of a built dashboard, each with the id of the same one in the goal."""
    sides = [normal_form(side).get("panels", []) for side in (built, goal)]
    return {old["id"]: new["id"] for old, new in match_panels(*sides).pairs if "id" in old and "id" in new}


def normal_form(data: Mapping[str, Any]) -> Json:
    """The normal form of a dashboard in which rows and tabs have their ids."""
    return normal_dashboard(dict(data), header_ids=True)


def leaves(normal: Json, ids: Mapping[int, int] | None = None) -> Leaves:
    """Every value of a dashboard, by part and path.

    Args:
        normal: the dashboard as `normal_form` gives it; what a diff would not show is no difference here
            either.
        ids: the ids that panels have in the goal, by their own, where these are others.
    """
    normal = dict(normal)
    parts: Leaves = {}
    goal_ids = ids or {}
    for number, panel in enumerate(normal.pop("panels", [])):
        own = panel.get("id", f"#{number}")
        row = panel.get("row")
        row_id = {} if row is None else {"row": goal_ids.get(row, row)}
        names = _NAMES_OF_HEADERS if panel.get("type") == "row" else frozenset()
        values = {key: value for key, value in panel.items() if key not in names}
        parts[f"panel {goal_ids.get(own, own)}"] = flat({**values, **row_id})
    for key, word in _NAMED.items():
        items = normal.pop(key, {}).get("list", [])
        for item in items:
            parts[f"{word} {item.get('name')}"] = flat(item)
        parts[f"{word}s"] = {("order",): [item.get("name") for item in items]}
    for key, value in normal.items():
        parts[key] = flat(value)
    return parts


def section_ids(built: list[Json], goal: list[Json], ids: Mapping[int, int]) -> dict[int, int]:
    """The ids of all panels, rows and tabs of a build, each with the id of the same one in its goal.

    The build numbers rows and tabs by their titles, so a new one has an id that nobody knows before.

    Args:
        built: the panels and headers of the build's normal form.
        goal: those of the goal.
        ids: the ids that are known.
    """
    headers, goal_headers = ([one for one in side if one.get("type") == "row"] for side in (built, goal))
    by_id = {one["id"]: one for one in goal if "id" in one}
    goal_ids = {one["id"]: ids.get(one["id"], one["id"]) for one in built if "id" in one}
    open_headers = [one for one in headers if goal_ids.get(one.get("id")) not in by_id]
    taken = {goal_ids.get(one.get("id")) for one in headers}
    free = [one for one in goal_headers if one.get("id") not in taken]
    if not open_headers or not free:
        return goal_ids
    pairs = [(one, by_id[goal_ids[one["id"]]]) for one in built if goal_ids.get(one.get("id")) in by_id]
    matched = match_sections(open_headers, free, pairs)
    return {**goal_ids, **{old["id"]: new["id"] for old, new in matched}}


def difference_sentences(rest: Differing, data: Mapping[str, Any]) -> Iterator[str]:
    """What differs, by the names that people know.

    The places of panels, which push each other, in one sentence.
    """
    panels = normal_form(data).get("panels", [])
    titles = {f"panel {panel.get('id')}": panel_name(panel) for panel in panels}
    moved = [part for part, paths in rest.items() if any(path[:1] == ("gridPos",) for path in paths)]
    if moved:
        shown = ", ".join(titles.get(part, part) for part in moved[:_SHOWN])
        more = f" and {len(moved) - _SHOWN} more" if len(moved) > _SHOWN else ""
        yield f"places that no row or `at:` gives: {shown}{more}"
    for part, paths in rest.items():
        for path in sorted(paths, key=str):
            if path[:1] != ("gridPos",):
                yield f"{titles.get(part, part)}: {'.'.join(map(str, path))}"


def flat(value: object) -> dict[JsonPath, Any]:
    """Every value inside of another one by its path.

    Queries by their ref and, as their order counts, a list of refs.
    """
    return dict(_flat(value, ()))


def _flat(value: object, path: JsonPath) -> Iterator[tuple[JsonPath, Any]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _flat(item, (*path, key))
    # Lists of plain values are one value: a change of one of them is not nearer to another change of the
    # list.
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        identity = _IDENTITY.get(str(path[-1]) if path else "")
        if identity and len(value) > 1:
            yield (*path, ORDER), [item.get(identity) for item in value]
        for number, item in enumerate(value):
            yield from _flat(item, (*path, item.get(identity, number) if identity else number))
    else:
        yield path, value


def differing(built: Leaves, goal: Leaves) -> Differing:
    """The paths that differ, by part; parts that are the same are left out."""
    differences: Differing = {}
    for part in {**built, **goal}:
        old, new = built.get(part, {}), goal.get(part, {})
        if old == new and part in built and part in goal:
            # Most parts are the same, and comparing whole mappings is much faster than value by value.
            continue
        paths = frozenset(
            path for path in {**old, **new} if not same(old.get(path, ABSENT), new.get(path, ABSENT))
        )
        if paths:
            differences[part] = paths
    return differences
