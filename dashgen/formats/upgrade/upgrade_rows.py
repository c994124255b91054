"""Place the rows of Grafana 4 on the grid, as Grafana's own migration to schemaVersion 16 does.

Source: ``upgradeToGridLayout`` and ``RowArea`` in
``public/app/features/dashboard/state/DashboardMigrator.ts``.
"""

import math

from dashgen.core.json_values import Json, mappings, text
from dashgen.formats.panel_tree import COLUMNS

_CELL = 38
_LEAST = 90
_DEFAULT_HEIGHT = 250
_DEFAULT_SPAN = 4


class _RowArea:
    """What of a row is taken already, by column."""

    def __init__(self, height: int, y: int) -> None:
        self.taken = [0] * COLUMNS
        self.y = y
        self.height = height

    def place(self, width: int) -> tuple[int, int]:
        """The column and the line of the next panel, which goes below the row when that is full."""
        start = self._start()
        if start is None or COLUMNS - start < width:
            self.y += self.height
            self.taken = [0] * COLUMNS
            start = 0
        return start, max(self.taken[start:])

    def _start(self) -> int | None:
        """The first column of the free end of the row, which is a flight of stairs that only goes down."""
        start = None
        for column in range(COLUMNS - 1, -1, -1):
            last = column == COLUMNS - 1
            if self.taken[column] >= self.height or not (
                last or self.taken[column] <= self.taken[column + 1]
            ):
                break
            start = column
        return start

    def add(self, grid: Json) -> None:
        for column in range(grid["x"], min(grid["x"] + grid["w"], COLUMNS)):
            self.taken[column] = max(self.taken[column], grid["y"] + grid["h"] - self.y)


def rows_to_panels(rows: list[Json]) -> list[Json]:
    """Panels with places, and a row panel for each row if any of them shows itself.

    Before: ``{"title": "Latency", "showTitle": true, "height": "250px", "panels": [{"span": 6},
    {"span": 6}]}``
    After: ``{"type": "row", "title": "Latency", …}, {"gridPos": {"h": 7, "w": 12, …}}, {"gridPos": {"h": 7,
    …}}``
    """
    # One row with a visible header gives every row one, so that the panels of the others do not join it.
    shown = any(row.get("collapse") or row.get("showTitle") or row.get("repeat") for row in rows)
    placed: list[Json] = []
    y = 0
    for row in rows:
        # A copy that Grafana saved of a repeated row while it was shown: it is made anew from the row it
        # copies.
        if row.get("repeatIteration"):
            continue
        header = _header(row, y) if shown else None
        area = _RowArea(_height(row.get("height")), y + int(shown))
        panels = [_placed(panel, area) for panel in mappings(row.get("panels"))]
        y = area.y
        if header is not None and header["collapsed"]:
            header["panels"] = panels
            panels = []
        else:
            y += area.height
        placed += [*([header] if header is not None else []), *panels]
    return placed


def _header(row: Json, y: int) -> Json:
    header: Json = {
        "type": "row",
        "title": text(row.get("title")),
        "collapsed": row.get("collapse") is True,
        "gridPos": {"h": 1, "w": COLUMNS, "x": 0, "y": y},
        "panels": [],
    }
    if text(row.get("repeat")):
        header["repeat"] = row["repeat"]
    return header


def _placed(panel: Json, area: _RowArea) -> Json:
    span = panel.get("span")
    # A span that is not a number of columns from 1 to 12 is a third of the row, as in Grafana's migration.
    is_span = isinstance(span, int | float) and not isinstance(span, bool) and 1 <= span <= 12
    width = math.floor(span) * 2 if is_span and span is not None else _DEFAULT_SPAN * 2
    height = _height(panel["height"]) if panel.get("height") else area.height
    x, below = area.place(width)
    grid = {"h": height, "w": width, "x": x, "y": area.y + below}
    area.add(grid)
    return {**panel, "gridPos": grid}


def _height(height: object) -> int:
    """A height in pixels as rows of the grid."""
    digits = text(height).removesuffix("px")
    pixels = height if isinstance(height, int | float) and not isinstance(height, bool) else None
    if pixels is None:
        pixels = int(digits) if digits.isdecimal() and len(digits) < 6 else _DEFAULT_HEIGHT
    # Panels below 90 px were drawn at that height; the upper bound keeps a typing error from filling the
    # screen.
    return math.ceil(min(max(pixels, _LEAST), 100_000) / _CELL)
