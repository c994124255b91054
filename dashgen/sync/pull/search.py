"""The search of pull: try edits of the specs, and keep those whose build is nearer to what Grafana has.

The compiler is never inverted. A change of resolved data can be written in several places of the specs
(`value_places`), and each of these edits in several ways (`document_edits`); the search builds one after the
other and compares the build with its goal, part by part. Dashboards and rule groups are two such searches,
which differ in how they build and compare.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import product
from typing import Generic, TypeAlias, TypeVar

from msgspec import Struct

from dashgen.core.json_values import JsonPath
from dashgen.sync.pull.data_changes import DataChange
from dashgen.sync.pull.document_edits import DocumentEdit, Texts, texts_after
from dashgen.sync.pull.value_origins import ScopedDocument
from dashgen.sync.pull.value_places import value_edits

Part: TypeAlias = tuple[str, str]
"""What is compared by itself: the uid of a dashboard and ``panel 7`` of it, or the kind and uid of a rule."""
Rest: TypeAlias = Mapping[Part, frozenset[JsonPath]]
"""The paths at which a build differs from its goal; parts that are the same are left out."""
Build = TypeVar("Build")
Name = TypeVar("Name")
_MOST_ALIKE = 12
"""How many edits of each change are tried when all changes take their first, second … edit together."""
_FEW_CHANGES = 3
_MOST_COMBINED = 24
"""How many combinations of the edits of few changes are tried."""


class CountedPaths(Enum):
    """What counts when a build is compared with its goal; the value is the keys that do not.

    Panels that come, go or move push all others down, so positions are looked at only when everything is in
    its row.
    """

    VALUES = frozenset({"gridPos", "row"})
    ROWS = frozenset({"gridPos"})
    EVERYTHING = frozenset[str]()


class SearchState(Struct, Generic[Build], frozen=True):
    """Spec texts, what they build to, and where that differs from the goal."""

    texts: Texts
    build: Build
    rest: Rest


class Search(ABC, Generic[Build]):
    """Spec texts on their way to a goal; a state that is set aside can be set again."""

    state: SearchState[Build]

    @abstractmethod
    def state_of(self, texts: Texts) -> SearchState[Build] | None:
        """What texts build to; nothing when something is wrong with them, or they change what has no goal."""

    @property
    def texts(self) -> Texts:
        """The texts as they are now."""
        return self.state.texts

    def attempt(
        self,
        edits: Sequence[DocumentEdit],
        focus: Iterable[Part],
        counted: CountedPaths = CountedPaths.EVERYTHING,
    ) -> bool:
        """Make edits if the build is nearer to its goal then; whether they were made.

        Args:
            edits: the edits, each of the text that those before it made.
            focus: the parts that may differ at other paths than before; all others only at fewer.
            counted: what counts.
        """
        parts = frozenset(focus)
        # All spellings are built and the best one is taken: of a shared value, for all or for one, both may
        # be nearer.
        states = [
            state
            for texts in texts_after(self.texts, edits)
            # An edit that writes what is there brings nothing nearer; a build would show the same at some
            # cost.
            if texts != self.texts
            and (state := self.state_of(texts)) is not None
            and _is_nearer(self.state.rest, state.rest, parts, counted)
        ]
        if states:
            self.state = min(states, key=lambda state: _distance(state.rest, counted))
        return bool(states)

    def attempt_changes(
        self,
        document: ScopedDocument,
        options: Iterable[Sequence[DataChange]],
        focus: Collection[Part],
        counted: CountedPaths = CountedPaths.EVERYTHING,
    ) -> bool:
        """Make the first of several lists of changes that brings the build nearer to its goal.

        Whether there was one.

        Args:
            document: the document that changes.
            options: the lists to try, the smallest first.
            focus: the parts that may differ at other paths than before.
            counted: what counts.
        """
        for changes in options:
            edits_of_changes = [value_edits(document, change.path, change.value) for change in changes]
            if edits_of_changes and all(edits_of_changes):
                for edits in _combinations(edits_of_changes):
                    if self.attempt(edits, focus, counted):
                        return True
        return False


def _combinations(edits_of_changes: list[list[DocumentEdit]]) -> Iterator[list[DocumentEdit]]:
    """One edit of each change, in the combinations that are worth a build.

    The number of builds is what a pull costs, so only of few changes every combination is tried.
    """
    lengths = list(map(len, edits_of_changes))
    # Changes that belong together, such as those of one panel in a loop, mostly need the same kind of edit.
    numbers = [
        tuple(min(number, length - 1) for length in lengths)
        for number in range(min(max(lengths), _MOST_ALIKE))
    ]
    if len(lengths) <= _FEW_CHANGES:
        # Those near the first edits of all come first, as these disturb least.
        every = sorted(product(*map(range, lengths)), key=lambda combination: (sum(combination), combination))
        numbers = [*every[:_MOST_COMBINED], *numbers]
    for combination in dict.fromkeys(numbers):
        yield [edits[number] for edits, number in zip(edits_of_changes, combination, strict=True)]


def _is_nearer(old: Rest, new: Rest, focus: frozenset[Part], counted: CountedPaths) -> bool:
    """Whether less differs than before, and outside of the focus nothing that did not differ."""
    before, after = without(old, counted.value), without(new, counted.value)
    spares_others = all(
        part in focus or paths <= before.get(part, frozenset()) for part, paths in after.items()
    )
    return spares_others and _distance(new, counted) < _distance(old, counted)


def is_nearer(old: Rest, new: Rest) -> bool:
    """Whether less differs than before, wherever that is, but for the places of panels."""
    return _distance(new, CountedPaths.ROWS) < _distance(old, CountedPaths.ROWS)


def _distance(rest: Rest, counted: CountedPaths) -> int:
    return sum(map(len, without(rest, counted.value).values()))


def without(
    rest: Mapping[Name, frozenset[JsonPath]], keys: Collection[str]
) -> dict[Name, frozenset[JsonPath]]:
    """What differs, part by part, but for the paths that begin with some keys."""
    counted = {
        part: frozenset(path for path in paths if not path or path[0] not in keys)
        for part, paths in rest.items()
    }
    return {part: paths for part, paths in counted.items() if paths}
