"""Find the keys of rows and tabs: their tree, their conditions, and layouts that arrange themselves."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from msgspec import Struct, field

from dashgen.core.json_values import Json, make_patch, mapping, same, text, whole
from dashgen.importer.import_conditions import condition_key, layout_key
from dashgen.importer.import_layout import RowLayout
from dashgen.importer.import_panels import PanelSpec
from dashgen.importer.import_variables import settle_variables, without_derived
from dashgen.source.source import Path

_IN_RAW: Final = ("title", "collapsed", "repeat", "dynamic")


class ImportedRow(Struct):
    """A row or tab with its panels and their layout; ``header`` is None for the panels outside of all.

    Attributes:
        header: its JSON.
        goals: the JSON of its panels.
        panels: its panels, not those of the sections in it.
        layout: the keys of their places.
        variables: the keys of its own variables.
        raw: what no key has of it.
        withheld: keys whose values the build refuses.
    """

    header: Json | None
    goals: list[Json] = []
    panels: list[PanelSpec] = []
    layout: RowLayout = field(default_factory=lambda: RowLayout(8))
    variables: list[Json] = []
    raw: Json = {}
    withheld: set[str] = set()

    @property
    def dynamic(self) -> Json:
        """What only schema v2 has of it."""
        return mapping((self.header or {}).get("dynamic"))

    @property
    def is_tab(self) -> bool:
        """Whether it is a tab."""
        return self.dynamic.get("kind") == "tab"

    @property
    def level(self) -> int:
        """How many rows and tabs are around it."""
        return whole(self.dynamic.get("level"))

    @property
    def variable_names(self) -> tuple[str, ...]:
        """The names of its own variables."""
        return tuple(text(variable.get("name")) for variable in self.dynamic.get("variables", ()))

    def arranges_itself(self, dashboard: Json) -> bool:
        """Whether its panels have no places of their own.

        Args:
            dashboard: the dashboard, which arranges the panels outside of all rows and tabs.
        """
        dynamic = self.dynamic if self.header is not None else mapping(dashboard.get("dynamic"))
        return "layout" in dynamic


def section_keys(row: ImportedRow) -> Json:
    """The keys of a row or tab but for its panels, their places and its variables.

    Before: ``{"type": "row", "title": "Costs", "dynamic": {"kind": "tab", "level": 0, "showWhen": …}}``
    After: ``{"title": "Costs", "show_when": {"variable": "tier", "equals": "pro"}}``
    """
    header, dynamic = row.header or {}, row.dynamic
    more = {**layout_key(dynamic), **condition_key(dynamic)}
    more = {key: value for key, value in more.items() if key not in row.withheld}
    if header.get("repeat"):
        more["repeat"] = header["repeat"]
    if dynamic.get("fillScreen") is True:
        more["fill_screen"] = True
    keys: Json = {"title": header["title"]} if header.get("title") is not None else {}
    if dynamic.get("hideHeader") is True:
        # A row without a title gets a hidden header as soon as more is said of it than its panels.
        if not header.get("title") and not row.is_tab and (row.level or more or row.variables):
            keys = {}
        else:
            keys["hide_header"] = True
    if header.get("collapsed"):
        keys["collapsed"] = True
    return {**keys, **more}


SECTION_ORDER: Final = (
    "title", "key", "layout", "show_when", "hide_when", "repeat", "height", "columns", "collapsed",
    "hide_header", "fill_screen", "variables", "panels", "rows", "tabs", "raw",
)  # fmt: skip
"""The keys of rows and tabs in the order in which people write them."""


def in_section_order(keys: Json) -> Json:
    """The keys of a row or tab in the order in which people write them."""
    return {key: keys[key] for key in SECTION_ORDER if key in keys}


def forget_copies(panels: Sequence[Json]) -> None:
    """Leave out where the copies of repeated panels go: a layout that arranges itself decides that."""
    for panel in panels:
        panel.pop("maxPerRow", None)
        if "repeat" in panel:
            panel["repeatDirection"] = "h"


class SectionTree(Struct, frozen=True):
    """Rows and tabs as keys of a dashboard, and where each of them stands in the spec."""

    keys: Json
    paths: dict[Path, ImportedRow]


def section_tree(rows: Sequence[ImportedRow], keys_of: Callable[[ImportedRow], Json]) -> SectionTree:
    """Put rows and tabs into those around them.

    Args:
        rows: each before those in it.
        keys_of: the keys of one, with its panels.
    """
    top: Json = {}
    paths: dict[Path, ImportedRow] = {}
    around: list[tuple[Json, Path]] = [(top, ())]
    for row in rows:
        keys = keys_of(row)
        if row.header is None:
            top["panels"] = keys.get("panels", [])
            paths[()] = row
            continue
        del around[row.level + 1 :]
        container, path = around[-1]
        key = "tabs" if row.is_tab else "rows"
        listed = container.setdefault(key, [])
        own_path = (*path, key, len(listed))
        listed.append(keys)
        paths[own_path] = row
        around.append((keys, own_path))
    # The sections in one come behind what it has itself.
    return SectionTree(top, paths)


def settle_section(row: ImportedRow, built: Json) -> None:
    """Put into ``raw:`` what no key has of a row or tab and of its variables.

    Args:
        row: the row or tab; changed.
        built: the header that its keys build to.
    """
    if row.header is None or row.header["title"] is None:
        return
    own: Json = {key: built[key] for key in _IN_RAW if key in built}
    goal: Json = {key: row.header[key] for key in _IN_RAW if key in row.header}
    variables = [mapping(side.get("dynamic")).get("variables", []) for side in (own, goal)]
    if [one["name"] for one in variables[0]] == [one["name"] for one in variables[1]]:
        settle_variables(row.variables, *variables)
        own, goal = (_without_variables(side) for side in (own, goal))
    row.raw = make_patch(own, goal)


def _without_variables(header: Json) -> Json:
    dynamic = mapping(header.get("dynamic"))
    if "variables" not in dynamic:
        return header
    return {**header, "dynamic": {key: value for key, value in dynamic.items() if key != "variables"}}


def comparable_dynamic(dynamic: Json) -> Json:
    """What schema v2 adds, without what Grafana derives of variables."""
    if "variables" not in dynamic:
        return dynamic
    return {**dynamic, "variables": [without_derived(one) for one in dynamic["variables"]]}


def shared_layout(rows: Sequence[ImportedRow]) -> Any:
    """The layout that all rows and tabs with panels have, to be written once; None when they differ."""
    filled = [row for row in rows if row.panels]
    layouts = [layout_key(row.dynamic).get("layout") for row in filled]
    is_shared = len(filled) > 1 and all(same(layout, layouts[0]) for layout in layouts)
    return layouts[0] if is_shared and all(row.header is not None for row in filled) else None


def sections_around(rows: Sequence[ImportedRow]) -> Iterator[tuple[ImportedRow, tuple[str, ...]]]:
    """Each row or tab with the names of its own variables and of those around it."""
    around: list[tuple[str, ...]] = []
    for row in rows:
        outer = around[row.level - 1] if 0 < row.level <= len(around) else ()
        names = (*outer, *row.variable_names)
        around[row.level :] = [names]
        yield row, names
