"""Panels and headers of the extended classic form as elements and layouts of schema v2."""

from typing import Final

from msgspec import Struct

from dashgen.core.json_values import Json, mapping, mappings, same, text, whole
from dashgen.formats.v2.auto_grid import auto_grid_spec
from dashgen.formats.v2.dynamic_sections import Section, section_tree
from dashgen.formats.v2.v2_annotations import v2_annotation
from dashgen.formats.v2.v2_conditions import condition_group
from dashgen.formats.v2.v2_panels import v2_element
from dashgen.formats.v2.v2_variables import v2_variable

_DEFAULT_SIZE: Final = {"w": 6, "h": 3}
_HIDDEN: Final[Json] = {"title": "", "collapsed": False, "dynamic": {"hideHeader": True}}
_TAB: Final[Json] = {"title": "", "dynamic": {"kind": "tab"}}


class ElementNames(Struct):
    """The elements that a layout refers to, and the numbers of their panels.

    Attributes:
        elements: the elements by name, in the order of their places.
        numbers: the ids that panels have, those that come later too.
    """

    elements: Json
    numbers: set[int]

    def add(self, panel: Json) -> str:
        """Make an element of a panel; return its name.

        A second panel with an id, or without one, is given the smallest free id, as Grafana does.
        """
        number = panel_number(panel)
        name = text(mapping(panel.get("dynamic")).get("element")) or f"panel-{number}"
        element = v2_element(panel, number)
        taken = self.elements.get(name)
        if number and (taken is None or same(taken, element)):
            self.elements.setdefault(name, element)
            return name
        number = next(free for free in range(1, len(self.numbers) + 2) if free not in self.numbers)
        self.numbers.add(number)
        return self.add({**panel, "id": number, "dynamic": {**mapping(panel.get("dynamic")), "element": ""}})


def panel_number(panel: Json) -> int:
    """The id of a panel; 0 for one without an id, and for one whose id schema v2 cannot hold."""
    return max(whole(panel.get("id")), 0)


def elements_and_layout(panels: list[Json], arrangement: Json) -> tuple[Json, Json]:
    """The elements and the layout of a dashboard.

    Args:
        panels: its panels and the headers of its sections.
        arrangement: the settings of the grid of panels outside of sections, if it arranges itself.
    """
    loose, sections = section_tree(panels)
    listed = [*panels, *(child for panel in panels for child in mappings(panel.get("panels")))]
    names = ElementNames({}, {panel_number(panel) for panel in listed if panel.get("type") != "row"})
    layout = _layout(Section({"dynamic": {"layout": arrangement}}, loose, sections), 0, names)
    return names.elements, layout


def _layout(section: Section, top: int, names: ElementNames) -> Json:
    """The layout of what a section holds.

    Args:
        section: the section, or one around the whole dashboard.
        top: the line of its first panel.
        names: what it refers to.
    """
    if not section.sections:
        return _panels(section, top, names)
    sections = section.sections
    is_tabs = sections[0].is_tab
    if section.panels:
        # Schema v2 has panels in the last layer only: Grafana puts a row without a header around them.
        dynamic = {**(_TAB if is_tabs else _HIDDEN)["dynamic"], "layout": section.dynamic.get("layout")}
        around = {**(_TAB if is_tabs else _HIDDEN), "gridPos": {"y": top - 1}, "dynamic": dynamic}
        sections = [Section(around, section.panels), *sections]
    if is_tabs:
        tabs = [{"kind": "TabsLayoutTab", "spec": _tab(tab, names)} for tab in sections]
        return {"kind": "TabsLayout", "spec": {"tabs": tabs}}
    rows = [{"kind": "RowsLayoutRow", "spec": _row(row, names)} for row in sections]
    return {"kind": "RowsLayout", "spec": {"rows": rows}}


def _row(row: Section, names: ElementNames) -> Json:
    spec: Json = {"title": text(row.header.get("title")), "collapse": row.header.get("collapsed") is True}
    spec |= {key: True for key in ("hideHeader", "fillScreen") if row.dynamic.get(key) is True}
    return {**spec, **_section(row, names)}


def _tab(tab: Section, names: ElementNames) -> Json:
    return {"title": text(tab.header.get("title")), **_section(tab, names)}


def _section(section: Section, names: ElementNames) -> Json:
    """What rows and tabs have in common."""
    header = section.header
    spec: Json = condition_group(section.dynamic.get("showWhen"))
    if text(header.get("repeat")):
        spec["repeat"] = {"mode": "variable", "value": header["repeat"]}
    spec["layout"] = _layout(section, whole(mapping(header.get("gridPos")).get("y")) + 1, names)
    variables = [v for item in mappings(section.dynamic.get("variables")) if (v := v2_variable(item))]
    annotations = [v2_annotation(item) for item in mappings(section.dynamic.get("annotations"))]
    return spec | {
        key: value for key, value in (("variables", variables), ("annotations", annotations)) if value
    }


def _panels(section: Section, top: int, names: ElementNames) -> Json:
    layout = mapping(section.dynamic.get("layout"))
    if layout.get("kind") == "auto":
        items = [_auto_item(panel, names) for panel in section.panels]
        return {"kind": "AutoGridLayout", "spec": {**auto_grid_spec(layout), "items": items}}
    # Places count from the first line below the header. A panel above that line, as Grafana's conversion of
    # rows leaves some, would have a place that the grid does not have.
    start = min([top, *(whole(mapping(panel.get("gridPos")).get("y")) for panel in section.panels)])
    items = [_item(panel, start, names) for panel in section.panels]
    return {"kind": "GridLayout", "spec": {"items": items}}


def _auto_item(panel: Json, names: ElementNames) -> Json:
    spec: Json = {"element": {"kind": "ElementReference", "name": names.add(panel)}}
    if text(panel.get("repeat")):
        spec["repeat"] = {"mode": "variable", "value": panel["repeat"]}
    conditions = condition_group(mapping(panel.get("dynamic")).get("showWhen"))
    return {"kind": "AutoGridLayoutItem", "spec": {**spec, **conditions}}


def _item(panel: Json, start: int, names: ElementNames) -> Json:
    grid_pos = mapping(panel.get("gridPos"))
    spec: Json = {
        "x": whole(grid_pos.get("x")),
        "y": whole(grid_pos.get("y")) - start,
        "width": whole(grid_pos.get("w"), _DEFAULT_SIZE["w"]),
        "height": whole(grid_pos.get("h"), _DEFAULT_SIZE["h"]),
        "element": {"kind": "ElementReference", "name": names.add(panel)},
    }
    if text(panel.get("repeat")):
        spec["repeat"] = _repeat(panel)
    return {"kind": "GridLayoutItem", "spec": spec}


def _repeat(panel: Json) -> Json:
    repeat: Json = {"mode": "variable", "value": panel["repeat"]}
    if panel.get("repeatDirection") in ("h", "v"):
        repeat["direction"] = panel["repeatDirection"]
    most = whole(panel.get("maxPerRow"))
    return {**repeat, "maxPerRow": most} if most > 0 else repeat
