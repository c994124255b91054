"""Copies of repeated panels, and their places on the grid.

Source: `DashboardGridItem` and its renderer in public/app/features/dashboard-scene/scene/layout-default
(015298b3, 005e11c3) and `buildGridItemForPanel` of grafana/grafana: all copies share one item of the grid,
which is 24 columns wide when they stand side by side, and what is below moves down.
"""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from dashgen.core.json_values import Json, text, whole
from dashgen.doctor.live.live_variables import VariableValues
from dashgen.doctor.live.variable_options import VariableOption
from dashgen.formats.normal.grid_packing import packed_places, place_of
from dashgen.formats.panel_tree import COLUMNS

_IN_A_ROW: Final = 4
MOST_COPIES: Final = 500
"""More copies than anybody looks at, so that a label with many values does not fill the memory."""


class PanelCopy(NamedTuple):
    """A panel, or one copy of it.

    Attributes:
        panel: its JSON, with its own place.
        repeat: the variable that it is repeated by, with the value of this copy; None for no copy.
    """

    panel: Json
    repeat: tuple[str, VariableOption] | None = None


def copies_of(element: Json, values: VariableValues) -> list[tuple[str, VariableOption] | None]:
    """The variable and the value of each copy of a panel, row or tab; one None for what is not repeated."""
    name = text(element.get("repeat"))
    value = values.by_name.get(name) if name else None
    options = value.repeated[:MOST_COPIES] if value else ()
    return [(name, option) for option in options] or [None]


def grid_copies(panels: Sequence[Json], values: VariableValues) -> list[PanelCopy]:
    """The panels of a grid with all copies, in the order of reading, at the places where Grafana draws them.

    Args:
        panels: in the order of their list.
        values: the values of variables in their section.

    Returns:
        The panels; lines count from the first one of the grid.
    """
    repeats = [copies_of(panel, values) for panel in panels]
    # Panels are packed before they are copied: all copies together take the room of one panel.
    blocks = [_block(panel, len(copies)) for panel, copies in zip(panels, repeats, strict=True)]
    placed = []
    for panel, copies, block in zip(panels, repeats, packed_places(blocks), strict=True):
        places = _places(panel, len(copies), block)
        placed += [
            PanelCopy({**panel, "gridPos": position}, copy)
            for copy, position in zip(copies, places, strict=True)
        ]
    return sorted(placed, key=lambda copy: (copy.panel["gridPos"]["y"], copy.panel["gridPos"]["x"]))


def _is_vertical(panel: Json) -> bool:
    return panel.get("repeatDirection") == "v"


def _columns(panel: Json, count: int) -> int:
    most = whole(panel.get("maxPerRow"))
    return max(min(count, most if most > 0 else _IN_A_ROW), 1)


def _block(panel: Json, count: int) -> Json:
    grid_pos = place_of(panel)
    grid_pos = {**grid_pos, "w": max(grid_pos["w"], 1), "h": max(grid_pos["h"], 1)}
    if not text(panel.get("repeat")):
        return {"gridPos": grid_pos}
    if _is_vertical(panel):
        return {"gridPos": {**grid_pos, "h": grid_pos["h"] * count}}
    # Copies beside each other take all columns, however wide the panel is written.
    lines = math.ceil(count / _columns(panel, count))
    return {"gridPos": {**grid_pos, "w": COLUMNS, "h": grid_pos["h"] * lines}}


def _places(panel: Json, count: int, block: Json) -> list[Json]:
    if not text(panel.get("repeat")):
        return [block]
    columns = 1 if _is_vertical(panel) else _columns(panel, count)
    lines = math.ceil(count / columns)
    width, height = block["w"] / columns, block["h"] / lines
    return [
        {
            "x": _plain(block["x"] + index % columns * width),
            "y": _plain(block["y"] + index // columns * height),
            "w": _plain(width),
            "h": _plain(height),
        }
        for index in range(count)
    ]


def _plain(number: float) -> float:
    return int(number) if number == int(number) else round(number, 4)
