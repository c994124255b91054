"""Changes of spec texts that are kept only when they bring the build nearer to what is wanted, and nothing else away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import groupby
from typing import Any

from dashgen.pull.anchors import apart
from dashgen.pull.leaves import Differing, Leaves, differing, leaves, panel_pairs, without
from dashgen.pull.order import ordered
from dashgen.pull.project import Building, BuiltDashboard, Project
from dashgen.spec.edit import Edit, EditError, edited
from dashgen.spec.provenance import Origin


@dataclass(frozen=True, slots=True)
class Spot:
    """A change of one document of a file."""

    file: str
    document: int
    edit: Edit


def spot(place: Origin, edit: Edit) -> Spot:
    """A change of the document that a place is in; a new word stands where people write it."""
    return Spot(place.document.file, place.document.index, ordered(place.document.data, edit))


class Counted(Enum):
    """What counts when a build is compared with its goal; the value is what does not."""

    VALUES = ("gridPos", "row")
    ROWS = ("gridPos",)
    EVERYTHING = ()


@dataclass(slots=True)
class Goal:
    """What a dashboard is to become.

    Attributes:
        uid: the dashboard.
        data: its JSON as it is wanted.
        ids: what its panels are called there, by the ids that they had when pulling began.
        wanted: the values of the wanted JSON.
        folder: the titles of the folder that it is to be in, with slashes.
    """

    uid: str
    data: Mapping[str, Any]
    ids: Mapping[int, int]
    wanted: Leaves
    folder: str = ""

    def rest(self, built: BuiltDashboard | None) -> Differing:
        """Where a build differs from it."""
        found = differing(leaves(built.data, self.ids) if built else {}, self.wanted)
        if built is not None and built.titles != self.folder:
            found["folder"] = frozenset(((),))
        return found


def goal(built: BuiltDashboard, wanted: Mapping[str, Any], folder: str) -> Goal:
    """The goal that a built dashboard becomes what is wanted, in the folder with these titles."""
    return Goal(built.uid, wanted, panel_pairs(built.data, wanted), leaves(wanted), folder)


@dataclass(frozen=True, slots=True)
class Kept:
    """A state of a patch."""

    texts: dict[str, str]
    building: Building
    rest: dict[str, Differing]


@dataclass(slots=True)
class Patch:
    """The texts of a project on their way to what is wanted."""

    project: Project
    texts: dict[str, str]
    building: Building
    goals: dict[str, Goal]
    rest: dict[str, Differing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rest = self._rest(self.building)

    def keep(self) -> Kept:
        """The state as it is now, for `restore`."""
        return Kept(self.texts, self.building, self.rest)

    def restore(self, kept: Kept) -> None:
        """Go back to a state."""
        self.texts, self.building, self.rest = kept.texts, kept.building, kept.rest

    def dashboard(self, uid: str) -> BuiltDashboard:
        """A dashboard as it is built now."""
        return self.building.dashboards[uid]

    def attempt(
        self, spots: Sequence[Spot], focus: Iterable[tuple[str, str]], counted: Counted = Counted.VALUES
    ) -> bool:
        """Make changes if the build is nearer to its goals then; whether they were made.

        Args:
            spots: the changes, each of the text that those before it made.
            focus: the parts, as dashboard and scope, that may differ in other ways than before.
            counted: what of a dashboard counts.
        """
        texts = self.edited(spots)
        if texts is None or texts == self.texts:
            return False
        building = self.project.built(texts)
        if building.problems or not self._spares_others(building):
            return False
        rest = self._rest(building)
        if not _is_nearer(self.rest, rest, frozenset(focus), counted):
            return False
        self.texts, self.building, self.rest = texts, building, rest
        return True

    def move(self, uid: str, spots: Sequence[Spot]) -> bool:
        """Write one dashboard in another way without asking whether that is nearer; whether it builds, as do all others."""
        texts = self.edited(spots)
        building = None if texts is None else self.project.built(texts)
        if texts is None or building is None or building.problems or not self._spares_others(building):
            return False
        rest = self._rest(building)
        if any(rest[other] != self.rest[other] for other in rest if other != uid):
            return False
        self.texts, self.building, self.rest = texts, building, rest
        return True

    def _rest(self, building: Building) -> dict[str, Differing]:
        return {uid: one.rest(building.dashboards.get(uid)) for uid, one in self.goals.items()}

    def edited(self, spots: Sequence[Spot]) -> dict[str, str] | None:
        """The texts after changes, each of the text that those before it made; nothing when they cannot be made."""
        texts = dict(self.texts)
        for (file, document), some in groupby(spots, key=lambda spot: (spot.file, spot.document)):
            if file not in texts:
                return None
            edits = [spot.edit for spot in some]
            made = _made(file, texts[file], document, edits)
            if made is None:
                made = _made(file, texts[file], document, apart(file, texts[file], document, edits))
            if made is None:
                return None
            texts[file] = made
        return texts

    def _spares_others(self, building: Building) -> bool:
        before, after = self.building.dashboards, building.dashboards
        return before.keys() == after.keys() and all(
            after[uid] is one or (after[uid].data == one.data and after[uid].folder == one.folder)
            for uid, one in before.items()
            if uid not in self.goals
        )


def _made(file: str, text: str, document: int, edits: list[Edit]) -> str | None:
    try:
        return edited(file, text, document, edits) if edits else None
    except EditError:
        return None


def _is_nearer(
    old: Mapping[str, Differing],
    new: Mapping[str, Differing],
    focus: frozenset[tuple[str, str]],
    counted: Counted,
) -> bool:
    before = after = 0
    for uid in new:
        one, other = (without(found, counted.value) for found in (old[uid], new[uid]))
        before += sum(map(len, one.values()))
        after += sum(map(len, other.values()))
        if not all(
            (uid, scope) in focus or paths <= one.get(scope, frozenset()) for scope, paths in other.items()
        ):
            return False
    return after < before
