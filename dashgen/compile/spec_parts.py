"""From a path in what was built to the part of the specs that it was made from."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from dashgen.core.json_values import Json, at
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.settled_dashboard import SettledDashboard, SettledRow
from dashgen.source.provenance import Resolved, SpecPart
from dashgen.source.source import Path

_CAPITAL: Final = lazy_pattern(r"(?<=[a-z0-9])(?=[A-Z])")
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "active_time_intervals": ("active",),
    "basicAuthUser": ("basic_auth",),
    "condition": ("when",),
    "conditions": ("when", "threshold"),
    "data": ("queries",),
    "datasourceUid": ("datasource",),
    "execErrState": ("on_error",),
    "expr": ("query",),
    "expression": ("math", "reduce", "resample", "threshold"),
    "gridPos": ("at",),
    "graphTooltip": ("tooltip",),
    "isDefault": ("default",),
    "isPaused": ("paused",),
    "jsonData": ("json_data",),
    "legendFormat": ("legend",),
    "maxDataPoints": ("max_points",),
    "metric": ("record",),
    "missing_series_evals_to_resolve": ("missing_evaluations",),
    "mute_time_intervals": ("mute", "mute_timings"),
    "name": ("name", "group"),
    "noDataState": ("no_data",),
    "object_matchers": ("match",),
    "receiver": ("contact_point",),
    "refId": ("ref",),
    "secureJsonData": ("secure",),
    "source_matchers": ("source",),
    "target_matchers": ("target",),
    "targets": ("queries", "query"),
    "timeInterval": ("scrape_interval",),
    "timepicker": ("time_picker",),
    "title": ("title", "alert", "record"),
}
"""The keys of specs for those of Grafana's and Prometheus' files that differ in more than their case."""
_DEEPEST: Final = 12


def part_below(part: SpecPart, below: Sequence[str | int]) -> SpecPart:
    """The part inside ``part`` that the value at ``below`` was made from, as far as its words tell.

    Args:
        part: what the item that was built was made from.
        below: a path in that item, such as ``("data", 0, "model", "expr")``.
    """
    return SpecPart(part.resolved, (*part.path, *_descend(part.value, tuple(below)[:_DEEPEST])))


def _exact(data: Any, steps: Path) -> Path:
    """The longest beginning of the steps that is there word for word."""
    length = 0
    for step in steps:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            break
        length += 1
    return steps[:length]


def _descend(data: object, steps: Path) -> Path:
    """The longest way down that the steps tell; what a spec has no word for is passed over."""
    if not steps or not isinstance(data, dict | list):
        return ()
    # A list that the spec has no word for takes the number of its item along: it is no item of what is around
    # it.
    skipped = 2 if len(steps) > 1 and isinstance(steps[1], int) else 1
    ways = [_descend(data, steps[skipped:])]
    if isinstance(data, dict) and (exact := _exact(data.get("raw"), steps)):
        ways.append(("raw", *exact))
    # A panel's only query is no list in a spec.
    ways += [
        (word, *_descend(data[word], steps[skipped if word == "query" else 1 :]))
        for word in _spellings(data, steps[0])
    ]
    return max(ways, key=len)


def _spellings(data: Any, step: str | int) -> list[Any]:
    """The words for a step that are in the data; the queries of a mapping count in their order."""
    if isinstance(step, int):
        return list(data)[step : step + 1] if isinstance(data, dict) else [step] * (step < len(data))
    if isinstance(data, list):
        return []
    snake = _CAPITAL.sub("_", step).lower()
    return [word for word in dict.fromkeys((step, snake, *_WORDS.get(step, ()))) if word in data]


def part_of_artifact(origins: Sequence[tuple[Path, SpecPart]], path: Path) -> SpecPart | None:
    """The part that the value at ``path`` of an artifact was made from; None when nothing says so."""
    parts = dict(origins)
    for length in range(len(path), -1, -1):
        part = parts.get(path[:length])
        if part is not None:
            return part_below(part, path[length:])
    return origins[0][1] if origins else None


class BuiltParts(ABC):
    """The parts of a spec by paths in what was built of its dashboard, in either schema.

    Args:
        settled: the dashboard before it was lowered.
        resolved: its document.
        data: what was built: its JSON, or the resource in schema v2.
    """

    def __init__(self, settled: SettledDashboard, resolved: Resolved, data: Json) -> None:
        self._settled = settled
        self._resolved = resolved
        self._data = data
        self._annotations = {one.annotation.name: one.path for one in settled.annotations}
        self._variables = [variable.path for variable in settled.variables]

    def __call__(self, path: Path) -> SpecPart:
        """The part that the value at ``path`` was made from."""
        item, length = self._item(path)
        return part_below(SpecPart(self._resolved, item), path[length:])

    @abstractmethod
    def _item(self, path: Path) -> tuple[Path, int]:
        """The part of the dashboard that a path is in, and how long the path to it is."""

    def _row_panels(self, row: SettledRow) -> dict[int, Path]:
        """The paths of a row's panels by their numbers in what was built."""
        # A number that `raw:` gives is the one in the built dashboard.
        return {one.panel.raw.get("id", one.id): one.path for one in row.panels}


class DashboardParts(BuiltParts):
    """The parts of a spec by paths in the JSON of its dashboard."""

    @cached_property
    def _panels(self) -> dict[int, Path]:
        """The paths of panels and rows by their numbers; most dashboards have no finding that needs them."""
        panels: dict[int, Path] = {}
        for row in self._settled.rows:
            if row.title is not None:
                panels[row.id] = row.path
            panels |= self._row_panels(row)
        return panels

    def _item(self, path: Path) -> tuple[Path, int]:
        """The panel, row, variable, annotation or link that a path is in, and how long the path to it is."""
        if path[:1] == ("panels",) and len(path) > 1:
            length = 4 if path[2:3] == ("panels",) and len(path) > 3 else 2
            return self._panel(path[:length]), length
        if path[:2] == ("templating", "list") and len(path) > 2:
            number = path[2]
            if isinstance(number, int) and number < len(self._variables):
                return self._variables[number], 3
            # Variables of sections come after those of the dashboard in the classic form.
            name = at(self._data, (*path[:3], "name"), None)
            moved = (one for row in self._settled.rows for one in row.variables)
            return next((one.path for one in moved if one.variable.name == name), ()), 3
        if path[:2] == ("annotations", "list") and len(path) > 2:
            name = at(self._data, (*path[:3], "name"), None)
            if name in self._annotations:
                return self._annotations[name], 3
        return (), 0

    def _panel(self, path: Path) -> Path:
        return self._panels.get(at(self._data, (*path, "id"), None), ())
