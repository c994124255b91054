"""A use of something: who uses it, in which part, and where that stands."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from msgspec import Struct

from dashgen.core.diagnostics import Location, Span
from dashgen.model.settled_alerts import SettledAlert, SettledGroup, SettledRecord
from dashgen.project.contact_routes import RouteBook, RoutedAlert, routed_alerts
from dashgen.project.inspection import InspectedDashboard, Inspection
from dashgen.project.placed_queries import RECORDING, Asker, PlacedQuery, SeriesIndex, placed_queries
from dashgen.source.provenance import Resolved
from dashgen.source.source import Path

_NOWHERE = Span(0, 0, 0, 0)


class ImpactUse(Struct, frozen=True):
    """One use.

    Attributes:
        kind: what uses it, in the words of `dashgen list`, or `panel`, `row`, `variable`, `annotation`,
        `policy`.
        name: its name; of a part of a dashboard after the dashboard's uid.
        parent: the dashboard or rule group that it belongs to.
        part: which part of it, such as `query A`.
        location: where that is written.
        via: what leads from the subject to it, such as the recording rule whose series it reads.
    """

    kind: str
    name: str
    parent: str
    part: str
    location: Location
    via: tuple[str, ...] = ()


class ImpactProject(Struct, dict=True):
    """A project with what several kinds of subjects look at."""

    inspection: Inspection

    @cached_property
    def queries(self) -> list[PlacedQuery]:
        """Its queries."""
        return list(placed_queries(self.inspection))

    @cached_property
    def series(self) -> SeriesIndex:
        """Its queries by the series that they read."""
        return SeriesIndex(self.queries)

    @cached_property
    def book(self) -> RouteBook:
        """Its contact points, policies and mute timings."""
        return RouteBook(self.inspection.documents.of("Notifications"))

    @cached_property
    def alerts(self) -> list[RoutedAlert]:
        """Its alert rules with the ways of their alerts."""
        return routed_alerts(self.inspection)

    def location(self, query: PlacedQuery, offset: int) -> Location:
        """The location of a character of a query, computed once: many series lead to the same queries."""
        key = (id(query), offset)
        if key not in self._locations:
            self._locations[key] = query.location(offset)
        return self._locations[key]

    @cached_property
    def _locations(self) -> dict[tuple[int, int], Location]:
        # The queries live as long as the project, so their identities stay theirs.
        return {}


def query_use(query: PlacedQuery, location: Location, part: str = "", via: tuple[str, ...] = ()) -> ImpactUse:
    """A use by a query, or by a part of it."""
    asker = query.asker
    return ImpactUse(asker.kind, asker.name, asker.parent, part or query.role, location, via)


def rule_asker(rule: SettledAlert | SettledRecord, group: SettledGroup) -> Asker:
    """A rule as what uses something."""
    if isinstance(rule, SettledAlert):
        return Asker("alert-rule", rule.rule.alert, group.name)
    return Asker(RECORDING, rule.rule.record, group.name)


class PathOwners:
    """Finds the part of a dashboard that a path of its document belongs to."""

    def __init__(self, dashboard: InspectedDashboard) -> None:
        settled, uid = dashboard.settled, dashboard.settled.uid
        self._uid = uid
        self._parts: dict[Path, Asker] = {}
        for row in settled.rows:
            if row.title:
                self._parts[row.path] = Asker("row", f"{uid}/{row.title}", uid)
            for panel in row.panels:
                self._parts[panel.path] = Asker("panel", f"{uid}/{panel.key}", uid)
        for variable in settled.all_variables():
            self._parts[variable.path] = Asker("variable", f"{uid}/{variable.variable.name}", uid)
        for annotation in settled.annotations:
            self._parts[annotation.path] = Asker("annotation", f"{uid}/{annotation.annotation.name}", uid)

    def items(self) -> Iterable[tuple[Path, Asker]]:
        """Every part with its path."""
        return self._parts.items()

    def owner(self, path: Path) -> tuple[Asker, Path]:
        """The innermost part that a path belongs to, and the rest of the path."""
        for length in range(len(path), 0, -1):
            if (part := self._parts.get(path[:length])) is not None:
                return part, path[length:]
        return Asker("dashboard", self._uid, self._uid), path


def part_text(path: Path) -> str:
    """A path below a part as people write it: ``queries[0].legend``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def strings(value: object, path: Path = ()) -> Iterator[tuple[Path, str, bool]]:
    """Every text in plain data with its path, and whether it is a key."""
    if isinstance(value, dict):
        for key, part in value.items():
            if isinstance(key, str):
                yield (*path, key), key, True
            yield from strings(part, (*path, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from strings(part, (*path, number))
    elif isinstance(value, str):
        yield path, value, False


def location_of(resolved: Resolved, path: Path, *, is_key: bool = False) -> Location:
    """Where a value of a document, or its key, is written."""
    return resolved.origin(path).location(key=is_key)


def arranged(uses: Iterable[ImpactUse]) -> list[ImpactUse]:
    """The uses, each once: those of dashboards, of rules, then the others, in the order of their lines."""
    return sorted(dict.fromkeys(uses), key=_order)


_FIRST = (
    "dashboard",
    "row",
    "panel",
    "variable",
    "annotation",
    "recording-rule",
    "alert-rule",
    "report",
    "scaler",
)


def _order(use: ImpactUse) -> tuple[object, ...]:
    group = 0 if use.kind in _FIRST[:5] else 1 if use.kind in _FIRST[5:] else 2
    location = use.location
    return (group, use.parent, use.via, location.file, location.span or _NOWHERE, use.name, use.part)
