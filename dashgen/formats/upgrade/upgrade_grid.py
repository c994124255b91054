"""Give each panel a place on the grid: none lies over another, and rows follow each other without gaps."""

import math

from dashgen.core.json_values import Json, mapping
from dashgen.formats.panel_tree import COLUMNS

_SIZE = {"h": 3, "w": 6}


def place(panels: list[Json]) -> None:
    """Sort panels by their places and move each section up to the one above it, as Grafana's grid does.

    A section is a row with the panels that follow it; the places in it stay as they are unless panels
    overlap.
    """
    for panel in panels:
        panel["gridPos"] = _grid(panel)
    panels.sort(key=_position)
    bottom = 0
    section: list[Json] = []
    for panel in panels:
        if panel["type"] == "row":
            bottom = _section(section, bottom)
            panel["gridPos"] = {"h": 1, "w": COLUMNS, "x": 0, "y": bottom}
            bottom += 1
            section = []
            # When a collapsed row is opened, the first of its panels comes right below it.
            for child in panel["panels"]:
                child["gridPos"] = _grid(child)
            panel["panels"].sort(key=_position)
            _section(panel["panels"], bottom)
        else:
            section.append(panel)
    _section(section, bottom)


def _position(panel: Json) -> tuple[int, int]:
    return panel["gridPos"]["y"], panel["gridPos"]["x"]


def _grid(panel: Json) -> Json:
    """The place of a panel, moved into the grid."""
    # The bounds of height and line keep a typing error from filling the screen.
    old_place = mapping(panel.get("gridPos"))
    size = {"h": 1, "w": COLUMNS} if panel["type"] == "row" else _SIZE
    w = min(max(_rounded(old_place.get("w"), size["w"]), 1), COLUMNS)
    h = min(max(_rounded(old_place.get("h"), size["h"]), 1), 1000)
    x = min(max(_rounded(old_place.get("x")), 0), COLUMNS - w)
    return {"h": h, "w": w, "x": x, "y": min(max(_rounded(old_place.get("y")), 0), 10_000)}


def _rounded(value: object, default: int = 0) -> int:
    """The nearest whole number; a place that was saved while a panel was dragged may have a fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return default
    return math.floor(value + 0.5)


def _section(panels: list[Json], top: int) -> int:
    """Move the panels between two rows up to the line ``top``; return the line below the last."""
    if not panels:
        return top
    shift = top - min(panel["gridPos"]["y"] for panel in panels)
    for panel in panels:
        panel["gridPos"]["y"] += shift
    if _overlap(panels):
        _stack(panels, top)
    bottom: int = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in panels)
    return bottom


def _overlap(panels: list[Json]) -> bool:
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        grid = panel["gridPos"]
        columns, lines = range(grid["x"], grid["x"] + grid["w"]), range(grid["y"], grid["y"] + grid["h"])
        cells = {(x, y) for x in columns for y in lines}
        if not taken.isdisjoint(cells):
            return True
        taken |= cells
    return False


def _stack(panels: list[Json], top: int) -> None:
    """Stack panels anew: each goes as far up as the ones before it let it."""
    floor = [top] * COLUMNS
    for panel in panels:
        grid = panel["gridPos"]
        columns = range(grid["x"], grid["x"] + grid["w"])
        grid["y"] = max(floor[x] for x in columns)
        for x in columns:
            floor[x] = grid["y"] + grid["h"]
    panels.sort(key=_position)
