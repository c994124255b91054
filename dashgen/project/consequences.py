"""What a key of a panel decides in the panel's JSON: the paths that change when the key is left out."""

from collections.abc import Iterator
from typing import Any

from dashgen.core.json_values import Json, at, differing_parts, dotted
from dashgen.formats.panel_tree import drawn_panels
from dashgen.model.settled_dashboard import SettledPanel
from dashgen.model.spec_sections import SECTION_LISTS
from dashgen.project.inspection import InspectedDashboard, Inspection
from dashgen.source.provenance import Resolved
from dashgen.source.source import Path

_MOST = 4


def consequences(
    inspection: Inspection, dashboard: InspectedDashboard, panel: SettledPanel
) -> dict[Path, list[str]]:
    """The JSON paths that each key of a panel decides; an item of `queries` counts like a key."""
    resolved = dashboard.resolved
    alone = _alone(resolved.data, panel.path)
    whole = _compile(inspection, resolved, alone)
    if whole is None:
        return {}
    changes: dict[Path, list[str]] = {}
    queries = 0
    for key in _steps(at(alone[0], alone[1])):
        if key == ("type",):
            changes[key] = ["type"]
        elif key[0] == "queries" and len(key) > 1:
            changes[key] = [f"targets[{queries}]"]
            queries += 1
        else:
            # The dashboard is compiled without the key: what changes in the JSON is what the key decides.
            without = _compile(inspection, resolved, (_without(alone[0], (*alone[1], *key)), alone[1]))
            paths = [] if without is None else [dotted(path) for path, *_ in differing_parts(whole, without)]
            changes[key] = _shortened(paths or list(_equal(whole, at(alone[0], (*alone[1], *key)), "")))
    return changes


def _alone(data: Any, path: Path) -> tuple[Json, Path]:
    """The dashboard with this panel only, and the panel's path in it."""
    # Only what is around the panel stays: its section, and the sections around that.
    step, number, *rest = path
    around: Any = {**data, **{key: [] for key in (*SECTION_LISTS, "panels") if key in data}}
    if not rest:
        return {**around, step: [data[step][number]]}, (step, 0)
    inner, inner_path = _alone(data[step][number], tuple(rest))
    return {**around, step: [inner]}, (step, 0, *inner_path)


def _steps(panel: Json) -> Iterator[Path]:
    for key, value in panel.items():
        if key == "queries" and isinstance(value, list):
            yield from ((key, number) for number in range(len(value)))
        elif key == "queries" and isinstance(value, dict):
            yield from ((key, name) for name in value)
        else:
            yield (key,)


def _compile(inspection: Inspection, resolved: Resolved, part: tuple[Json, Path]) -> Json | None:
    """The JSON of the only panel of a dashboard."""
    compiled = inspection.compiler.one(Resolved(resolved.document, part[0]), [])
    return next(drawn_panels(compiled.data.get("panels")), None) if compiled else None


def _without(data: Any, path: Path) -> Any:
    """A copy without the value at ``path``."""
    first, rest = path[0], path[1:]
    if isinstance(data, dict):
        if not rest:
            return {key: value for key, value in data.items() if key != first}
        return {**data, first: _without(data[first], rest)}
    if not rest:
        return [value for number, value in enumerate(data) if number != first]
    return [_without(value, rest) if number == first else value for number, value in enumerate(data)]


def _equal(data: object, value: object, path: str) -> Iterator[str]:
    """Yield the paths of equal values; a number or a switch is equal to too many others to tell anything."""
    if isinstance(value, bool | int | float | None):
        return
    if data == value and path:
        yield path
    elif isinstance(data, dict):
        for key, child in data.items():
            yield from _equal(child, value, f"{path}.{key}" if path else key)
    elif isinstance(data, list):
        for number, child in enumerate(data):
            yield from _equal(child, value, f"{path}[{number}]")


def _shortened(paths: list[str]) -> list[str]:
    """Few paths as they are, many by what they have in common."""
    while len(paths) > _MOST and any("." in path for path in paths):
        deepest = max(path.count(".") for path in paths)
        paths = [path.rpartition(".")[0] if path.count(".") == deepest else path for path in paths]
        paths = list(dict.fromkeys(paths))
    return paths
