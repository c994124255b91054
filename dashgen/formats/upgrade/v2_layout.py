"""Layouts of the new dashboard schema as places on the classic grid.

Rows stay rows. Tabs become rows, opened and one below the other, with the rows in them after them. A grid
that arranges itself gets the places that Grafana gives it when it converts one.
"""

import math
from typing import Literal

from msgspec import Struct

from dashgen.core.json_values import Json, mapping, mappings, text, whole
from dashgen.formats.panel_tree import COLUMNS
from dashgen.formats.upgrade.v2_panels import classic_panel

# In lines of the grid, each 30 pixels high with 8 pixels between two of them.
_HEIGHTS = {"short": 5, "standard": 9, "tall": 14}
_CELL_PIXELS = 38
_AUTO_COLUMNS = 3
# Tabs and rows may nest without a bound in a hostile file; Grafana's editor allows two levels of each.
# Tabs and rows may nest without a bound in a hostile file.
_MOST_LEVELS = 20


class LayoutPanels(Struct):
    """Panels on their way to places.

    Attributes:
        elements: the dashboard's elements by name.
        used: the names of those that have a place.
        y: where the next panel below everything goes.
        variables: variables that belong to rows and tabs, and to the whole dashboard from now on.
        notes: what could not be kept as it was.
    """

    elements: Json
    used: set[str] = set()
    y: int = 0
    variables: list[Json] = []
    notes: list[tuple[Literal["converted", "dropped"], str]] = []

    def panel(self, item: Json, grid_pos: Json) -> Json | None:
        """The panel of an item of a layout, in its place; nothing when there is no such panel."""
        spec = mapping(item.get("spec"))
        name = text(mapping(spec.get("element")).get("name"))
        if not isinstance(self.elements.get(name), dict):
            self.notes.append(("dropped", f"a place for the panel `{name}`, which does not exist"))
            return None
        self.used.add(name)
        self.forget_condition(spec, f"the panel `{name}`")
        return {**classic_panel(self.elements[name]), "gridPos": grid_pos}

    def forget_condition(self, spec: Json, what: str) -> None:
        """Note that something is shown always now."""
        group = mapping(mapping(spec.get("conditionalRendering")).get("spec"))
        if group.get("items"):
            self.notes.append(("dropped", f"when {what} is shown; it is always shown now"))


def classic_panels(layout: Json, placed: LayoutPanels, level: int = 0) -> list[Json]:
    """The panels of a layout with their places, and the rows between them."""
    spec = mapping(layout.get("spec"))
    kind = text(layout.get("kind"))
    if level > _MOST_LEVELS:
        return []
    if kind == "GridLayout":
        return _grid(mappings(spec.get("items")), placed)
    if kind == "AutoGridLayout":
        return _auto_grid(spec, placed)
    if kind == "RowsLayout":
        return [panel for row in mappings(spec.get("rows")) for panel in _row(row, placed, level)]
    if kind == "TabsLayout":
        placed.notes.append(("converted", "tabs became rows, one below the other"))
        return [panel for tab in mappings(spec.get("tabs")) for panel in _tab(tab, placed, level)]
    if kind:
        placed.notes.append(("dropped", f"a layout of kind `{kind}`"))
    return []


def _grid(items: list[Json], placed: LayoutPanels) -> list[Json]:
    start = placed.y
    panels: list[Json] = []
    for item in items:
        spec = mapping(item.get("spec"))
        height = whole(spec.get("height"), 3)
        grid_pos = {
            "x": whole(spec.get("x")), "y": start + whole(spec.get("y")), "w": whole(spec.get("width"), 6),
            "h": height,
        }  # fmt: skip
        if item.get("kind") == "GridLayoutRow":
            panels += _old_row(spec, start, placed)
        elif (panel := placed.panel(item, grid_pos)) is not None:
            panels.append({**panel, **_repeat(mapping(spec.get("repeat")))})
            placed.y = max(placed.y, grid_pos["y"] + height)
    return panels


def _old_row(spec: Json, start: int, placed: LayoutPanels) -> list[Json]:
    """The panels of a row inside a grid, as the first version of the schema (v2alpha1) had it."""
    placed.y = max(placed.y, start + whole(spec.get("y")))
    header = _header(spec, placed, repeat=text(mapping(spec.get("repeat")).get("value")))
    header["collapsed"] = spec.get("collapsed") is True
    children = _grid(mappings(spec.get("elements")), placed)
    return [{**header, "panels": children}] if header["collapsed"] else [header, *children]


