"""Two dashboards in the keys that the importer gives them, panel by panel, and which of them differ.

The build and the goal are spelled by the same importer, so how an author spelled a value makes no difference.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from msgspec import Struct

from dashgen.core.json_values import ABSENT, Json, same
from dashgen.formats.upgrade.envelope import SourceDashboard
from dashgen.importer.import_dashboard import Importer, UnfoldedDashboard
from dashgen.importer.import_panels import PanelSpec
from dashgen.importer.import_sections import in_section_order, section_keys
from dashgen.source.spec_text import protected
from dashgen.sync.pull.pulled_project import Building, BuiltDashboard


class PanelKeys(Struct, frozen=True):
    """A panel in keys: its own, those of its queries by ref and in order, and the whole for a new spec."""

    own: Json
    queries: dict[str, Json]
    spec: Json


class RowKeys(Struct, frozen=True):
    """A row or tab: its id if it has a header, its keys, and the ids of its panels in their order.

    ``parent`` is the id of the row or tab around it, and ``arranged`` whether its panels have no places.
    """

    id: int | None
    own: Json
    panels: list[int]
    grids: dict[int, Json]
    is_tab: bool = False
    parent: int | None = None
    arranged: bool = False

    @property
    def list_key(self) -> str:
        """The key of the list that it stands in."""
        return "tabs" if self.is_tab else "rows"


class DashboardKeys(Struct, frozen=True):
    """A dashboard in keys; those of variables and annotations by their names."""

    top: Json
    named: dict[str, dict[str, Json]]
    links: list[Json]
    raw: Json
    panels: dict[int, PanelKeys] = {}
    rows: list[RowKeys] = []

    def children(self, parent: int | None) -> list[RowKeys]:
        """The rows or tabs with a header in another one, or in none."""
        return [row for row in self.rows if row.id is not None and row.parent == parent]

    @property
    def arranged(self) -> frozenset[int]:
        """The panels whose layout arranges them by itself."""
        return frozenset(number for row in self.rows if row.arranged for number in row.panels)

    @property
    def grids(self) -> dict[int, Json]:
        """The place of each panel by its id, counted from the top of its row."""
        return {number: grid for row in self.rows for number, grid in row.grids.items()}


def dashboard_keys(
    data: Mapping[str, Any], building: Building, built: BuiltDashboard
) -> DashboardKeys | None:
    """The keys of a dashboard's JSON beside the project's other specs.

    Nothing when it cannot be put into keys.

    Args:
        data: the JSON.
        building: what the project builds to.
        built: the dashboard as it is built; its data source is that of queries without one.
    """
    default = built.settled.dashboard.datasource or building.compiler.context.sources.default
    unfolded = Importer(building.compiler).unfolded(SourceDashboard(deepcopy(dict(data))), default)
    return None if unfolded is None else _keys(unfolded)


def _keys(unfolded: UnfoldedDashboard) -> DashboardKeys:
    named = {
        key: {item["name"]: protected(item) for item in items}
        for key, items in (("variables", unfolded.variables), ("annotations", unfolded.annotations))
    }
    panels = {
        panel.goal["id"]: _panel(panel) for row in unfolded.rows for panel in row.panels if "id" in panel.goal
    }
    # The folder is compared by its titles, which the JSON of a dashboard does not have.
    top = {key: value for key, value in unfolded.top.items() if key != "folder"}
    links, raw = protected(unfolded.links), protected(unfolded.raw)
    return DashboardKeys(protected(top), named, links, raw, panels, list(_rows(unfolded)))


def _panel(panel: PanelSpec) -> PanelKeys:
    # Places are brought about by `pull_layout`, and ids by the structure of rows and panels.
    raw = {key: value for key, value in panel.raw.items() if key not in ("gridPos", "id")}
    if panel.cls.takes_queries and panel.cls.type_id and not panel.queries:
        raw["targets"] = []
    refs = [str(target["refId"]) for target in panel.goal.get("targets", ())]
    queries = {
        ref: {**keys, "raw": own} if own else dict(keys)
        for ref, keys, own in zip(refs, panel.queries, panel.query_raws, strict=False)
    }
    keys = {**panel.keys, "raw": raw} if raw else dict(panel.keys)
    spec = {key: value for key, value in panel.spec().items() if key not in panel.layout}
    if "gridPos" in panel.raw:
        spec["raw"] = {key: value for key, value in spec["raw"].items() if key != "gridPos"}
    return PanelKeys(protected(keys), protected(queries), protected(spec))


def _rows(unfolded: UnfoldedDashboard) -> Iterator[RowKeys]:
    around: list[int | None] = []
    for row in unfolded.rows:
        header = row.header or {}
        # The header takes one line of the grid.
        top = header["gridPos"]["y"] + 1 if header else 0
        grids = {
            panel.goal["id"]: {**panel.goal["gridPos"], "y": panel.goal["gridPos"]["y"] - top}
            for panel in row.panels
        }
        number = header.get("id") if header.get("title") is not None else None
        parent = around[row.level - 1] if 0 < row.level <= len(around) else None
        around[row.level :] = [number]
        keys = section_keys(row)
        keys |= {key: value for key, value in (("variables", row.variables), ("raw", row.raw)) if value}
        arranged = row.arranges_itself(unfolded.goal)
        own = protected(in_section_order(keys))
        yield RowKeys(number, own, list(grids), grids, row.is_tab, parent, arranged)


def differing_keys(old: Json, new: Json) -> Iterator[tuple[str, Any, Any]]:
    """The keys in which two mappings differ, each with both values or `ABSENT`."""
    for key in {**old, **new}:
        before, after = old.get(key, ABSENT), new.get(key, ABSENT)
        if not same(before, after):
            yield key, before, after
