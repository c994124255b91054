"""The words that two dashboards would be written with, panel by panel, and which of them differ."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from dashgen.core.json_values import ABSENT, Json, same
from dashgen.formats.upgrade.envelope import SourceDashboard
from dashgen.importer.import_dashboard import Importer, UnfoldedDashboard
from dashgen.importer.import_panels import PanelSpec
from dashgen.source.spec_text import protected
from dashgen.sync.pull.pulled_project import Building, BuiltDashboard


@dataclass(frozen=True, slots=True)
class PanelWords:
    """A panel in words: its own, those of its queries by ref and in order, and the whole as it stands in a new spec."""

    words: Json
    queries: dict[str, Json]
    spec: Json


@dataclass(frozen=True, slots=True)
class RowKeys:
    """A row: its id if it has a header, its words, and the ids of its panels in the order of their places."""

    id: int | None
    words: Json
    panels: list[int]
    grids: dict[int, Json]


@dataclass(frozen=True, slots=True)
class DashboardKeys:
    """A dashboard in words."""

    top: Json
    named: dict[str, dict[str, Json]]
    links: list[Json]
    raw: Json
    panels: dict[int, PanelWords]
    rows: list[RowKeys]


def words_of(data: Mapping[str, Any], building: Building, built: BuiltDashboard) -> DashboardKeys | None:
    """The words of a dashboard's JSON beside the project's other specs; nothing when it cannot be put in words.

    Args:
        data: the JSON.
        building: what the project builds to.
        built: the dashboard that it is about; its data source is what queries ask that name none.
    """
    default = built.settled.dashboard.datasource or building.compiler.context.sources.default
    unfolded = Importer(building.compiler).unfolded(SourceDashboard(deepcopy(dict(data))), default)
    return None if unfolded is None else _words(unfolded)


def _words(unfolded: UnfoldedDashboard) -> DashboardKeys:
    panels = {
        panel.goal["id"]: _panel(panel) for row in unfolded.rows for panel in row.panels if "id" in panel.goal
    }
    named = {
        key: {item["name"]: protected(item) for item in items}
        for key, items in (("variables", unfolded.variables), ("annotations", unfolded.annotations))
    }
    top = {key: value for key, value in unfolded.top.items() if key != "folder"}
    return DashboardKeys(
        protected(top),
        named,
        protected(unfolded.links),
        protected(unfolded.raw),
        panels,
        list(_rows(unfolded)),
    )


def _panel(panel: PanelSpec) -> PanelWords:
    raw = {key: value for key, value in panel.raw.items() if key not in ("gridPos", "id")}
    if panel.cls.takes_queries and panel.cls.type_id and not panel.queries:
        raw["targets"] = []
    refs = [str(target["refId"]) for target in panel.goal.get("targets", ())]
    queries = {
        ref: {**keys, "raw": own} if own else dict(keys)
        for ref, keys, own in zip(refs, panel.queries, panel.query_raws, strict=False)
    }
    keys = {**panel.keys, "raw": raw} if raw else dict(panel.keys)
    grid_position = {"gridPos": panel.raw["gridPos"]} if "gridPos" in panel.raw else {}
    spec = {key: value for key, value in panel.spec().items() if key not in panel.layout}
    if grid_position:
        spec["raw"] = {key: value for key, value in spec["raw"].items() if key != "gridPos"}
    return PanelWords(protected(keys), protected(queries), protected(spec))


def _rows(unfolded: UnfoldedDashboard) -> Iterator[RowKeys]:
    for row in unfolded.rows:
        header = row.header or {}
        keys: Json = {}
        if header.get("title") is not None:
            keys["title"] = header["title"]
        if header.get("collapsed"):
            keys["collapsed"] = True
        if header.get("repeat"):
            keys["repeat"] = header["repeat"]
        top = header["gridPos"]["y"] + 1 if header else 0
        grids = {
            panel.goal["id"]: {**panel.goal["gridPos"], "y": panel.goal["gridPos"]["y"] - top}
            for panel in row.panels
        }
        number = header.get("id") if header.get("title") is not None else None
        yield RowKeys(number, protected(keys), [panel.goal["id"] for panel in row.panels], grids)


def differing_words(old: Json, new: Json) -> Iterator[tuple[str, Any, Any]]:
    """The words that two mappings say differently, with both values."""
    for word in {**old, **new}:
        before, after = old.get(word, ABSENT), new.get(word, ABSENT)
        if before is ABSENT or after is ABSENT or not same(before, after):
            yield word, before, after