def _repeat(repeat: Json) -> Json:
    if not text(repeat.get("value")):
        return {}
    repeat_keys: Json = {"repeat": repeat["value"]}
    if repeat.get("direction") in ("h", "v"):
        repeat_keys["repeatDirection"] = repeat["direction"]
    if whole(repeat.get("maxPerRow")):
        repeat_keys["maxPerRow"] = repeat["maxPerRow"]
    return repeat_keys


def _auto_grid(spec: Json, placed: LayoutPanels) -> list[Json]:
    columns = min(max(whole(spec.get("maxColumnCount")) or _AUTO_COLUMNS, 1), COLUMNS)
    width, height = COLUMNS // columns, _row_height(spec)
    placed.notes.append(("converted", "a grid that arranges its panels by itself became fixed places"))
    start = placed.y
    panels: list[Json] = []
    for item in mappings(spec.get("items")):
        row, column = divmod(len(panels), columns)
        grid_pos = {"x": column * width, "y": start + row * height, "w": width, "h": height}
        panel = placed.panel(item, grid_pos)
        # A place without a panel is not counted: the panels after it move up.
        if panel is None:
            continue
        repeat = mapping(mapping(item.get("spec")).get("repeat"))
        if text(repeat.get("value")):
            panel |= {"repeat": repeat["value"], "repeatDirection": "h", "maxPerRow": columns}
        panels.append(panel)
        placed.y = max(placed.y, grid_pos["y"] + height)
    return panels


def _row_height(spec: Json) -> int:
    pixels = whole(spec.get("rowHeight"))
    if spec.get("rowHeightMode") == "custom" and pixels > 0:
        return max(math.ceil(pixels / _CELL_PIXELS), 1)
    return _HEIGHTS.get(text(spec.get("rowHeightMode")), _HEIGHTS["standard"])


def _row(row: Json, placed: LayoutPanels, level: int) -> list[Json]:
    spec = mapping(row.get("spec"))
    title = text(spec.get("title"))
    placed.forget_condition(spec, f"the row `{title}`")
    if spec.get("fillScreen") is True:
        placed.notes.append(("dropped", f"that the row `{title}` fills the screen"))
    _take_variables(spec, f"the row `{title}`", placed)
    repeat = text(mapping(spec.get("repeat")).get("value"))
    layout = mapping(spec.get("layout"))
    # A classic row without a header is no row; a repeated one needs it, because the header holds the
    # variable.
    if spec.get("hideHeader") is True and not repeat:
        return classic_panels(layout, placed, level + 1)
    header = _header(spec, placed, repeat)
    # A collapsed row of the classic form holds panels only, so one with rows in it is open.
    has_rows = text(layout.get("kind")) in ("RowsLayout", "TabsLayout")
    header["collapsed"] = spec.get("collapse") is True and not has_rows
    children = classic_panels(layout, placed, level + 1)
    return [{**header, "panels": children}] if header["collapsed"] else [header, *children]


def _tab(tab: Json, placed: LayoutPanels, level: int) -> list[Json]:
    spec = mapping(tab.get("spec"))
    title = text(spec.get("title"))
    placed.forget_condition(spec, f"the tab `{title}`")
    _take_variables(spec, f"the tab `{title}`", placed)
    header = _header(spec, placed, text(mapping(spec.get("repeat")).get("value")))
    return [header, *classic_panels(mapping(spec.get("layout")), placed, level + 1)]


def _header(spec: Json, placed: LayoutPanels, repeat: str) -> Json:
    grid_pos = {"x": 0, "y": placed.y, "w": COLUMNS, "h": 1}
    placed.y += 1
    header: Json = {
        "type": "row", "id": None, "title": text(spec.get("title")), "collapsed": False, "gridPos": grid_pos,
        "panels": [],
    }  # fmt: skip
    return {**header, "repeat": repeat} if repeat else header


def _take_variables(spec: Json, what: str, placed: LayoutPanels) -> None:
    variables = mappings(spec.get("variables"))
    if variables:
        placed.variables += variables
        placed.notes.append(("converted", f"variables of {what} are variables of the dashboard"))
