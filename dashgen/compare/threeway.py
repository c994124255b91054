"""Three-way comparison: our changes, theirs, and those of both."""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from dashgen.compare.change import Change, Detail, Path, What
from dashgen.compare.change_values import same_or_redacted
from dashgen.compare.engine import compare
from dashgen.formats.resources import Resources


class Side(StrEnum):
    """Who made a change.

    `BOTH` when both made the same, `CONFLICT` when they made different ones of one thing.
    """

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"
    CONFLICT = "conflict"


class SidedDetail(Struct, frozen=True):
    """A difference and who made it."""

    side: Side
    detail: Detail


class SidedChange(Struct, frozen=True):
    """A resource that at least one side changed since the base.

    ``side`` is `CONFLICT` as soon as one detail is, and `BOTH` as soon as both sides changed something, be it
    the same or
    not: each detail says its own.
    """

    side: Side
    ours: Change | None
    theirs: Change | None
    details: tuple[SidedDetail, ...] = ()

    @property
    def change(self) -> Change:
        """Our change, or theirs when there is none of ours.

        Raises:
            ValueError: there is neither.
        """
        change = self.ours or self.theirs
        if change is None:
            raise ValueError("a three-way change needs a change of one side")
        return change

    def of(self, side: Side) -> list[Detail]:
        """The differences that one side made."""
        return [sided.detail for sided in self.details if sided.side is side]


def classify(base: Resources, ours: Resources, theirs: Resources) -> list[SidedChange]:
    """The changes of both sides since a common base, resource by resource.

    Args:
        base: the common base, such as the last push.
        ours: the resources of the specs.
        theirs: the present resources, such as those of a running Grafana.
    """
    our_changes, their_changes = (
        {change.key: change for change in compare(base, side)} for side in (ours, theirs)
    )
    keys = dict.fromkeys([*our_changes, *their_changes])
    return [_sided(our_changes.get(key), their_changes.get(key)) for key in keys]


def _sided(ours: Change | None, theirs: Change | None) -> SidedChange:
    if ours is None or theirs is None:
        side = Side.THEIRS if ours is None else Side.OURS
        change = ours or theirs
        alone = change.details if change else ()
        return SidedChange(side, ours, theirs, tuple(SidedDetail(side, detail) for detail in alone))
    if ours.what in (What.CREATED, What.DELETED) or theirs.what in (What.CREATED, What.DELETED):
        return _whole(ours, theirs)
    details = tuple(_details(ours.details, theirs.details))
    conflict = any(sided.side is Side.CONFLICT for sided in details)
    return SidedChange(Side.CONFLICT if conflict else Side.BOTH, ours, theirs, details)


def _whole(ours: Change, theirs: Change) -> SidedChange:
    """The change of a resource that at least one side created or deleted, and both changed."""
    agreed = ours.what is theirs.what and (
        ours.what is What.DELETED or not compare(_only(ours), _only(theirs))
    )
    side = Side.BOTH if agreed else Side.CONFLICT
    details = [*ours.details, *([] if agreed else theirs.details)]
    return SidedChange(side, ours, theirs, tuple(SidedDetail(side, detail) for detail in details))


def _only(change: Change) -> Resources:
    return Resources([change.after] if change.after else [])


def _details(ours: tuple[Detail, ...], theirs: tuple[Detail, ...]) -> Iterator[SidedDetail]:
    taken: set[int] = set()
    for detail in ours:
        rivals = [(i, other) for i, other in enumerate(theirs) if _overlap(detail.path, other.path)]
        if not rivals:
            yield SidedDetail(Side.OURS, detail)
        elif all(
            other.path == detail.path and same_or_redacted(other.new, detail.new) for _, other in rivals
        ):
            taken |= {i for i, _ in rivals}
            yield SidedDetail(Side.BOTH, detail)
        else:
            yield SidedDetail(Side.CONFLICT, detail)
    for i, other in enumerate(theirs):
        if i not in taken:
            clash = any(_overlap(other.path, detail.path) for detail in ours)
            yield SidedDetail(Side.CONFLICT if clash else Side.THEIRS, other)


def _overlap(first: Path, second: Path) -> bool:
    """Whether one path is below the other, or is the other."""
    shared = min(len(first), len(second))
    return first[:shared] == second[:shared]
