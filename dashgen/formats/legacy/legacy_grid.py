"""Rows of Grafana 4, places and ids."""

from collections.abc import Iterator
from typing import Any

_COLUMNS = 24
_UNIT = 38
_DEFAULT = {"w": 12, "h": 8}


def rows_to_panels(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with spans of 12 become panels on the grid of 24, with a row panel where a title is shown.

    Before: ``{"title": "Latency", "showTitle": true, "collapse": false, "height": "250px", "panels": [{"span": 6}]}``
    After: ``{"type": "row", "title": "Latency", "gridPos": {"h": 1, "w": 24, …}}, {"gridPos": {"h": 7, "w": 12, …}}``
    """
    found: list[dict[str, Any]] = []
    y = 0
    for row in rows:
        collapsed = bool(row.get("collapse"))
        titled = bool(row.get("showTitle")) or collapsed or bool(row.get("repeat"))
        header: dict[str, Any] = {
            "type": "row",
            "title": row.get("title") or "",
            "collapsed": collapsed,
            "gridPos": {"h": 1, "w": _COLUMNS, "x": 0, "y": y},
            "panels": [],
        }
        if row.get("repeat"):
            header["repeat"] = row["repeat"]
        panels, bottom = _flow(row.get("panels") or [], y + int(titled), _height(row.get("height")))
        if collapsed:
            header["panels"] = panels
        if titled:
            found.append(header)
        found += [] if collapsed else panels
        y = header["gridPos"]["y"] + 1 if collapsed else bottom
    return found


def _height(text: Any) -> int:
    pixels = str(text or "250px").removesuffix("px")
    return max(1, round(int(pixels) / _UNIT)) if pixels.isdigit() else _DEFAULT["h"]


def _flow(panels: list[dict[str, Any]], top: int, height: int) -> tuple[list[dict[str, Any]], int]:
    placed, x, y = [], 0, top
    for panel in panels:
        width = min(_COLUMNS, max(1, round(float(panel.get("span") or 6)) * 2))
        if x + width > _COLUMNS:
            x, y = 0, y + height
        placed.append({**panel, "gridPos": {"h": height, "w": width, "x": x, "y": y}})
        x += width
    return placed, y + height if panels else top


def place_panels(panels: list[dict[str, Any]]) -> None:
    """Give panels without a place one below all others."""
    places = [panel["gridPos"] for panel in _all(panels) if panel.get("gridPos")]
    bottom = max((place["y"] + place["h"] for place in places), default=0)
    x = 0
    for panel in _all(panels):
        if panel.get("gridPos"):
            continue
        row = panel["type"] == "row"
        width, height = (_COLUMNS, 1) if row else (_DEFAULT["w"], _DEFAULT["h"])
        if x + width > _COLUMNS:
            x, bottom = 0, bottom + _DEFAULT["h"]
        panel["gridPos"] = {"h": height, "w": width, "x": x, "y": bottom}
        x = 0 if row else x + width
        bottom += int(row)


def number_panels(panels: list[dict[str, Any]]) -> None:
    """Give panels without an id, or with one that another has, the smallest free one."""
    taken: set[int] = set()
    missing = []
    for panel in _all(panels):
        number = panel.get("id")
        if not number or number in taken:
            missing.append(panel)
        else:
            taken.add(number)
    free = iter(range(1, len(taken) + len(missing) + 1))
    for panel in missing:
        panel["id"] = next(number for number in free if number not in taken)


def _all(panels: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for panel in panels:
        yield panel
        yield from panel.get("panels") or ()
