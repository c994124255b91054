"""Places on the grid as Grafana shows them: pushed up as far as they go, and down where panels would overlap.

Grafana's grid is react-grid-layout with vertical compaction
(public/app/features/dashboard-scene/scene/layout-default, react-grid-layout/lib/utils.js: ``correctBounds``,
``compact``): a gap above a panel is never seen, and of two panels in one place the one that stands first in
the list stays.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashgen.core.json_values import Json, mapping, mappings
from dashgen.formats.panel_tree import COLUMNS

_DEFAULT: Final = {"h": 3, "w": 6, "x": 0, "y": 0}
Place = Json


def place_of(panel: Mapping[str, Any]) -> Place:
    """Return the place that a panel has, with Grafana's defaults for what is missing."""
    numbers = {key: value for key, value in mapping(panel.get("gridPos")).items() if _is_number(value)}
    return {key: numbers.get(key, default) for key, default in _DEFAULT.items()}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def packed_places(panels: Sequence[Mapping[str, Any]], top: float = 0) -> list[Place]:
    """The places at which Grafana shows panels, one for each panel.

    Args:
        panels: panels and rows, in the order of the list that they stand in.
        top: the line of the grid that they begin at.
    """
    places = [_within(place_of(panel)) for panel in panels]
    # By place, and stable: of two panels in one place the first of the list stays, as in react-grid-layout.
    order = sorted(range(len(places)), key=lambda index: (places[index]["y"], places[index]["x"]))
    done: list[Place] = []
    for index in order:
        places[index]["y"] = _line(places[index], done, top)
        done.append(places[index])
    return places


def _within(grid_pos: Place) -> Place:
    """The place inside the columns of the grid."""
    x, w = grid_pos["x"], grid_pos["w"]
    if x + w > COLUMNS:
        x = COLUMNS - w
    if x < 0:
        x, w = 0, COLUMNS
    return {**grid_pos, "x": x, "w": w}


def _line(grid_pos: Place, done: Sequence[Place], top: float) -> Any:
    """The line that a panel comes to rest on, below or between those that were placed before it."""
    above = [
        neighbour
        for neighbour in done
        if neighbour["x"] < grid_pos["x"] + grid_pos["w"] and grid_pos["x"] < neighbour["x"] + neighbour["w"]
    ]
    # Down, past every neighbour in the same columns that the panel would overlap …
    y = grid_pos["y"]
    while neighbour := next((n for n in above if n["y"] < y + grid_pos["h"] and y < n["y"] + n["h"]), None):
        y = neighbour["y"] + neighbour["h"]
    if y != grid_pos["y"]:
        return y
    # … or up, to the end of the lowest neighbour above it.
    return max((end for neighbour in above if (end := neighbour["y"] + neighbour["h"]) <= y), default=top)


def packed(dashboard: Mapping[str, Any]) -> Json:
    """A dashboard whose panels have the places at which Grafana shows them; see `packed_panels`."""
    panels = mappings(dashboard.get("panels"))
    if not panels:
        return dict(dashboard)
    return {**dashboard, "panels": packed_panels(panels)}


def packed_panels(panels: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Panels and rows where Grafana shows them.

    What moves a collapsed row leaves the places of the panels in it as they were
    (public/app/features/dashboard/state/DashboardModel.ts, toggleRow).
    """
    packed = []
    for panel, grid_pos in zip(panels, packed_places(panels), strict=True):
        copy = {**panel, "gridPos": grid_pos}
        children = mappings(panel.get("panels")) if panel.get("type") == "row" else []
        if children:
            below = _inside(children, grid_pos["y"] + 1)
            copy["panels"] = [{**child, "gridPos": at} for child, at in zip(children, below, strict=True)]
        packed.append(copy)
    return packed


def _inside(children: Sequence[Mapping[str, Any]], top: float) -> list[Place]:
    """The places of the panels of a collapsed row, right below it."""
    places = [place_of(child) for child in children]
    lower = top - min(grid_pos["y"] for grid_pos in places)
    return packed_places([{"gridPos": {**grid_pos, "y": grid_pos["y"] + lower}} for grid_pos in places], top)
