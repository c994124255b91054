"""Places on the grid: each panel gets one, none lies over another, and rows follow each other without gaps."""

import math
from typing import Any

from dashgen.core.json_values import Json, mapping
from dashgen.formats.panel_tree import COLUMNS

_SIZE = {"h": 3, "w": 6}


def place(panels: list[Json]) -> None:
    """Put panels into the order of their places, as Grafana does when it loads a dashboard.

    Rows keep the panels that follow them; where a row starts lower than what is above it ends, it moves up, which is
    what Grafana's grid does with it.
    """
    for panel in panels:
        panel["gridPos"] = _grid(panel)
    panels.sort(key=lambda panel: (panel["gridPos"]["y"], panel["gridPos"]["x"]))
    bottom = 0
    section: list[Json] = []
    for panel in panels:
        if panel["type"] == "row":
            bottom = _section(section, bottom)
            panel["gridPos"] = {"h": 1, "w": COLUMNS, "x": 0, "y": bottom}
            bottom += 1
            section = []
            _inside(panel, bottom)
        else:
            section.append(panel)
    _section(section, bottom)


def _grid(panel: Json) -> Json:
    old_place = mapping(panel.get("gridPos"))
    size = {"h": 1, "w": COLUMNS} if panel["type"] == "row" else _SIZE
    w = min(max(_rounded(old_place.get("w"), size["w"]), 1), COLUMNS)
    h = min(max(_rounded(old_place.get("h"), size["h"]), 1), 1000)
    x = min(max(_rounded(old_place.get("x")), 0), COLUMNS - w)
    return {"h": h, "w": w, "x": x, "y": min(max(_rounded(old_place.get("y")), 0), 10_000)}


def _rounded(value: Any, default: int = 0) -> int:
    """The nearest whole number: a place may have a fraction, which the grid draws where it is."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    return default if number is None or not math.isfinite(number) else math.floor(number + 0.5)


def _inside(row: Json, top: int) -> None:
    """The panels in a folded row: when it is opened the first of them comes right below it."""
    children = row["panels"]
    for child in children:
        child["gridPos"] = _grid(child)
    children.sort(key=lambda child: (child["gridPos"]["y"], child["gridPos"]["x"]))
    _section(children, top)


def _section(panels: list[Json], top: int) -> int:
    """Move the panels between two rows up to ``top``; what comes back is where they end."""
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
        cells = _cells(panel["gridPos"])
        if not taken.isdisjoint(cells):
            return True
        taken |= cells
    return False


def _cells(grid: Json) -> set[tuple[int, int]]:
    columns = range(grid["x"], grid["x"] + grid["w"])
    return {(x, y) for x in columns for y in range(grid["y"], grid["y"] + grid["h"])}


def _stack(panels: list[Json], top: int) -> None:
    """Let panels that lie over each other fall apart: each goes as far up as the ones before it let it."""
    floor = [top] * COLUMNS
    for panel in panels:
        grid = panel["gridPos"]
        columns = range(grid["x"], grid["x"] + grid["w"])
        grid["y"] = max(floor[x] for x in columns)
        for x in columns:
            floor[x] = grid["y"] + grid["h"]
    panels.sort(key=lambda panel: (panel["gridPos"]["y"], panel["gridPos"]["x"]))
