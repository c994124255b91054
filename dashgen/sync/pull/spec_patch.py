"""Changes of spec texts that are kept only when they bring the build nearer to what is wanted, and nothing else away."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import groupby
from typing import Any

from dashgen.formats.normal.grid_packing import packed
from dashgen.formats.panel_tree import every_panel
from dashgen.source.edit import Edit
from dashgen.source.provenance import Origin
from dashgen.sync.pull.anchored_values import spellings
from dashgen.sync.pull.editor_defaults import numbered, row_key
from dashgen.sync.pull.key_order import ordered
from dashgen.sync.pull.leaves import Differing, Leaves, differing, leaves, panel_pairs, without
from dashgen.sync.pull.pulled_project import Building, BuiltDashboard, PulledProject


@dataclass(frozen=True, slots=True)
class DocumentEdit:
    """A change of one document of a file."""

    file: str
    document: int
    edit: Edit


def spot(origin: Origin, edit: Edit) -> DocumentEdit:
    """A change of the document that a place is in; a new word stands where people write it."""
    return DocumentEdit(origin.document.file, origin.document.index, ordered(origin.document.data, edit))


class CountedPaths(Enum):
    """What counts when a build is compared with its goal; the value is what does not."""

    VALUES = frozenset({"gridPos", "row"})
    ROWS = frozenset({"gridPos"})
    EVERYTHING = frozenset[str]()


@dataclass(slots=True)
class Goal:
    """What a dashboard is to become.

    Attributes:
        uid: the dashboard.
        data: its JSON as it is wanted.
        ids: what its panels are called there, by the ids that they had when pulling began.
        wanted: the values of the wanted JSON.
        folder: the titles of the folder that it is to be in, with slashes.
        new: the panels and rows that no spec has, by their ids.
        keys: the keys that some of them need.
    """

    uid: str
    data: Mapping[str, Any]
    ids: Mapping[int, int]
    wanted: Leaves
    folder: str = ""
    new: frozenset[int] = frozenset()
    keys: Mapping[int, str] = field(default_factory=dict)
    _last: tuple[BuiltDashboard | None, Differing] | None = field(default=None, repr=False, compare=False)

    def rest(self, built: BuiltDashboard | None) -> Differing:
        """The paths where a build differs from the goal, by part; not to be changed by callers."""
        # An attempt builds one dashboard anew and keeps the objects of all others: those need no normal form again.
        if self._last is None or self._last[0] is not built:
            self._last = built, self._compare(built)
        return self._last[1]

    def _compare(self, built: BuiltDashboard | None) -> Differing:
        differences = differing(leaves(built.data, self.ids) if built else {}, self.wanted)
        if built is not None and built.titles != self.folder:
            differences["folder"] = frozenset(((),))
        return differences


def goal(built: BuiltDashboard, goal_data: Mapping[str, Any], folder: str) -> Goal:
    """The goal that a built dashboard becomes what is wanted, in the folder with these titles.

    Panels stand where Grafana packs them, and those that no spec has get the numbers that their keys give.
    """
    pairs = panel_pairs(built.data, goal_data)
    goal_ids = set(pairs.values())
    live_ids = _numbers(goal_data)
    taken = [row_key(row.title) for row in built.settled.rows if row.title is not None]
    taken += [panel.key for row in built.settled.rows for panel in row.panels]
    data, keys = numbered(packed(goal_data), live_ids - goal_ids, taken)
    return Goal(built.uid, data, pairs, leaves(data), folder, frozenset(_numbers(data) - goal_ids), keys)


def _numbers(data: Mapping[str, Any]) -> set[int]:
    """The ids of panels and rows."""
    every = every_panel(data.get("panels"))
    return {one["id"] for one in every if isinstance(one.get("id"), int)}


@dataclass(frozen=True, slots=True)
class PatchState:
    """A state of a patch."""

    texts: dict[str, str]
    building: Building
    rest: dict[str, Differing]


@dataclass(slots=True)
class Patch:
    """The texts of a project on their way to what is wanted."""

    project: PulledProject
    texts: dict[str, str]
    building: Building
    goals: dict[str, Goal]
    rest: dict[str, Differing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rest = self._rest(self.building)

    def keep(self) -> PatchState:
        """The state as it is now, for `restore`."""
        return PatchState(self.texts, self.building, self.rest)

    def restore(self, state: PatchState) -> None:
        """Go back to a state."""
        self.texts, self.building, self.rest = state.texts, state.building, state.rest

    def aim(self, uid: str, goal: Goal) -> None:
        """Give a dashboard another goal."""
        self.goals[uid] = goal
        self.rest = self._rest(self.building)

    def dashboard(self, uid: str) -> BuiltDashboard:
        """A dashboard as it is built now."""
        return self.building.dashboards[uid]

    def attempt(
        self,
        spots: Sequence[DocumentEdit],
        focus: Iterable[tuple[str, str]],
        counted: CountedPaths = CountedPaths.VALUES,
    ) -> bool:
        """Make changes if the build is nearer to its goals then; whether they were made.

        Args:
            spots: the changes, each of the text that those before it made.
            focus: the parts, as dashboard and scope, that may differ in other ways than before.
            counted: what of a dashboard counts.
        """
        nearer_states = [
            state for texts in self.edited(spots) if (state := self._nearer(texts, frozenset(focus), counted))
        ]
        if nearer_states:
            self.restore(min(nearer_states, key=lambda state: _size(state.rest, counted)))
        return bool(nearer_states)

    def _nearer(
        self, texts: dict[str, str], focus: frozenset[tuple[str, str]], counted: CountedPaths
    ) -> PatchState | None:
        """What texts build to, if that is nearer."""
        if texts == self.texts:
            # An edit that writes what was there brings nothing nearer; a build would show the same at some cost.
            return None
        building = self.project.built(texts)
        if building.problems or not self._spares_others(building):
            return None
        rest = self._rest(building)
        return PatchState(texts, building, rest) if _is_nearer(self.rest, rest, focus, counted) else None

    def move(self, uid: str, spots: Sequence[DocumentEdit]) -> bool:
        """Write one dashboard in another way without asking whether that is nearer; whether it builds, as do all others."""
        return any(self._is_moved(uid, texts) for texts in self.edited(spots))

    def _is_moved(self, uid: str, texts: dict[str, str]) -> bool:
        building = self.project.built(texts)
        if building.problems or not self._spares_others(building):
            return False
        rest = self._rest(building)
        if any(rest[other] != self.rest[other] for other in rest if other != uid):
            return False
        self.texts, self.building, self.rest = texts, building, rest
        return True

    def _rest(self, building: Building) -> dict[str, Differing]:
        return {uid: one.rest(building.dashboards.get(uid)) for uid, one in self.goals.items()}

    def edited(self, spots: Sequence[DocumentEdit]) -> Iterator[dict[str, str]]:
        """The texts after changes, each of the text that those before it made, in every way in which they can be written."""
        groups = [
            (*document_key, [spot.edit for spot in some])
            for document_key, some in groupby(spots, key=lambda spot: (spot.file, spot.document))
        ]
        yield from _written(self.texts, groups)

    def _spares_others(self, building: Building) -> bool:
        before, after = self.building.dashboards, building.dashboards
        return before.keys() == after.keys() and all(
            after[uid] is one or (after[uid].data == one.data and after[uid].folder == one.folder)
            for uid, one in before.items()
            if uid not in self.goals
        )


def _written(texts: dict[str, str], groups: list[tuple[str, int, list[Edit]]]) -> Iterator[dict[str, str]]:
    if not groups:
        yield texts
        return
    file, document, edits = groups[0]
    if file in texts:
        for text in spellings(file, texts[file], document, edits):
            yield from _written({**texts, file: text}, groups[1:])


def _size(rest: Mapping[str, Differing], counted: CountedPaths) -> int:
    return sum(
        len(paths) for differences in rest.values() for paths in without(differences, counted.value).values()
    )


def _is_nearer(
    old: Mapping[str, Differing],
    new: Mapping[str, Differing],
    focus: frozenset[tuple[str, str]],
    counted: CountedPaths,
) -> bool:
    for uid in new:
        one, other = (without(differences, counted.value) for differences in (old[uid], new[uid]))
        if not all(
            (uid, scope) in focus or paths <= one.get(scope, frozenset()) for scope, paths in other.items()
        ):
            return False
    return _size(new, counted) < _size(old, counted)
