"""Layouts of schema v2 as panels and headers of sections, in their order and with places to fall back to.

The fallback is that of Grafana's own conversion: sections one below the other, tabs as rows, a grid that
arranges itself as a fixed one.
"""

from typing import Final, Literal, NamedTuple, TypeAlias

from msgspec import Struct

from dashgen.core.json_values import Json, mapping, mappings, text, whole
from dashgen.formats.panel_tree import COLUMNS
from dashgen.formats.v2.auto_grid import auto_columns, auto_grid_places, auto_layout
from dashgen.formats.v2.dynamic_sections import MOST_LEVELS
from dashgen.formats.v2.v2_annotations import classic_annotation
from dashgen.formats.v2.v2_conditions import shown_when
from dashgen.formats.v2.v2_panels import classic_panel
from dashgen.formats.v2.v2_variables import classic_variable

DashboardNote: TypeAlias = tuple[Literal["converted", "dropped"], str]
_SECTIONS: Final = {"RowsLayout": ("rows", "row"), "TabsLayout": ("tabs", "tab")}
# A row that has nothing but these is no row: it holds the panels that stand before the first one.
_OF_NO_ROW: Final = frozenset(("title", "hideHeader", "collapse", "layout"))


class LayoutPanels(Struct):
    """Panels on their way to places.

    Attributes:
        elements: the dashboard's elements by name.
        used: the names of those that have a place.
        y: where the next panel below everything goes.
        layout: the settings of the grid of the panels before the first section, if it arranges itself.
        notes: what could not be kept.
    """

    elements: Json
    used: set[str] = set()
    y: int = 0
    layout: Json = {}
    notes: list[DashboardNote] = []

    def panel(self, item: Json) -> Json | None:
        """The panel of an item of a layout, without a place; nothing when there is no such panel."""
        spec = mapping(item.get("spec"))
        name = text(mapping(spec.get("element")).get("name"))
        if not isinstance(self.elements.get(name), dict):
            self.notes.append(("dropped", f"a place for the panel `{name}`, which does not exist"))
            return None
        self.used.add(name)
        panel = classic_panel(name, self.elements[name])
        conditions = shown_when(spec)
        if conditions:
            panel["dynamic"] = {**panel.get("dynamic", {}), "showWhen": conditions}
        return panel

    def drop_unplaced(self) -> None:
        """Note the elements without a place: they are in the file and on no screen."""
        unplaced = self.elements.keys() - self.used
        self.notes += [
            ("dropped", f"the panel `{key}`, which the layout does not show") for key in sorted(unplaced)
        ]

    def variables(self, listed: object) -> list[Json]:
        """Variables in the classic form, without those of unknown kinds."""
        variables = [(item, classic_variable(item)) for item in mappings(listed)]
        unread = [text(item.get("kind")) for item, classic in variables if not classic]
        self.notes += [("dropped", f"a variable of kind `{kind}`") for kind in unread]
        return [classic for _, classic in variables if classic]


class _Place(NamedTuple):
    """A section on its way: its kind, its spec, and how many sections are around it."""

    kind: str
    spec: Json
    level: int


def classic_panels(layout: Json, placed: LayoutPanels) -> list[Json]:
    """The panels of a dashboard's layout with their places, and the headers of its sections."""
    spec = mapping(layout.get("spec"))
    rows = mappings(spec.get("rows")) if layout.get("kind") == "RowsLayout" else []
    if len(rows) > 1 and _is_no_row(mapping(rows[0].get("spec"))):
        first = mapping(mapping(rows[0].get("spec")).get("layout"))
        rest = {**layout, "spec": {**spec, "rows": rows[1:]}}
        return [*_panels(first, placed), *_sections(rest, placed, 0)]
    placed.layout = _arrangement(layout)
    return [*_panels(layout, placed), *_sections(layout, placed, 0)]


def _is_no_row(spec: Json) -> bool:
    """Whether a first row is what Grafana's conversion writes around panels above the first row."""
    is_bare = spec.get("hideHeader") is True and not spec.get("title") and spec.get("collapse") is not True
    is_grid = mapping(spec.get("layout")).get("kind") == "GridLayout"
    # What has no value, such as a list of no variables, means nothing.
    keys = {key for key, value in spec.items() if value}
    return is_bare and is_grid and keys <= _OF_NO_ROW


def _arrangement(layout: Json) -> Json:
    return auto_layout(mapping(layout.get("spec"))) if layout.get("kind") == "AutoGridLayout" else {}


