"""Panels that are known to have no fault, so that a build does not check equal ones again."""

from collections.abc import Iterator
from typing import Any, Final

import orjson
from msgspec.structs import replace

from dashgen.check.check_dashboards import CheckedDashboard, check_alone
from dashgen.check.check_report import Path, Report
from dashgen.check.dashboard_panels import check_panels_together
from dashgen.check.inventory import Inventory
from dashgen.core.diagnostics import Location
from dashgen.core.json_values import Json, mapping
from dashgen.query.promql.labels import with_common_values

_MOST: Final = 1 << 10


class SoundPanels:
    """The panels of a build that were checked and have no fault.

    Dashboards of one project repeat panels that differ in their titles and in the label values of their
    queries. No check reads those, so such panels count as one. Only soundness is remembered: a dashboard with
    any fault in it is checked as a whole, with its own messages and locations.
    """

    def __init__(self) -> None:
        self._keys: dict[object, set[bytes]] = {}
        self._count = 0

    def hold_all_of(self, dashboard: CheckedDashboard, inventory: Inventory) -> bool:
        """Whether a dashboard has no fault: neither its head, nor its panels together, nor any one of them.

        Args:
            dashboard: the dashboard.
            inventory: the data sources that it may name.
        """
        panels = _ordinary(dashboard.data)
        if panels is None or not dashboard.ours:
            return False
        real = dashboard.report
        in_memory = _InMemory(real.document.file, dashboard.data)
        scratch = Report(in_memory, real.path, targets=real.targets)
        sound_keys = self._known(dashboard, inventory)
        unknown = {}
        for panel in panels:
            key = _key(panel)
            if key not in sound_keys:
                unknown[key] = {**panel, "panels": []} if panel.get("panels") else panel
        alone = replace(dashboard, report=scratch, data={**dashboard.data, "panels": list(unknown.values())})
        check_alone(alone, inventory)
        check_panels_together(scratch, (), dashboard.data, strict=True, is_final=True)
        if scratch.problems:
            return False
        sound_keys.update(unknown)
        self._count += len(unknown)
        return True

    def _known(self, dashboard: CheckedDashboard, inventory: Inventory) -> set[bytes]:
        """The sound panels of dashboards with the same variables and data sources, which panels name."""
        # Memory stays flat in projects whose panels have nothing in common.
        if self._count > _MOST:
            self._keys.clear()
            self._count = 0
        items = mapping(dashboard.data.get("templating")).get("list")
        variables = [item.get("name") for item in items] if isinstance(items, list) else []
        context = (*map(str, variables), frozenset(inventory.data_source_types.items()))
        return self._keys.setdefault(context, set())


class _InMemory:
    """A dashboard whose findings are only counted."""

    def __init__(self, file: str, data: Json) -> None:
        self.file = file
        self.data = data

    def location(self, path: Path = (), *, key: bool = False) -> Location:  # noqa: ARG002
        return Location(self.file)


def _ordinary(data: Json) -> list[Json] | None:
    """All panels and rows of a dashboard; None when `raw:` gave them another shape than dashgen's."""
    rows = data.get("panels")
    if "__inputs" in data or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    panels = list(_with_children(rows))
    return panels if all(isinstance(panel, dict) for panel in panels) else None


def _with_children(rows: list[Json]) -> Iterator[Any]:
    for row in rows:
        yield row
        if children := row.get("panels"):
            is_plain = isinstance(children, list) and not any(
                mapping(child).get("panels") for child in children
            )
            yield from children if is_plain else [None]


def _key(panel: Json) -> bytes:
    """The part of a panel that the checks of one panel read."""
    common = dict(panel)
    if isinstance(common.get("title"), str):
        common["title"] = ""
    number = common.get("id")
    if type(number) is int and number > 0:
        common["id"] = 1
    if common.get("panels"):
        common["panels"] = []
    targets = common.get("targets")
    if isinstance(targets, list):
        common["targets"] = [_target(target, common) for target in targets]
    try:
        return orjson.dumps(common, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:  # a number beyond 64 bits, or nesting without end
        return repr(common).encode()


def _target(target: object, panel: Json) -> Any:
    if not isinstance(target, dict):
        return target
    source = target.get("datasource") or panel.get("datasource")
    if mapping(source).get("type") != "prometheus" or not isinstance(target.get("expr"), str):
        return target
    return {**target, "expr": with_common_values(target["expr"])}
