"""Grids that arrange their panels by themselves: their settings, and the fixed places they fall back to."""

import math
from typing import Final

from dashgen.core.json_values import Json, text, whole
from dashgen.formats.panel_tree import COLUMNS

DEFAULT_COLUMNS: Final = 3
AUTO_LAYOUT: Final[Json] = {
    "kind": "auto",
    "columns": DEFAULT_COLUMNS,
    "columnWidth": "standard",
    "rowHeight": "standard",
    "fill": False,
}
"""A grid with every default, as the key ``layout`` of ``dynamic``."""
WIDTHS: Final = ("narrow", "standard", "wide")
HEIGHTS: Final = {"short": 5, "standard": 9, "tall": 14}
"""Row heights by name, in lines of the grid (``v2alpha1_to_v1.go``)."""
# A line of the grid is 30 pixels high, with 8 pixels to the next one.
_CELL_PIXELS = 38


def auto_layout(spec: Json) -> Json:
    """The settings of an ``AutoGridLayout`` without what is as usual.

    Before: ``{"maxColumnCount": 4, "columnWidthMode": "custom", "columnWidth": 300,
    "rowHeightMode": "short", …}``
    After: ``{"kind": "auto", "columns": 4, "columnWidth": 300, "rowHeight": "short"}``
    """
    layout: Json = {"kind": "auto"}
    columns = whole(spec.get("maxColumnCount"))
    if columns > 0 and columns != DEFAULT_COLUMNS:
        layout["columns"] = columns
    width = _size(spec, "columnWidth", WIDTHS)
    height = _size(spec, "rowHeight", tuple(HEIGHTS))
    sizes = {"columnWidth": width, "rowHeight": height}
    layout |= {key: size for key, size in sizes.items() if size != "standard"}
    return {**layout, "fill": True} if spec.get("fillScreen") is True else layout


def _size(spec: Json, key: str, names: tuple[str, ...]) -> str | float:
    mode, pixels = text(spec.get(f"{key}Mode")), _pixels(spec.get(key))
    if mode == "custom" and pixels:
        return pixels
    return mode if mode in names else "standard"


def _pixels(value: object) -> float:
    """A size in pixels; 0 for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return value if 0 < value < math.inf else 0


def auto_grid_spec(layout: Json) -> Json:
    """The settings of an ``AutoGridLayout``, without its items, as Grafana writes them."""
    spec: Json = {"maxColumnCount": max(whole(layout.get("columns"), DEFAULT_COLUMNS), 1)}
    for key, names in (("columnWidth", WIDTHS), ("rowHeight", tuple(HEIGHTS))):
        size = layout.get(key)
        if _pixels(size):
            spec |= {f"{key}Mode": "custom", key: size}
        else:
            spec[f"{key}Mode"] = size if size in names else "standard"
    return {**spec, "fillScreen": True} if layout.get("fill") is True else spec


def auto_grid_places(count: int, layout: Json, top: int = 0) -> list[Json]:
    """The places on the fixed grid that Grafana's conversion gives the panels of such a grid, in their order.

    Args:
        count: how many panels there are.
        layout: the settings, as `auto_layout` has them.
        top: the line of the first panel.
    """
    columns = auto_columns(layout)
    width, height = COLUMNS // columns, _lines(layout)
    return [
        {"x": index % columns * width, "y": top + index // columns * height, "w": width, "h": height}
        for index in range(count)
    ]


def auto_columns(layout: Json) -> int:
    """The columns of such a grid on the fixed grid, which has no more than 24."""
    return min(max(whole(layout.get("columns"), DEFAULT_COLUMNS), 1), COLUMNS)


def _lines(layout: Json) -> int:
    height = layout.get("rowHeight")
    pixels = _pixels(height)
    if pixels:
        return max(math.ceil(min(pixels, 1e6) / _CELL_PIXELS), 1)
    return HEIGHTS.get(text(height), HEIGHTS["standard"])