def _panels(layout: Json, placed: LayoutPanels) -> list[Json]:
    """The panels of a grid; none of a layout that has sections."""
    spec, kind = mapping(layout.get("spec")), text(layout.get("kind"))
    if kind == "GridLayout":
        return _grid(mappings(spec.get("items")), placed)
    if kind == "AutoGridLayout":
        return _auto_grid(spec, placed)
    if kind and kind not in _SECTIONS:
        placed.notes.append(("dropped", f"a layout of kind `{kind}`"))
    return []


def _sections(layout: Json, placed: LayoutPanels, level: int) -> list[Json]:
    key, kind = _SECTIONS.get(text(layout.get("kind")), ("", ""))
    listed = mappings(mapping(layout.get("spec")).get(key)) if level <= MOST_LEVELS else []
    sections = [_Place(kind, mapping(item.get("spec")), level) for item in listed]
    return [panel for section in sections for panel in _section(section, placed)]


def _section(section: _Place, placed: LayoutPanels) -> list[Json]:
    layout = mapping(section.spec.get("layout"))
    header = _header(section, placed, _arrangement(layout))
    panels = _panels(layout, placed)
    deeper = _sections(layout, placed, section.level + 1)
    if header["collapsed"] and not deeper:
        return [{**header, "panels": panels}]
    return [header, *panels, *deeper]


def _header(section: _Place, placed: LayoutPanels, layout: Json) -> Json:
    spec = section.spec
    header = _row(spec, placed)
    header["collapsed"] = spec.get("collapse") is True and section.kind == "row"
    annotations = [classic_annotation(item) for item in mappings(spec.get("annotations"))]
    dynamic: Json = {
        "kind": "tab" if section.kind == "tab" else "",
        "level": section.level,
        "layout": layout,
        "showWhen": shown_when(spec),
        "variables": placed.variables(spec.get("variables")),
        "annotations": annotations,
        "hideHeader": spec.get("hideHeader") is True,
        "fillScreen": spec.get("fillScreen") is True,
    }
    dynamic = {key: value for key, value in dynamic.items() if value}
    return {**header, "dynamic": dynamic} if dynamic else header


def _row(spec: Json, placed: LayoutPanels) -> Json:
    """A header without what only schema v2 has; sections have no ids there."""
    header: Json = {
        "type": "row",
        "title": text(spec.get("title")),
        "collapsed": False,
        "gridPos": {"x": 0, "y": placed.y, "w": COLUMNS, "h": 1},
        "panels": [],
    }
    placed.y += 1
    repeat = text(mapping(spec.get("repeat")).get("value"))
    return {**header, "repeat": repeat} if repeat else header


def _grid(items: list[Json], placed: LayoutPanels) -> list[Json]:
    start = placed.y
    panels: list[Json] = []
    for item in items:
        spec = mapping(item.get("spec"))
        if item.get("kind") == "GridLayoutRow":
            panels += _old_row(spec, start, placed)
        elif (panel := placed.panel(item)) is not None:
            grid_pos = {
                "x": whole(spec.get("x")), "y": start + whole(spec.get("y")),
                "w": whole(spec.get("width"), 6), "h": whole(spec.get("height"), 3),
            }  # fmt: skip
            panels.append({**panel, "gridPos": grid_pos, **_repeat(mapping(spec.get("repeat")))})
            placed.y = max(placed.y, grid_pos["y"] + grid_pos["h"])
    return panels


def _old_row(spec: Json, start: int, placed: LayoutPanels) -> list[Json]:
    """The panels of a row inside a grid, as the first version of the schema (v2alpha1) had it."""
    placed.y = max(placed.y, start + whole(spec.get("y")))
    header = _row(spec, placed)
    header["collapsed"] = spec.get("collapsed") is True
    children = [
        panel for panel in _grid(mappings(spec.get("elements")), placed) if panel.get("type") != "row"
    ]
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
    layout = auto_layout(spec)
    panels: list[Json] = []
    for item in mappings(spec.get("items")):
        panel = placed.panel(item)
        # A place without a panel is not counted: the panels after it move up.
        if panel is None:
            continue
        repeat = text(mapping(mapping(item.get("spec")).get("repeat")).get("value"))
        if repeat:
            panel |= {"repeat": repeat, "repeatDirection": "h", "maxPerRow": auto_columns(layout)}
        panels.append(panel)
    places = auto_grid_places(len(panels), layout, placed.y)
    placed.y = max((position["y"] + position["h"] for position in places), default=placed.y)
    return [{**panel, "gridPos": position} for panel, position in zip(panels, places, strict=True)]
